"""From text to clean lines: what no line of a content file may hold."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import LineError, Problems
from .inline import has_stray_asterisk

# `---` separates blocks for the eye, as a blank line does.
_SEPARATORS = ("", "---")
_HTML = re.compile(r"<[A-Za-z/!]|&#?\w+;")


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    text: str


def read_text(path: Path) -> str:
    """The file as it is, CRLF and byte order mark included, for `character_faults` to find.

    Raises LineError when it can't be read as UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise LineError(
            1, "Không tìm thấy tệp; hãy thêm tệp hoặc sửa tên trong course.toml."
        ) from None
    except UnicodeDecodeError:
        raise LineError(1, "Tệp không phải UTF-8; hãy lưu lại với bảng mã UTF-8.") from None


def read_lines(text: str, problems: Problems) -> list[Line]:
    """The lines that say something, numbered; every fault of every line is noted."""
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), start=1)]
    for line in lines:
        for message in (*character_faults(line.text), *_markup_faults(line.text)):
            problems.add(LineError(line.number, message))
    return [line for line in lines if line.text not in _SEPARATORS]


def character_faults(line: str) -> Iterator[str]:
    """Messages for what would be invisible on the screen and different to the machine."""
    if line.endswith("\r"):
        yield "Dòng kết thúc kiểu Windows (CRLF); hãy lưu tệp với kết thúc dòng LF."
        line = line[:-1]
    if "\t" in line:
        yield "Có dấu tab; hãy thay bằng dấu cách."
    if line != line.rstrip():
        yield "Có dấu cách thừa ở cuối dòng; hãy xóa đi."
    if not unicodedata.is_normalized("NFC", line):
        yield "Chữ có dấu chưa ở dạng Unicode dựng sẵn (NFC); hãy chuyển rồi lưu lại."
    hidden = {f"U+{ord(character):04X}" for character in line if _is_hidden(character)}
    if hidden:
        yield f"Có ký tự ẩn ({', '.join(sorted(hidden))}); hãy xóa hoặc thay bằng dấu cách thường."


def _is_hidden(character: str) -> bool:
    category = unicodedata.category(character)
    odd_blank = category.startswith("Z") and character != " "
    return odd_blank or (category.startswith("C") and character != "\t")


def _markup_faults(line: str) -> Iterator[str]:
    if "[" in line or "]" in line:
        yield (
            "Còn ngoặc vuông (dấu rà soát hoặc liên kết); hãy giải quyết chỗ cần rà soát "
            "rồi xóa ngoặc."
        )
    if _HTML.search(line):
        yield "Có mã HTML; chỉ dùng **đậm** và *nghiêng*, hãy xóa mã."
    if line.startswith("#") and "*" in line:
        yield "Tiêu đề không dùng chữ đậm hay nghiêng; hãy xóa dấu *."
    elif has_stray_asterisk(line):
        yield (
            "Dấu * không đi thành cặp; viết **đậm** hoặc *nghiêng*, không lồng nhau, không có "
            "dấu cách sát bên trong."
        )
