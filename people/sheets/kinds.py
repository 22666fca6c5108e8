"""Files that are something else than a table, told by how they begin."""

from __future__ import annotations

# JPEG, PNG, GIF, TIFF, BMP; WebP and HEIC, the phones' own, name themselves a little later.
PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
CONTAINED = {b"RIFF": (0, 8, (b"WEBP",)), b"ftyp": (4, 8, (b"hei", b"mif1", b"avif"))}


def is_picture(content: bytes) -> bool:
    """A photograph of a list, or a scanned one."""
    if content.startswith(PICTURES):
        return True
    return any(
        content.startswith(mark, place) and content.startswith(kinds, kind_at)
        for mark, (place, kind_at, kinds) in CONTAINED.items()
    )
