"""Remember what was done, so that it is done again only when what it came from has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(paths: Iterable[Path], *, also: str = "") -> str:
    """A digest of the files' names and contents; folders count with everything inside them."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(_files(paths)):
        digest.update(f"\0{path}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


class Stamp:
    """A file that says from which fingerprint something was last made."""

    def __init__(self, path: Path, wanted: str) -> None:
        self.path = path
        self.wanted = wanted

    @property
    def is_current(self) -> bool:
        return self.path.is_file() and self.path.read_text() == self.wanted

    def withdraw(self) -> None:
        """Before the work starts: an interrupted run must not look like a finished one."""
        self.path.unlink(missing_ok=True)

    def set(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.wanted)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            inside = (inner for inner in path.rglob("*") if inner.is_file())
            yield from (inner for inner in inside if inner.suffix != ".pyc")
        elif path.is_file():
            yield path
