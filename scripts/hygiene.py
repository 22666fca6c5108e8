"""What no linter looks at: leftovers, this machine's paths, registries' addresses, files too long.

Patterns are written so that they don't match themselves.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOT_OURS = {".git", ".venv", "node_modules", "var", "__pycache__"}
MAX_PYTHON_LINES = 400

FORBIDDEN = {
    "a note to self; do it or write an issue": re.compile(r"\b(?:TOD[O]|FIXM[E])\b"),
    "a path of one machine": re.compile(r"(?<![\w.:/-])/(?:home/\w+|root|work|Users/\w+)/\w"),
    "a registry's address": re.compile(
        r"registry\.(?:npmjs\.org|yarnpkg\.com)|npmmirror\.com"
        r"|(?:test\.)?pypi\.(?:org|python\.org)/simple|files\.pythonhosted\.org"
        r"|--(?:extra-)?index[-]url|^//.*:_auth",
        re.MULTILINE,
    ),
    "a conflict left by a merge": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def main() -> int:
    os.chdir(ROOT)
    problems = list(problems_of(our_files()))
    print(*problems, sep="\n", file=sys.stderr)
    return 1 if problems else 0


def our_files() -> list[Path]:
    """Tracked, or about to be; without git (an unpacked archive), all that nothing generated."""
    os.chdir(ROOT)
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(git, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return sorted(path for path in _walk(Path()) if path.is_file())
    return sorted(path for name in listed.split("\0") if name and (path := Path(name)).is_file())


def problems_of(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a font, a picture, a fixture that is broken on purpose
        yield from _forbidden_words(path, text)
        yield from _length(path, text)


def _forbidden_words(path: Path, text: str) -> Iterator[str]:
    for what, pattern in FORBIDDEN.items():
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {what}: {match[0]!r}"


def _length(path: Path, text: str) -> Iterator[str]:
    may_be_long = "migrations" in path.parts or path.parts[0] == "tests"
    lines = text.count("\n")
    if path.suffix == ".py" and not may_be_long and lines > MAX_PYTHON_LINES:
        yield f"{path}: {lines} lines; split it, {MAX_PYTHON_LINES} are too many to hold in mind"


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS:
            continue
        yield from _walk(path) if path.is_dir() else [path]


if __name__ == "__main__":
    sys.exit(main())
