"""From the bytes of a text file to its text, in the encodings that schools save in.

UTF-8, UTF-16 with its mark, and the Vietnamese code page of old Windows, which writes a letter and
its tone one after the other. What gives no plausible Vietnamese is refused, not guessed at.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from django.utils.translation import gettext as _

from people.sheets.table import SheetError

UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
OLD_VIETNAMESE = "cp1258"
VOWELS, TONES = "aăâeêioôơuưy", "\u0300\u0309\u0303\u0301\u0323"
_LOWER = {unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES}
_LOWER |= set("ăâđêôơư")
VIETNAMESE_LETTERS = frozenset(_LOWER | {letter.upper() for letter in _LOWER})
PLAUSIBLE_SIGNS = frozenset("’‘“”–—…\N{NO-BREAK SPACE}")
LOST_LETTER = re.compile(r"[^\W\d_]\?|\?[^\W\d_]")


def decoded(content: bytes) -> str:
    if content.startswith(UTF_16_MARKS):
        return _without_nulls(_utf_16(content))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in content:
            raise not_text() from error
        text = _old_vietnamese(content)
        if not text:
            raise _unknown(error.start) from error
    return _without_nulls(text)


def not_text() -> SheetError:
    return SheetError(_("Tệp không phải văn bản CSV: hãy lưu lại thành .xlsx hoặc CSV UTF-8."))


def _utf_16(content: bytes) -> str:
    try:
        return content.decode("utf-16")
    except UnicodeDecodeError as error:
        raise SheetError(
            _("Tệp UTF-16 hỏng hoặc bị cắt ngang: hãy xuất lại tệp rồi nhập lại.")
        ) from error


def _without_nulls(text: str) -> str:
    if "\0" in text:
        raise not_text()
    return text


def _unknown(position: int) -> SheetError:
    return SheetError(
        _(
            "Tệp không ở bảng mã UTF-8 (gần vị trí %(position)s): trong Excel hãy chọn Lưu "
            "thành → CSV UTF-8, hoặc lưu thành .xlsx."
        )
        % {"position": position}
    )


def _old_vietnamese(content: bytes) -> str:
    """Blank unless all of it is plausible: other code pages come out as signs amid words."""
    try:
        text = unicodedata.normalize("NFC", content.decode(OLD_VIETNAMESE))
    except UnicodeDecodeError:
        return ""
    strange = {c for c in text if not c.isascii()} - VIETNAMESE_LETTERS - PLAUSIBLE_SIGNS
    return "" if strange or LOST_LETTER.search(text) else text
