"""Mounted at the root: a printed certificate's address should be short."""

from django.urls import path

from certificates import views

app_name = "certificates"

urlpatterns = [
    path("verify/", views.look_up, name="verify"),
    # Whatever stands there is looked up: a register number, with its slashes, is "unknown" too.
    path("verify/<path:code>/", views.verify, name="verify"),
    path("certificates/<uuid:certificate_id>.pdf", views.download, name="download"),
]
