"""Mounted at the root, last: whatever no other room claims is a page."""

from django.urls import include, re_path
from wagtail import urls as wagtail_urls

from cms_pages import views

urlpatterns = [
    re_path(wagtail_urls.serve_pattern, views.serve),
    re_path("", include(wagtail_urls)),
]
