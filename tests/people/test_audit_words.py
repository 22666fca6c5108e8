"""Whatever is written into the log is read in words."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

from certificates.services.revoking import CORRECTABLE
from lms.administration.viewing import Ending
from people.models import AuditAction, AuditEntry
from people.models.audit import DAYS, DETAIL_WORDS, IN_THEIR_WORDS, VALUE_WORDS

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("people", "courses", "activities", "certificates", "reports", "cms_pages", "lms")


def modules_that_record() -> dict[str, ast.Module]:
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in paths}
    return {
        name: ast.parse(source)
        for name, source in sources.items()
        if "from people.audit import" in source and name != "people/audit.py"
    }


def keys_written(module: ast.Module) -> set[str]:
    """Of every `detail={…}` and `detail = {…}`, and of the pairs that `record_each` takes."""
    found: list[ast.expr] = []
    for node in ast.walk(module):
        match node:
            case ast.keyword(arg="detail", value=value):
                found.append(value)
            case ast.Assign(targets=[ast.Name(id="detail")], value=value):
                found.append(value)
            case ast.keyword(arg="subjects", value=value):
                found.extend(each for each in ast.walk(value) if isinstance(each, ast.Dict))
    return {
        key.value
        for each in found
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant)
    }


class TestEveryDetail:
    def test_that_any_room_writes_has_its_word(self):
        written = {name: keys_written(module) for name, module in modules_that_record().items()}
        assert len(written) >= 9  # otherwise this looks in the wrong places
        without = {name: keys - set(DETAIL_WORDS) for name, keys in written.items()}
        assert {name: keys for name, keys in without.items() if keys} == {}

    def test_word_is_of_something_that_is_written(self):
        written = set().union(*map(keys_written, modules_that_record().values()))
        assert set(DETAIL_WORDS) <= written
        assert (DAYS | IN_THEIR_WORDS | set(VALUE_WORDS)) <= set(DETAIL_WORDS)

    def test_act_is_one_that_is_recorded(self):
        used = {
            node.attr
            for module in modules_that_record().values()
            for node in ast.walk(module)
            if isinstance(node, ast.Attribute)
        }
        assert set(AuditAction.__members__) - used == set()

    def test_that_is_a_code_of_another_room_has_its_word(self):
        assert set(VALUE_WORDS["how"]) == {ending.value for ending in Ending}
        assert set(VALUE_WORDS["corrected"]) == CORRECTABLE


class TestDetailsOfAnEntry:
    @pytest.mark.parametrize(
        ("detail", "vietnamese", "english"),
        [
            ({"field": "birth_date"}, ("Mục", "Ngày sinh"), ("Item", "Birth date")),
            ({"outcome": "refused"}, ("Trả lời", "Đã từ chối"), ("Answer", "Refused")),
            (
                {"as_of": "2026-04-05"},
                ("Tính đến ngày", "05/04/2026"),
                ("Figures as of", "5 Apr 2026"),
            ),
            ({"how": "expired"}, ("Kết thúc do", "hết giờ"), ("Ended because", "time is up")),
        ],
    )
    def test_are_in_the_readers_language(self, detail, vietnamese, english):
        entry = AuditEntry(action="export", detail=detail)
        for language, words in {"vi": vietnamese, "en": english}.items():
            with translation.override(language):
                [told] = entry.details
                assert (told.label, told.words) == words

    def test_lists_are_written_one_by_one(self):
        entry = AuditEntry(action="export", detail={"corrected": ["birth_date", "place"]})
        assert entry.details[0].words == "Ngày sinh, Nơi cấp"

    def test_what_no_word_is_known_for_keeps_its_name(self):
        [told] = AuditEntry(action="export", detail={"rows": 12}).details
        assert (told.label, told.words, told.is_content) == ("rows", "12", False)

    def test_what_people_wrote_is_marked(self):
        [told] = AuditEntry(action="export", detail={"reason": "mất phiếu"}).details
        assert told.is_content
