"""How much text a workbook holds once each cell has its own copy of the string it points at."""

from __future__ import annotations

import re
import zipfile
from collections import Counter

STRING_CELL = re.compile(rb' t="s"[^>]*>(?:<f[^>]*?(?:/>|>[^<]*</f>))?<v>([0-9]{1,7})</v>')
STRINGS = re.compile(rb"<sst[\s>/]")
BEGINNING = 2000  # bytes, in which a part says what it is


def text_bytes(archive: zipfile.ZipFile) -> int:
    """Of its fullest sheet. Strings of other dialects than the plain one count as the longest."""
    lengths: list[int] = []
    sheets: list[Counter[bytes]] = []
    for entry in archive.infolist():
        content = archive.read(entry)
        if STRINGS.search(content[:BEGINNING]):
            lengths = [len(each) for each in content.split(b"</si>")]
        elif b' t="s"' in content:
            sheets.append(Counter(STRING_CELL.findall(content)))
    longest = max(lengths, default=0)
    return max((_bytes(counts, lengths, longest) for counts in sheets), default=0)


def _bytes(counts: Counter[bytes], lengths: list[int], longest: int) -> int:
    total = 0
    for index, count in counts.items():
        place = int(index)
        total += count * (lengths[place] if place < len(lengths) else longest)
    return total
