"""From lines to headed sections, and from a section to its labelled parts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .errors import LineError
from .inline import has_stray_asterisk
from .lines import Line

_LABELLED = re.compile(
    r"\*\*(?P<label>[^*(:]+?)(?: \((?P<note>[^*()]+)\))?(?P<colon>:)?\*\*(?: (?P<text>\S.*))?"
)


@dataclass(slots=True)
class Section:
    """A heading line and what follows it, up to the next heading."""

    heading: Line
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """`**label (note):** text` and the lines below it, up to the next label."""

    line: int
    label: str
    note: str | None
    text: str
    has_colon: bool
    lines: list[Line] = field(default_factory=list)

    def only_text(self) -> str:
        """The one line of text, when there is exactly that."""
        self.text_before_lines()
        if self.lines:
            raise LineError(
                self.lines[0].number,
                f"Dòng không thuộc mục nào: “{self.label}” chỉ có một dòng; hãy nối vào dòng trên "
                "hoặc xóa đi.",
            )
        return self.text

    def text_before_lines(self) -> str:
        if not self.has_colon:
            raise LineError(self.line, f"Thiếu dấu hai chấm; hãy viết “**{self.label}:** …”.")
        if not self.text:
            raise LineError(self.line, f"Mục “{self.label}” chưa có nội dung; hãy viết sau nhãn.")
        return self.text

    def only_lines(self, *, colon: bool) -> list[Line]:
        """The lines below the label, when it has some and nothing beside it."""
        form = f"**{self.label}:**" if colon else f"**{self.label}**"
        if self.has_colon != colon or self.text:
            raise LineError(self.line, f"Nhãn này đứng một mình trên dòng; hãy viết đúng “{form}”.")
        if not self.lines:
            raise LineError(
                self.line, f"Mục “{self.label}” chưa có nội dung; hãy viết ở dòng dưới."
            )
        return self.lines


def split_sections(lines: Iterable[Line]) -> list[Section]:
    sections: list[Section] = []
    for line in lines:
        if line.text.startswith("#"):
            sections.append(Section(line))
        elif sections:
            sections[-1].lines.append(line)
        else:
            raise LineError(line.number, "Tệp phải bắt đầu bằng tiêu đề “# KHn. Tên chuyên đề”.")
    return sections


def parts_of(
    section: Section, *, expected: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Part]:
    """The parts by label; refuses unknown, repeated, misplaced and missing ones.

    `expected` is the order in which all labels must come, `optional` those of them that may lack.
    """
    found: dict[str, Part] = {}
    for part in _split_parts(section):
        _check_place(part, found, expected)
        found[part.label] = part
    for label in expected:
        if label not in found and label not in optional:
            raise LineError(section.heading.number, f"Thiếu mục “{label}”; hãy thêm vào.")
    return found


def split_list(line: int, text: str, separator: str = "; ") -> tuple[str, ...]:
    """The items of a one-line list; none may be empty or break its markup."""
    items = tuple(text.split(separator))
    for item in items:
        if not item or item != item.strip(separator):
            raise LineError(line, f"Danh sách có phần trống; cách các phần bằng “{separator}”.")
        if has_stray_asterisk(item):
            raise LineError(line, f"Chữ đậm hoặc nghiêng vắt qua dấu “{separator}”; hãy tách ra.")
    return items


def _split_parts(section: Section) -> list[Part]:
    parts: list[Part] = []
    for line in section.lines:
        labelled = _LABELLED.fullmatch(line.text)
        if labelled:
            parts.append(_part(line, labelled))
        elif line.text.startswith("**"):
            raise LineError(line.number, "Nhãn viết sai; hãy viết “**Nhãn:** nội dung”.")
        elif not parts:
            raise LineError(line.number, "Dòng không thuộc mục nào; hãy viết sau một nhãn.")
        else:
            parts[-1].lines.append(line)
    return parts


def _part(line: Line, labelled: re.Match[str]) -> Part:
    return Part(
        line=line.number,
        label=labelled["label"],
        note=labelled["note"],
        text=labelled["text"] or "",
        has_colon=labelled["colon"] is not None,
    )


def _check_place(part: Part, found: dict[str, Part], expected: Sequence[str]) -> None:
    if part.label not in expected:
        raise LineError(
            part.line,
            f"Nhãn “{part.label}” không dùng ở đây; các nhãn được dùng: {', '.join(expected)}.",
        )
    if part.label in found:
        raise LineError(part.line, f"Mục “{part.label}” bị lặp; hãy giữ lại một.")
    later = [label for label in expected[expected.index(part.label) :] if label in found]
    if later:
        raise LineError(part.line, f"Mục “{part.label}” đặt sai chỗ; hãy đặt trước “{later[0]}”.")
