"""From the editor's rich text to one line of the content format."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import groupby

from django.utils.translation import gettext as _

from cms_pages.exporting.findings import Findings
from cms_pages.loading.sources import sentence, sentences

BOLD, ITALIC, PLAIN = "**", "*", ""
_MARKS = {"b": BOLD, "strong": BOLD, "i": ITALIC, "em": ITALIC}
_BLOCKS = {"p", "li", "h2", "h3", "h4"}
_LISTS = {"ul", "ol"}

Run = tuple[str, str]  # text and mark


class PageText:
    """Reads the texts of one page and notes what of them the format can't hold."""

    def __init__(self, page: str, findings: Findings) -> None:
        self.page = page
        self.findings = findings

    def line(self, html: str) -> str:
        """Everything as one line; paragraphs and list items run together."""
        lines, tags = self._read(html)
        if len(lines) > 1 or tags & _LISTS:
            self.findings.lose(
                self.page, _("đoạn văn, danh sách trong một mục được nối thành một dòng")
            )
        return " ".join(lines)

    def items(self, html: str) -> list[str]:
        """The items of a list, or the paragraphs."""
        return self._read(html)[0]

    def plain(self, text: str) -> str:
        """A text without markup; an asterisk would be read as some."""
        if "*" in text:
            self.findings.refuse(
                self.page, _("có dấu * trong chữ, mà tệp dùng dấu * để đánh dấu chữ đậm; hãy bỏ đi")
            )
        return " ".join(_visible(text).split())

    def _read(self, html: str) -> tuple[list[str], set[str]]:
        reader = _Reader()
        reader.feed(html)
        reader.close()
        if "a" in reader.tags:
            self.findings.lose(self.page, _("liên kết (chữ của liên kết vẫn còn)"))
        if reader.is_both:
            self.findings.lose(self.page, _("chữ vừa đậm vừa nghiêng chỉ còn đậm"))
        for tag in sorted(reader.tags - {"a", "br", *_MARKS, *_LISTS, "p", "li"}):
            self.findings.lose(self.page, _("định dạng <%(tag)s>") % {"tag": tag})
        lines = [self._marked(runs) for runs in reader.blocks]
        return [line for line in lines if line], reader.tags

    def _marked(self, runs: Sequence[Run]) -> str:
        pieces = []
        for mark, same in groupby(runs, key=lambda run: run[1]):
            text = "".join(text for text, _mark in same)
            self.plain(text)
            pieces.append(_with_mark(_visible(text), mark))
        return " ".join("".join(pieces).split())


def as_written(texts: Sequence[str], known: Sequence[str] | None) -> tuple[str, ...]:
    """The items in the file's own words where they still say the same: “nêu …” for “Nêu …”."""
    if known and sentences(known) == list(texts):
        return tuple(known)
    return tuple(sentences(texts))


def line_as_written(text: str, known: str | None) -> str:
    return known if known and sentence(known) == text else sentence(text)


class _Reader(HTMLParser):
    """Gathers blocks of runs of text, each with its mark."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[Run]] = []
        self.tags: set[str] = set()
        self.is_both = False
        self._marks: list[str] = []
        self._is_open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in _MARKS:
            self._marks.append(_MARKS[tag])
        elif tag in _BLOCKS:
            self._open()
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _MARKS and _MARKS[tag] in self._marks:
            self._marks.remove(_MARKS[tag])
        elif tag in _BLOCKS:
            self._is_open = False

    def handle_data(self, data: str) -> None:
        if not self._is_open:
            if not data.strip():
                return
            self._open()
        self.is_both = self.is_both or len(set(self._marks)) > 1
        mark = BOLD if BOLD in self._marks else ITALIC if self._marks else PLAIN
        self.blocks[-1].append((data, mark))

    def _open(self) -> None:
        self.blocks.append([])
        self._is_open = True


def _with_mark(text: str, mark: str) -> str:
    """Blanks stay outside the marks."""
    core = text.strip()
    if not core or not mark:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}{mark}{core}{mark}{after}"


def _visible(text: str) -> str:
    """In NFC, every blank an ordinary one, and nothing that no one sees."""
    return "".join(_characters(unicodedata.normalize("NFC", text)))


def _characters(text: str) -> Iterator[str]:
    for character in text:
        category = unicodedata.category(character)
        if category.startswith("Z") or character in "\n\r\t":
            yield " "
        elif not category.startswith("C"):
            yield character
