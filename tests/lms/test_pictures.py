"""Pictures of pages are served; nothing else of the media folder is."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

pytestmark = pytest.mark.django_db


def put(name: str, text: bytes = b"x") -> str:
    file = Path(settings.MEDIA_ROOT) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text)
    return name


def test_a_rendition_is_served_as_what_it_is():
    image = Image.objects.create(title="Lớp học", file=get_test_image_file())
    response = Client().get(image.get_rendition("width-200").url)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("folder", ["documents", "original_images", "evidence"])
def test_nothing_beside_pictures_is_served(folder):
    name = put(f"{folder}/secret.pdf")
    assert Client().get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize("way", ["../documents/secret.pdf", "%2e%2e/documents/secret.pdf", "."])
def test_no_way_leads_out_of_the_pictures(way):
    put("documents/secret.pdf")
    put("images/a.png")
    assert Client().get(f"/media/images/{way}").status_code in (400, 404)


def test_a_name_longer_than_any_file_is_not_found():
    put("images/a.png")
    assert Client().get(f"/media/images/{'a' * 300}.png").status_code == 404
