"""Find words that people would read and that nobody marked for translation.

In templates: any word in the text or in an attribute that is read out. In Python: any string with
Vietnamese letters, unless it is a docstring or listed below as something other than interface.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, Token, TokenType
from msgids import KEYWORDS

VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ\u1ea0-\u1ef9]")
WORD = re.compile(r"[^\W\d_]{2,}")
MARKED = re.compile(r"_\((?:\"[^\"]*\"|'[^']*')\)")
READ_OUT = {"alt", "aria-label", "label", "placeholder", "title"}
SAME_IN_BOTH = {"English", "Tiếng", "Việt", "PDF", "CSV", "XLSX", "DOCX", "Excel", "Wagtail"}
TRANSLATING = {"translate", "trans", "blocktranslate", "blocktrans"}

# Commands are for whoever runs the machine, and content files for whoever wrote them: both stay
# Vietnamese. The rest is data. A path ends in "/" (a folder), or names a file; after "::", what
# the string is given to or defined in.
NOT_INTERFACE = {
    "lms/demo/": "names of an invented district",
    "lms/templates/lms/styleguide.html": "specimens of type",
    "lms/styleguide.py": "specimens",
    "people/templates/people/_next.html": "part of an address",
    "lms/templatetags/lms_tags.py::COMPOUNDS": "words of titles",
    "lms/settings/": "the site's own name and issuer",
    "*/management/": "commands",
    "cms_pages/content_format/": "words and mistakes of content files",
    "cms_pages/loading/": "what load_content writes and reports",
    "cms_pages/publishing/drift.py": "what sync_catalogue --check reports",
    "cms_pages/blocks.py::preview_value": "an example in the editor's picture of a block",
    "cms_pages/blocks.py::default": "what a new block says until it is edited",
    "certificates/wording.py": "certificates are Vietnamese",
    "certificates/pdf/": "certificates are Vietnamese",
    "certificates/services/record_rows.py::NAMES": "names of columns",
    "people/imports/asides.py": "titles between the rows of lists",
    "people/imports/columns.py": "names of columns and values",
    "people/imports/headings.py::MARKS": "names of columns",
    "people/imports/marks.py::FEMALE": "values as lists write them",
    "people/imports/marks.py::BOTH_MARKED": "read, never shown",
    "people/imports/old_fonts.py": "letters",
    "people/imports/positions.py": "names of positions",
    "people/imports/samples.py": "a list as it is read",
    "people/imports/roster_rows.py::GROUPS": "values as they are typed",
    "people/imports/roster_rows.py::examples": "values as they are typed",
    "people/imports/widgets.py::IN_WORDS": "days as they are typed",
    "people/imports/unit_rows.py::examples": "values as they are typed",
    "people/models/user.py::Language": "each language by its own name",
    "people/names.py": "the alphabet",
    "people/pdf/": "slips are Vietnamese",
    "people/roster_sheet.py": "columns that an import reads back",
    "people/sheets/encodings.py": "letters",
    "people/trainers.py::TRAINERS": "the name of a group",
    "people/views/structure.py::HEADINGS": "columns that an import reads back",
    "people/views/structure.py::SHEET": "columns that an import reads back",
    "activities/quiz/services/questions.py::TRUE_TEXT": "stored with a question",
    "reports/services/targets.py": "titles of targets, stored",
    "reports/api/app.py::title": "the description of the API is Vietnamese",
    "reports/api/app.py::description": "the description of the API is Vietnamese",
    "reports/documents/": "reports are Vietnamese",
}


def unwrapped(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        if "" in allowances_of(path):
            continue
        find = _in_python if path.suffix == ".py" else _in_template
        for line, words in find(path):
            yield f"{path}:{line}: not marked for translation: {' '.join(words.split())[:70]!r}"


# Python ------------------------------------------------------------------------------------------


def _in_python(path: Path) -> Iterator[tuple[int, str]]:
    yield from _strings(ast.parse(path.read_text(encoding="utf-8")), allowances_of(path))


def allowances_of(path: Path) -> set[str]:
    """What the strings of a file may be given to, unmarked; "" is anything."""
    allowed = set()
    for entry in NOT_INTERFACE:
        place, _, name = entry.partition("::")
        if place.startswith("*"):
            matches = place[1:] in f"/{path.as_posix()}"
        else:
            matches = path.as_posix() == place or (
                place.endswith("/") and path.as_posix().startswith(place)
            )
        if matches:
            allowed.add(name)
    return allowed


def _strings(node: ast.AST, allowed: set[str]) -> Iterator[tuple[int, str]]:
    if _is_docstring(node) or _is_marked(node) or allowed & _names_of(node):
        return
    match node:
        case ast.Constant(value=str(text), lineno=line) if VIETNAMESE.search(text):
            yield line, text
    for child in ast.iter_child_nodes(node):
        yield from _strings(child, allowed)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_marked(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name in KEYWORDS


def _names_of(node: ast.AST) -> set[str]:
    """The keyword, variable, function or class that what is inside belongs to."""
    match node:
        case ast.keyword(arg=str(name)) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Assign(targets=targets):
            return {each.id for target in targets for each in ast.walk(target)
                    if isinstance(each, ast.Name)}  # fmt: skip
        case ast.AnnAssign(target=ast.Name(id=name)):
            return {name}
    return set()


# Templates ---------------------------------------------------------------------------------------


def _in_template(path: Path) -> Iterator[tuple[int, str]]:
    tokens = Lexer(path.read_text(encoding="utf-8")).tokenize()
    reader = _Reader()
    for token, is_text in _outside_of_translations(tokens):
        if is_text:
            reader.feed(token.contents)
            continue
        if VIETNAMESE.search(MARKED.sub("", token.contents)):
            reader.found.append((token.lineno, token.contents))
        names_a_tag = reader.rawdata.endswith(("<", "</"))  # as in <{{ level }} class="…">
        reader.feed("x" if names_a_tag else "\n" * token.contents.count("\n"))
    reader.close()
    yield from reader.found


def _outside_of_translations(tokens: list[Token]) -> Iterator[tuple[Token, bool]]:
    """Texts, and the tags whose strings somebody might read."""
    until = ""
    for token in tokens:
        tag = token.contents.split(" ", 1)[0] if token.token_type == TokenType.BLOCK else ""
        if until:
            until = "" if tag == until else until
        elif tag in {"blocktranslate", "blocktrans", "comment"}:
            until = f"end{tag}"
        elif tag == "block" and token.contents.endswith("_class"):
            until = "endblock"
        elif token.token_type != TokenType.COMMENT and tag not in TRANSLATING:
            yield token, token.token_type == TokenType.TEXT


class _Reader(HTMLParser):
    """Notes what is read: text outside scripts and styles, and some attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem is None:
            self._note(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in READ_OUT or VIETNAMESE.search(value or ""):
                self._note(value or "")

    def _note(self, text: str) -> None:
        if any(word not in SAME_IN_BOTH for word in WORD.findall(text)):
            self.found.append((self.getpos()[0], text))
