"""Each block of a lesson renders what it says, and shows itself to authors."""

from __future__ import annotations

import pytest
from django.utils.html import strip_tags

from cms_pages.blocks import LESSON_BLOCKS, LegalBasisBlock

BLOCKS = dict(LESSON_BLOCKS)
SAYS = {
    "paragraph": "dưới 16 tuổi",
    "bullets": "<ol><li><p>sống còn</p></li>",
    "table": '<th scope="col">Cách dạy</th>',
    "key_points": "Không hứa giữ bí mật",
    "case": "Xem gợi ý xử lý</summary>",
    "practice": "mô tả khách quan",
    "side_note": "Luật Trẻ em 2016, Điều 51",
    "callout": "notice--bad",
    "hotline": 'href="tel:111"',
}


def test_every_block_is_tried_here():
    assert SAYS.keys() == BLOCKS.keys()


@pytest.mark.parametrize("name", BLOCKS)
def test_renders_its_own_preview(name):
    block = BLOCKS[name]
    html = block.render(block.get_preview_value())
    assert SAYS[name] in html
    assert "style=" not in html


@pytest.mark.parametrize("name", BLOCKS)
def test_is_grouped_labelled_and_described(name):
    meta = BLOCKS[name].meta
    assert meta.group
    assert meta.label
    assert meta.description


def test_a_case_asks_before_it_unfolds():
    block = BLOCKS["case"]
    html = block.render(block.get_preview_value())
    assert html.index("Nên làm gì trước tiên?") < html.index("<details>") < html.index("lắng nghe")
    assert "Tình huống (tiểu học)" in html


def test_a_legal_basis_is_one_line():
    block = LegalBasisBlock()
    value = block.to_python({"document": "Luật Trẻ em", "abbreviation": "LTE", "dates": "2016"})
    text = " ".join(strip_tags(block.render(value)).split())
    assert text == "Luật Trẻ em (LTE) 2016"
