"""What the import commands share: reading arguments, telling what happened, exit codes."""

from __future__ import annotations

import argparse
import json
from abc import ABC, abstractmethod
from datetime import date
from typing import Any, Protocol

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from people.imports.rejections import WHOLE_FILE, Rejection, as_json
from people.imports.widgets import parse_day
from people.sheets import Sheet, SheetError, read_path


class Outcome(Protocol):
    rejected: list[Rejection]
    ignored_sheets: tuple[str, ...]

    def as_json(self) -> dict[str, Any]: ...


class ImportCommand(BaseCommand, ABC):
    """Subclasses name `verdicts` (JSON key → words) and implement `apply`."""

    verdicts: dict[str, Any] = {}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file")
        parser.add_argument("--as-of", type=day_argument, metavar="DATE")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument("--json", action="store_true")

    @abstractmethod
    def apply(self, sheet: Sheet, options: dict[str, Any]) -> Outcome:
        """Does what the list asks for, or says what keeps it from being done."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = self.apply(read_path(options["file"]), options)
        except SheetError as error:
            self._refuse_file(str(error), options)
        if options["json"]:
            self._print_json(outcome.as_json())
        elif not outcome.rejected:
            self._print_summary(outcome, options)
        if outcome.rejected:
            self._fail(outcome.rejected)

    def _refuse_file(self, message: str, options: dict[str, Any]) -> None:
        rejected = [Rejection(WHOLE_FILE, "", message)]
        if options["json"]:
            self._print_json({**dict.fromkeys(self.verdicts, 0), "rejected": as_json(rejected)})
        self._fail(rejected)

    def _print_json(self, content: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(content, ensure_ascii=False))

    def _print_summary(self, outcome: Outcome, options: dict[str, Any]) -> None:
        counts = outcome.as_json()
        if options["dry_run"]:
            self.stdout.write(_("Chạy thử, không ghi gì. Nếu nhập thật:"))
        for verdict, words in self.verdicts.items():
            self.stdout.write(f"{words}: {counts[verdict]}")
        for each in counts.get("possible_duplicates", []):
            message = _("Dòng %(row)s: có thể là người đang có mã %(known_code)s.")
            self.stdout.write(message % each)
        if outcome.ignored_sheets:
            names = ", ".join(outcome.ignored_sheets)
            self.stdout.write(_("Chỉ đọc trang tính đầu; không đọc: %(names)s.") % {"names": names})

    def _fail(self, rejected: list[Rejection]) -> None:
        lines = [_("Không nhập gì: có %(count)s lỗi.") % {"count": len(rejected)}]
        lines += [_line(each) for each in rejected]
        raise CommandError("\n".join(lines), returncode=1)


def day_argument(text: str) -> date:
    """dd/mm/yyyy or ISO."""
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(
            _("ngày “%(text)s” không hợp lệ: hãy ghi 31/12/2026 hoặc 2026-12-31") % {"text": text}
        )
    return day


def _line(rejection: Rejection) -> str:
    if rejection.row == WHOLE_FILE:
        return rejection.message
    place = _("Dòng %(row)s") % {"row": rejection.row}
    if rejection.column:
        place = _("%(place)s, cột %(column)s") % {"place": place, "column": rejection.column}
    return f"{place}: {rejection.message}"
