"""Whatever somebody typed into a name or a title, the certificate can be printed."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader

from certificates.pdf.setting import render_pdf
from tests.certificates.builders import certify, make_short_run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("title", ["Hè 🎉", "夏天", "ខ្មែរ", "Hè\u0007 \u200b2026", "“Hè” – 2026…"])
def test_a_title_with_letters_that_the_typeface_lacks(title, learner, city):
    run = make_short_run(city.school)
    run.title = title
    run.save()
    certificate = certify(learner, run)
    pages = PdfReader(BytesIO(render_pdf(certificate))).pages
    assert len(pages) == 1
    assert learner.full_name.upper() in pages[0].extract_text().upper()
