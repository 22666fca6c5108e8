"""Names typed for the fonts of before Unicode: TCVN3 (".VnTime") and VNI.

They look right only in their font; what is stored is other letters, such as "NguyÔn V¨n" or
"Nguyeãn Vaên". Unreadable anywhere else, so they are refused instead of imported.
"""

from __future__ import annotations

import re
import unicodedata

# Signs that no name holds: TCVN3 keeps letters there. So does UTF-8 that was read as Latin-1.
SIGNS = "[\u00a1-\u00b6\u00b8-\u00bf]"
# A capital that only an old font would put behind a small letter: "NguyÔn", "ThÞ".
CAPITAL_INSIDE = "(?<=[a-zà-ÿ])[À-ÖØ-ß]"
# VNI writes the marks behind the vowel, as letters of their own: "eã", "aê", "oï", "uû". What
# Unicode also writes, such as "oà", is no sign.
MARK_BEHIND = "(?i:a[êâéèúüëáàåãäùøûõï]|e[âáàåãäùøûõï]|o[âåäïøûõù]|[uy][øûõïù]|[öô][ùøûõïôòö])"
STRANGE = re.compile(f"{SIGNS}|{CAPITAL_INSIDE}|{MARK_BEHIND}|\\b[Ññ]")
UNICODE_ONLY = re.compile("[ăĂđĐĩĨũŨơƠưƯ\u1ea0-\u1ef9]")


def is_of_an_old_font(name: str) -> bool:
    """Whether anything in the name can only come of an old font."""
    if name.isascii():
        return False
    composed = unicodedata.normalize("NFC", name)
    return STRANGE.search(composed) is not None


def is_unicode(name: str) -> bool:
    """Whether the name holds a Vietnamese letter that the old fonts had no place for."""
    return UNICODE_ONLY.search(unicodedata.normalize("NFC", name)) is not None
