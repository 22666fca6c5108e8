"""Whom a row means: by its code, by name and birth date where it has none; and who is like her.

Two people of one name are common, of one name born on one day they are not: a new code for such a
person is pointed out, and a row without a code means the one of that name and day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from people.imports.roster_known import Importer, Known, in_chunks, know_people
from people.imports.roster_rows import RosterRow
from people.models import Person, Unit
from people.names import folded

MANY = 3000  # above it reading everybody once is quicker than asking for each
UNSEEN = "?"  # of the code of somebody whom the importer may not see

IS_MERGED = Q(merged_into__isnull=False)
Marks = tuple[str, date]  # folded name, birth date


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody known of that name and birth date."""

    pk: int
    code: str
    sex: str


@dataclass(slots=True)
class Matches:
    """`doubts`: by the row's number, why its person can't be told. `alike`: by marks, known people;
    `aliases`: codes of people found to be somebody else, with the code of whom they are."""

    doubts: dict[int, str] = field(default_factory=dict)
    alike: dict[Marks, list[Alike]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)  # rows that got another code than they bear


def marks_of(row: RosterRow) -> Marks | None:
    return (folded(row.full_name), row.birth_date) if row.birth_date else None


def match(rows: list[RosterRow], known: Known, *, as_of: date, importer: Importer) -> Matches:
    """Gives every row the code of whom it means, where that can be told; else see `doubts`.

    Adds the people meant, and the residents, to `known`.
    """
    matches = Matches()
    know_people(known, (row.person_code for row in rows if row.person_code))
    know_people(known, known.residents)
    _follow_merged(rows, known, matches)
    known.near_codes |= _unless_unseen(_near_people(rows, known), importer)
    known.near_codes |= _near_units(rows, known)
    matches.alike = dict(_alike(rows, known))
    _name_those_without_code(rows, known, matches, as_of=as_of)
    _refuse_same_person_twice(rows, matches)
    return matches


def possible_duplicates(
    rows: Iterable[RosterRow], matches: Matches, *, importer: Importer
) -> dict[int, str]:
    """By the number of a row of somebody new, the code of who may be the same: a known person, or
    another row. `UNSEEN` where the importer may not see that person: of these only their number is
    told."""
    found: dict[int, str] = {}
    known: dict[int, Alike] = {}
    first: dict[tuple[Marks, str], RosterRow] = {}
    for row in rows:
        marks = marks_of(row)
        if marks is None:
            continue
        same = [each for each in matches.alike.get(marks, ()) if each.sex == row.sex]
        if same:
            known[row.number] = same[0]
        elif (marks, row.sex) in first:
            found[row.number] = first[marks, row.sex].person_code
        else:
            first[marks, row.sex] = row
    seen = _seen({each.pk for each in known.values()}, importer)
    found |= {number: each.code if each.pk in seen else UNSEEN for number, each in known.items()}
    return found


def _seen(people: set[int], importer: Importer) -> set[int]:
    if not importer.is_limited or importer.user is None:
        return people
    visible = Person.objects.visible_to(importer.user, on=importer.today).order_by()
    return {
        pk
        for chunk in in_chunks(people)
        for pk in visible.filter(pk__in=chunk).values_list("pk", flat=True)
    }


def _follow_merged(rows: list[RosterRow], known: Known, matches: Matches) -> None:
    """The code of somebody merged into another means the other."""
    keys = [person.pk for person in known.people.values()]
    merged: list[tuple[str, str]] = []
    for chunk in in_chunks(keys):
        gone = Person.objects.order_by().filter(IS_MERGED, pk__in=chunk)
        merged += gone.values_list("code", "merged_into__code")
    matches.aliases = dict(merged)
    if not merged:
        return
    know_people(known, matches.aliases.values())
    for row in rows:
        if row.person_code in matches.aliases:
            row.person_code = matches.aliases[row.person_code]
            matches.named.add(row.number)


def _alike(rows: Iterable[RosterRow], known: Known) -> dict[Marks, list[Alike]]:
    """Known people with the marks of rows that bear no code or an unknown one."""
    wanted = {
        marks
        for row in rows
        if row.person_code not in known.people and (marks := marks_of(row)) is not None
    }
    found: dict[Marks, list[Alike]] = defaultdict(list)
    days = {day for _name, day in wanted}
    for pk, code, sex, day, search_text in _people_born(days):
        if day in days:
            marks = search_text.removesuffix(f" {folded(code)}"), day
            if marks in wanted:
                found[marks].append(Alike(pk, code, sex))
    return found


def _people_born(days: Collection[date]) -> Iterator[tuple[Any, ...]]:
    people = Person.objects.exclude(IS_MERGED).order_by("pk")
    facts = ("pk", "code", "sex", "birth_date", "search_text")
    if len(days) > MANY:
        yield from people.values_list(*facts).iterator(chunk_size=2000)
        return
    for chunk in in_chunks(sorted(days)):
        yield from people.filter(birth_date__in=chunk).values_list(*facts)


