"""The interface in two languages: `make translations`, and a step of `make check`.

    python scripts/translations.py extract   # every marked string into the English catalogue
    python scripts/translations.py check     # what is missing, stale, wrong or not even marked
    python scripts/translations.py compile   # what Django reads; installing does it too

Source strings are Vietnamese (docs/adr/0009), so one catalogue holds all of English. The Vietnamese
one holds only what Wagtail, Django and others forgot to translate. Commands and content files stay
Vietnamese: `unwrapped.py` lists what is no interface, and why.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from catalogues import compile_catalogue, mistakes, read, stale, updated, write
from hygiene import ROOT, our_files
from msgids import msgids_of
from unwrapped import unwrapped

ROOMS = {"lms", "people", "courses", "activities", "certificates", "reports", "cms_pages"}
LOCALE = Path("lms/locale")
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "django.po"
ABOUT = "The interface in English. `make translations` brings it up to date; msgstr are yours."


def main(command: str) -> int:
    os.chdir(ROOT)
    problems = list(COMMANDS[command]())
    print(*problems, sep="\n", file=sys.stderr)
    return 1 if problems else 0


def extract_all() -> list[str]:
    write(updated(read(ENGLISH), msgids_of(sources())), ENGLISH, about=ABOUT)
    return []


def compile_all() -> list[str]:
    for catalogue in catalogues():
        compile_catalogue(catalogue)
    return []


def check_all() -> Iterator[str]:
    paths = sources()
    yield from unwrapped(paths)
    english = read(ENGLISH)
    for problem in stale(english, msgids_of(paths)):
        yield f"{ENGLISH}: {problem}; run `make translations`"
    for catalogue in catalogues():
        for problem in mistakes(read(catalogue), complete=catalogue == ENGLISH):
            yield f"{catalogue}: {problem}"


def sources() -> list[Path]:
    """Python and templates of the rooms. Migrations repeat what models said once."""
    return [
        path
        for path in our_files()
        if path.parts[0] in ROOMS
        and "migrations" not in path.parts
        and (path.suffix == ".py" or _is_template(path))
    ]


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def _is_template(path: Path) -> bool:
    return "templates" in path.parts and path.suffix in {".html", ".svg", ".txt"}


COMMANDS = {"extract": extract_all, "check": check_all, "compile": compile_all}

if __name__ == "__main__":
    if sys.argv[1:2] == [] or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
