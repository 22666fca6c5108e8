"""Every address of the system, room by room. Wagtail's pages come last."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from lms import views
from lms.styleguide import styleguide
from people.views.signing_in import LogoutView
from reports.api import api

handler400 = "lms.errors.bad_request"
handler500 = "lms.errors.server_error"

urlpatterns = [
    path("favicon.ico", views.favicon),
    path("media/images/<path:path>", views.picture, name="picture"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include("people.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("support/", views.support, name="support"),
    path("", include("lms.administration.urls")),
    path("learn/<uuid:key>/", views.learn, name="learn"),
    path("", include("courses.urls")),
    path("quiz/", include("activities.quiz.urls")),
    path("", include("certificates.urls")),
    path("", include("reports.urls")),
    path("api/", api.urls),
    # Wagtail has two sign-in pages of its own; neither may be a second, weaker door.
    path("admin/login/", views.admin_sign_in),
    path("admin/password_reset/", views.admin_sign_in),
    path("_util/login/", views.admin_sign_in),
    # Wagtail's own ends the session at any link that leads to it.
    path("admin/logout/", LogoutView.as_view()),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("", include("cms_pages.urls")),
]
