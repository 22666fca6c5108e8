"""What an export could not take along, and what keeps it from being made."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """`page` is its code, or its title while it has none."""

    page: str
    message: str

    def __str__(self) -> str:
        return f"{self.page}: {self.message}"


class ExportRefusedError(Exception):
    """The files would be refused when loaded; `faults` say what to mend on which page."""

    def __init__(self, faults: list[Finding]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(slots=True)
class Findings:
    """`losses` are left out of the files, `faults` make files that nobody could load."""

    losses: list[Finding] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)

    def lose(self, page: str, message: str) -> None:
        self._add(self.losses, page, message)

    def refuse(self, page: str, message: str) -> None:
        self._add(self.faults, page, message)

    def raise_if_any(self) -> None:
        if self.faults:
            raise ExportRefusedError(self.faults)

    def _add(self, found: list[Finding], page: str, message: str) -> None:
        finding = Finding(page, message)
        if finding not in found:
            found.append(finding)
