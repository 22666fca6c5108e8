"""Every address of the system, room by room. Wagtail's pages come last."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms import views

urlpatterns = [
    path("favicon.ico", views.favicon),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("accounts/", include("people.urls")),
    path("learn/<uuid:key>/", views.learn, name="learn"),
    path("", include("courses.urls")),
    path("quiz/", include("activities.quiz.urls")),
    path("", include("certificates.urls")),
    path("", include("reports.urls")),
    # Wagtail has two sign-in pages of its own; neither may be a second, weaker door.
    path("admin/login/", views.admin_sign_in),
    path("admin/password_reset/", views.admin_sign_in),
    path("_util/login/", views.admin_sign_in),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms_pages.urls")),
]
