"""Every bad file that the tests know, refused: how long the slowest takes.

The reader is what runs between an upload and its answer; a page adds some hundredths of a second.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import date

LIMIT = 2.0  # seconds, of the issue
SHOWN = 5


def bad_files() -> bool:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")
    import django

    django.setup()
    from tests.people.test_bad_files import FILES
    from tests.people.test_sheets import BAD_FILES

    built = {kind: (build(), name) for kind, (build, name, _words) in FILES.items()}
    built |= {kind: (content, name) for kind, (content, name, _words) in BAD_FILES.items()}
    taken = {kind: _seconds(content, name) for kind, (content, name) in built.items()}
    slowest = sorted(taken.items(), key=lambda each: -each[1])
    print(f"\n{len(taken)} bad files: refused, the slowest (limit {LIMIT:.0f} s)")
    for kind, seconds in slowest[:SHOWN]:
        print(f"  {seconds:6.2f} s  {kind}")
    return slowest[0][1] <= LIMIT


def _seconds(content: bytes, name: str) -> float:
    """Of reading and refusing. Ends the run if the file is taken for a list."""
    from people.imports.roster_reading import read_roster
    from people.sheets import SheetError, read_sheet

    started = time.perf_counter()
    try:
        is_refused = not read_roster(read_sheet(content, name=name), as_of=date(2026, 9, 1)).rows
    except SheetError:
        is_refused = True
    if not is_refused:
        sys.exit(f"{name} is taken for a list")
    return time.perf_counter() - started
