"""Inline markup becomes HTML that can hold nothing else."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms_pages.content_format import inline_html

# Dense in what could go wrong.
marked_texts = st.text(st.sampled_from("*<>&\"'; /bià"), max_size=40)


class TestInlineHtml:
    @pytest.mark.parametrize(
        ("text", "html"),
        [
            ("gọi **111** ngay", "gọi <b>111</b> ngay"),
            ("*Bắt nạt*: lặp lại", "<i>Bắt nạt</i>: lặp lại"),
            ("**đậm** và *nghiêng*", "<b>đậm</b> và <i>nghiêng</i>"),
            ("5 < 6 & 7 > 6", "5 &lt; 6 &amp; 7 &gt; 6"),
            ("**a < b**", "<b>a &lt; b</b>"),
            ('nói "không"', 'nói "không"'),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("2 * 3 * 4", "2 * 3 * 4"),
            ("** không **", "** không **"),
        ],
    )
    def test_marks_bold_and_italic_and_escapes_the_rest(self, text, html):
        assert inline_html(text) == html

    @given(marked_texts)
    def test_holds_no_tag_but_bold_and_italic(self, text):
        tags = re.findall(r"<[^>]*>?", inline_html(text))
        assert set(tags) <= {"<b>", "</b>", "<i>", "</i>"}

    @given(marked_texts)
    def test_closes_each_tag_before_the_next_opens(self, text):
        tags = re.findall(r"</?[bi]>", inline_html(text))
        assert all(
            shut == opened.replace("<", "</")
            for opened, shut in zip(tags[::2], tags[1::2], strict=True)
        )

    @given(marked_texts)
    def test_keeps_every_letter(self, text):
        shown = unescape(re.sub(r"</?[bi]>", "", inline_html(text)))
        assert shown.replace("*", "") == text.replace("*", "")