def _name_those_without_code(
    rows: Iterable[RosterRow], known: Known, matches: Matches, *, as_of: date
) -> None:
    nameless = [row for row in rows if not row.person_code]
    if not nameless:
        return
    meant = {
        row.number: matches.alike.get(marks, [])
        for row in nameless
        if (marks := marks_of(row)) is not None
    }
    know_people(known, {each.code for several in meant.values() for each in several})
    for row in nameless:
        found = _meant(row, meant.get(row.number, []), known, as_of)
        if len(found) == 1:
            row.person_code = found[0].code
            matches.named.add(row.number)
        else:
            matches.doubts[row.number] = _doubt(found)


def _meant(row: RosterRow, alike: list[Alike], known: Known, as_of: date) -> list[Alike]:
    """In the unit of the row if anybody is there, else wherever the importer manages people."""
    same_sex = [each for each in alike if each.sex == row.sex]
    alike = same_sex or alike
    here = [each for each in alike if _unit_of(each, known, as_of) == row.unit_code]
    if here:
        return here
    if known.managed is None:
        return alike
    return [each for each in alike if _unit_of(each, known, as_of) in known.managed]


def _unit_of(someone: Alike, known: Known, as_of: date) -> str | None:
    stays = known.stays.get(someone.code, [])
    return next((stay.unit for stay in stays if stay.holds(as_of)), None)


def _doubt(found: list[Alike]) -> str:
    if found:
        return _(
            "Dòng chưa có mã nhân sự và có %(count)s người cùng họ tên, ngày sinh: hãy ghi mã của "
            "người được nói đến."
        ) % {"count": len(found)}
    return _(
        "Dòng chưa có mã nhân sự và chưa có ai cùng họ tên, ngày sinh trong danh sách hiện có: hãy "
        "ghi mã định danh của người này trên CSDL ngành. Nếu chưa được cấp mã, cứ bỏ qua dòng này, "
        "khi có mã thì thêm sau."
    )


def _refuse_same_person_twice(rows: Iterable[RosterRow], matches: Matches) -> None:
    """Codes that the file repeats are refused when it is read; these became the same only here."""
    by_code: dict[str, list[RosterRow]] = defaultdict(list)
    for row in rows:
        if row.person_code:
            by_code[row.person_code].append(row)
    for several in by_code.values():
        if len(several) > 1 and any(row.number in matches.named for row in several):
            for row in several:
                others = ", ".join(str(each.number) for each in several if each is not row)
                matches.doubts[row.number] = _(
                    "Cùng một người với dòng %(others)s: hãy giữ lại một dòng."
                ) % {"others": others}


def _near_people(rows: Iterable[RosterRow], known: Known) -> dict[str, str]:
    """Unknown codes that differ from a known one in letter case, or in zeros a number lost."""
    codes = {row.person_code for row in rows if row.person_code}
    strangers = codes - known.people.keys()
    lowered = {code.lower(): code for code in strangers}
    near = {
        lowered[lower]: code for code in _codes_like(lowered) if (lower := code.lower()) in lowered
    }
    numbers = {row.person_code for row in rows if "person_code" in row.numeric_codes}
    if numbers & strangers:
        padded = Person.objects.filter(code__startswith="0").values_list("code", flat=True)
        near |= _without_zeros(padded, numbers & strangers)
    return near


def _unless_unseen(near: dict[str, str], importer: Importer) -> dict[str, str]:
    """The code of somebody out of sight is not told."""
    if not near or not importer.is_limited:
        return near
    people = Person.objects.filter(code__in=list(near.values())).order_by()
    keys = dict(people.values_list("code", "pk"))
    seen = _seen(set(keys.values()), importer)
    return {code: like if keys.get(like) in seen else UNSEEN for code, like in near.items()}


def _codes_like(lowered: Collection[str]) -> Iterator[str]:
    """Known codes that may be one of these but for letter case."""
    codes: QuerySet[Person, str] = Person.objects.order_by().values_list("code", flat=True)
    if len(lowered) > MANY:
        yield from codes.iterator(chunk_size=5000)
        return
    for chunk in in_chunks(sorted(lowered)):
        yield from codes.alias(lower=Lower("code")).filter(lower__in=chunk)


def _near_units(rows: Iterable[RosterRow], known: Known) -> dict[str, str]:
    rows = [row for row in rows if row.unit_code not in known.units]
    numbers = {row.unit_code for row in rows if "unit_code" in row.numeric_codes}
    if not numbers:
        return {}
    padded = Unit.objects.filter(Q(code__startswith="0")).values_list("code", flat=True)
    return _without_zeros(padded, numbers)


def _without_zeros(padded: Iterable[str], numbers: set[str]) -> dict[str, str]:
    return {code.lstrip("0"): code for code in padded if code.lstrip("0") in numbers}
