"""Why a row of a staff list can't be taken as it is: each rejection says what to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from people.formats import local_date
from people.imports.roster_known import Importer, Known, KnownPerson, KnownUnit
from people.imports.roster_matching import UNSEEN, Matches
from people.imports.roster_plan import ListDay, Problem, Steps
from people.imports.roster_rows import RosterRow
from people.models import Verdict
from people.models.person import CODE
from people.names import folded

FARTHEST_BACK = timedelta(days=92)  # that somebody of another unit's may be moved


@dataclass(frozen=True, slots=True)
class Refusal:
    """`column` by our name."""

    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Checks:
    """What the rows of one list are held against."""

    known: Known
    matches: Matches
    importer: Importer
    as_of: date
    problems_of_units: dict[str, str] = field(default_factory=dict)  # as found so far

    def of_row(self, row: RosterRow) -> list[Refusal]:
        """Whether the row can be taken at its word, before anything is made of it."""
        refusals = [*self._of_person(row), *self._of_unit(row.unit_code)]
        return refusals or self._of_outsider(row)

    def of_steps(self, row: RosterRow, steps: Steps) -> list[Refusal]:
        """Whether what is made of it may be done."""
        if steps.problem is Problem.ENDS_BEFORE_IT_BEGAN:
            return [
                Refusal(
                    "ended_on",
                    _("Ngày kết thúc trước ngày bắt đầu đã ghi nhận: hãy kiểm tra lại ngày."),
                )
            ]
        refusals = self._of_later_list(row, steps) if steps.verdict is Verdict.MOVED else []
        return refusals or self._of_distant_past(row, steps)

    def day_in(self, unit: KnownUnit) -> ListDay:
        return ListDay(self.as_of, unit.opened_on, unit.closed_on)

    def takes_over(self, row: RosterRow) -> bool:
        """Somebody known who is not the importer's, nor was in one of her units on the day."""
        person = self.known.people.get(row.person_code)
        if person is None or self.known.managed is None or not self.known.is_outside(person):
            return False
        stays = self.known.stays.get(person.code, [])
        return not any(s.holds(self.as_of) and s.unit in self.known.managed for s in stays)

    def is_of_others(self, code: str) -> bool:
        """Of a unit that is there, but isn't the importer's."""
        managed = self.known.managed
        return managed is not None and code in self.known.units and code not in managed

    def problem_of_unit(self, code: str) -> str:
        """Why nothing can be taken of what a list says of the unit; empty if it can."""
        if code not in self.problems_of_units:
            unit = self.known.units.get(code)
            self.problems_of_units[code] = self._problem_of_unit(code, unit)
        return self.problems_of_units[code]

    def concerns_outsider(self, row: RosterRow) -> bool:
        """Whether what is answered tells something of a person or an account out of reach."""
        if self.known.managed is None:
            return False
        code = row.person_code
        near = code not in self.known.people and self.known.near_codes.get(code) == UNSEEN
        return near or code in self.known.taken or self.takes_over(row)

    def _of_person(self, row: RosterRow) -> list[Refusal]:
        if doubt := self.matches.doubts.get(row.number):
            return [Refusal("person_code", doubt)]
        if row.person_code in self.known.people:
            return []
        problem = self._problem_of_new_code(row.person_code)
        return [Refusal("person_code", problem)] if problem else []

    def _problem_of_new_code(self, code: str) -> str:
        """What a form would refuse as well: her code also signs in."""
        near = self.known.near_codes.get(code)
        if not near and not CODE.fullmatch(code):
            return _("Mã nhân sự chỉ gồm chữ không dấu, chữ số, dấu chấm và gạch nối.")
        if not near and code in self.known.taken:
            return _(
                "Mã %(code)s là tên đăng nhập hoặc số điện thoại của một tài khoản đã có: hãy kiểm "
                "tra lại mã, hoặc nhờ quản trị hệ thống."
            ) % {"code": code}
        if not near:
            return ""
        message = _(
            "Mã %(code)s chưa có, nhưng có mã %(near)s: hãy ghi đúng như mã đã có (đủ số 0 ở đầu, "
            "đúng chữ hoa, chữ thường)."
        )
        if near == UNSEEN:
            message = _(
                "Mã %(code)s chưa có, nhưng ở đơn vị khác có mã chỉ khác số 0 ở đầu hoặc chữ hoa, "
                "chữ thường: hãy kiểm tra lại mã."
            )
        return message % {"code": code, "near": near}

    def _of_unit(self, code: str) -> list[Refusal]:
        problem = self.problem_of_unit(code)
        return [Refusal("unit_code", problem)] if problem else []

    def _problem_of_unit(self, code: str, unit: KnownUnit | None) -> str:
        near = self.known.near_codes.get(code, "")
        words = {"code": code, "day": local_date(self.as_of), "near": near}
        if unit is None and near:
            return _("Chưa có đơn vị %(code)s, nhưng có %(near)s: hãy ghi đủ số 0 ở đầu.") % words
        if unit is None:
            return _("Chưa có đơn vị %(code)s: hãy sửa mã, hoặc nhập đơn vị trước.") % words
        if self.is_of_others(code):
            return (
                _(
                    "Đơn vị %(code)s ngoài phạm vi quản lý: hãy bỏ dòng này, hoặc nhờ cấp trên "
                    "nhập danh sách của đơn vị ấy."
                )
                % words
            )
        if unit.opened_on > self.as_of or (unit.closed_on or self.as_of) < self.as_of:
            return (
                _("Đơn vị %(code)s không hoạt động ngày %(day)s: hãy ghi đơn vị của ngày đó.")
                % words
            )
        if not unit.has_facts:
            return (
                _("Chưa có thông tin đơn vị %(code)s vào ngày %(day)s: hãy nhập đơn vị trước.")
                % words
            )
        if unit.latest_list_on is not None and unit.latest_list_on > self.as_of:
            return _(
                "Đơn vị %(code)s đã có danh sách ngày %(latest)s, mới hơn danh sách ngày %(day)s "
                "này: hãy nhập danh sách mới nhất."
            ) % {**words, "latest": local_date(unit.latest_list_on)}
        return ""

    def _of_outsider(self, row: RosterRow) -> list[Refusal]:
        """Taking somebody over takes knowing her, and says nothing of her to who doesn't."""
        if not self.takes_over(row):
            return []
        person = self.known.people[row.person_code]
        if not _agrees(row, person):
            return [
                Refusal(
                    "person_code",
                    _(
                        "Mã %(code)s thuộc người khác ở ngoài phạm vi quản lý (họ tên hoặc ngày "
                        "sinh không khớp): hãy kiểm tra mã, họ tên, ngày sinh, hoặc nhờ cấp trên."
                    )
                    % {"code": row.person_code},
                )
            ]
        return []

    def _of_later_list(self, row: RosterRow, steps: Steps) -> list[Refusal]:
        """A later full list of the unit she would leave has named her there: it knows better."""
        stays = self.known.stays[row.person_code]
        left = next(stay for stay in stays if stay.pk == steps.rewritten[0].pk)
        listed_on = self.known.full_lists.get(left.unit)
        moved_on = (steps.opened or steps.rewritten)[0].started_on
        if listed_on is None or listed_on <= moved_on or not left.holds(listed_on):
            return []
        message = _(
            "Danh sách ngày %(day)s của đơn vị %(unit)s, mới hơn danh sách này, có người này: hãy "
            "nhập danh sách mới hơn, hoặc bỏ dòng này."
        )
        unit = left.unit
        if self.known.managed is not None and unit not in self.known.managed:
            unit = _("khác")
        return [Refusal("unit_code", message % {"day": local_date(listed_on), "unit": unit})]

    def _of_distant_past(self, row: RosterRow, steps: Steps) -> list[Refusal]:
        """So that nobody is taken out of another unit's figures of last year."""
        if not steps.touches_memberships or not self.takes_over(row):
            return []
        begins = min([self.as_of, *(stay.started_on for stay in steps.opened)])
        earliest = self.importer.today - FARTHEST_BACK
        if begins >= earliest:
            return []
        message = _(
            "Người này thuộc đơn vị ngoài phạm vi quản lý; chuyển từ trước ngày %(day)s thì hãy "
            "nhờ cấp trên."
        )
        return [Refusal("unit_code", message % {"day": local_date(earliest)})]


def _agrees(row: RosterRow, person: KnownPerson) -> bool:
    return (
        row.birth_date is not None
        and row.birth_date == person.facts.birth_date
        and folded(row.full_name) == folded(person.facts.full_name)
    )
