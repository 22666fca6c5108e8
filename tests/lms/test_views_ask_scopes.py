"""Views fetch people, units and what hangs on them through the words that ask for scopes.

Whatever else a view fetches of them is listed here with the reason why that is no hole.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("people", "courses", "activities", "certificates", "reports", "cms_pages", "lms")
# What is somebody's, or of some unit.
GUARDED = {
    "Attempt",
    "Certificate",
    "CorrectionRequest",
    "CourseRun",
    "Enrolment",
    "Evidence",
    "Membership",
    "Person",
    "PersonMerge",
    "RosterChange",
    "RosterImport",
    "RosterRejection",
    "RosterRequest",
    "Scope",
    "Unit",
    "User",
}
# Each takes the viewer. `granted_to` is of her own scopes.
ASKING = {
    "visible_to",
    "managed_by",
    "decidable_by",
    "granted_to",
    "restructurable_by",
    "receiving_from",
    "visible_at_their_end_to",
}
# By module and function: what else asks.
ALLOWED = {
    ("lms/administration/viewing.py", "viewing_in"): "the account that the session names",
    ("lms/administration/viewing.py", "_post_of"): "of whom the administrator views as",
    ("lms/administration/views.py", "view_as"): "superusers alone: `can_be_viewed_by`",
    ("activities/quiz/views/grants.py", "_fetched"): "`can_grant_attempt` of its person follows",
    ("certificates/views.py", "_find"): "anybody may check a certificate",
    ("reports/views/my.py", "_certificates"): "one's own",
    ("reports/views/units.py", "see_unit"): "`sight` of the viewer's grants follows",
    ("lms/administration/forms.py", "_by"): "narrows the log, which superusers alone read",
    ("people/views/adding.py", "_added"): "the form offers managed units only, `enlist` asks again",
    ("people/views/not_listed.py", "ask_to_be_listed"): "anybody may ask to join any unit",
    ("people/views/reorganising.py", "_occupants"): "below a unit that is hers to close",
    ("people/views/structure.py", "_rows"): "codes of the units above those in reach",
    ("people/views/scopes.py", "_holds"): "subtracts from what is visible",
}


def test_views_fetch_nothing_past_the_scopes():
    found = {place: line for place, line in unasked() if place not in ALLOWED}
    assert found == {}


def test_every_exception_is_one():
    assert set(ALLOWED) <= {place for place, _line in unasked()}


def test_it_looks_at_the_views():
    modules = {str(path.relative_to(ROOT)) for path in view_modules()}
    assert {"people/views/scopes.py", "certificates/views.py", "reports/views/runs.py"} <= modules
    assert len(list(queries_in(ROOT / "people/views/requests.py"))) >= 3


def view_modules() -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "views" in {*path.parts, path.stem} or "administration" in path.parts:
                yield path


def unasked() -> Iterator[tuple[tuple[str, str], int]]:
    for path in view_modules():
        for function, statement in queries_in(path):
            names = {each.attr for each in ast.walk(statement) if isinstance(each, ast.Attribute)}
            if not names & ASKING:
                yield (str(path.relative_to(ROOT)), function), statement.lineno


def queries_in(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Each statement that begins a query of what is guarded, with the function it stands in."""
    for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(function, ast.FunctionDef):
            for statement in ast.walk(function):
                if isinstance(statement, ast.stmt) and _begins_query(statement):
                    yield function.name, statement


def _begins_query(statement: ast.stmt) -> bool:
    """In its own expressions, not in those of the statements inside it."""
    inner = [each for each in ast.iter_child_nodes(statement) if isinstance(each, ast.expr)]
    return any(_is_guarded(node) for each in inner for node in ast.walk(each))


def _is_guarded(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("objects", "_default_manager")
        and isinstance(node.value, ast.Name)
        and node.value.id in GUARDED
    )
