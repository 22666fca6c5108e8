"""Who reports to whom, and until when: no database."""

from __future__ import annotations

from datetime import date

import pytest

from reports.filing import Place, Step, area_of, files_reports, last_day, receivers_of, step_of

CITY, DISTRICT, EDUCATION, SOCIAL, COMMUNE, SCHOOL, FACILITY = range(1, 8)
PLACES = {
    CITY: Place(CITY, "city", "", None),
    DISTRICT: Place(DISTRICT, "district", "", CITY),
    EDUCATION: Place(EDUCATION, "office", "education", DISTRICT),
    SOCIAL: Place(SOCIAL, "office", "social", DISTRICT),
    COMMUNE: Place(COMMUNE, "commune", "", DISTRICT),
    SCHOOL: Place(SCHOOL, "primary", "education", COMMUNE),
    FACILITY: Place(FACILITY, "social_facility", "social", COMMUNE),
}


def without(*units: int) -> list[Place]:
    return [place for place in PLACES.values() if place.unit not in units]


class TestTheChain:
    def test_leads_from_school_over_the_education_office_to_the_social_one(self):
        receivers = receivers_of(PLACES.values())
        assert receivers[SCHOOL] == EDUCATION
        assert receivers[EDUCATION] == SOCIAL
        assert receivers[SOCIAL] is None

    @pytest.mark.parametrize("unit", [FACILITY, COMMUNE])
    def test_leads_everybody_else_to_the_social_office(self, unit):
        assert receivers_of(PLACES.values())[unit] == SOCIAL

    def test_takes_the_nearest_office(self):
        nearer = Place(99, "office", "education", COMMUNE)
        assert receivers_of([*PLACES.values(), nearer])[SCHOOL] == 99

    def test_without_offices_goes_up_the_tree(self):
        receivers = receivers_of(without(EDUCATION, SOCIAL))
        assert receivers[SCHOOL] == COMMUNE
        assert receivers[COMMUNE] == DISTRICT
        assert receivers[CITY] is None

    def test_of_an_education_office_alone_ends_with_the_unit_above(self):
        assert receivers_of(without(SOCIAL))[EDUCATION] == DISTRICT


class TestAReport:
    def test_of_an_office_is_about_what_lies_around_it(self):
        assert area_of(PLACES[EDUCATION]) == (DISTRICT, "education")
        assert area_of(PLACES[SOCIAL]) == (DISTRICT, "")
        assert area_of(PLACES[SCHOOL]) == (SCHOOL, "")

    def test_is_not_expected_of_a_territory(self):
        assert not files_reports(PLACES[DISTRICT])
        assert files_reports(PLACES[SCHOOL])

    def test_has_the_last_day_of_its_step(self):
        receivers = receivers_of(PLACES.values())
        steps = [step_of(PLACES[unit], receivers[unit]) for unit in (SCHOOL, EDUCATION, SOCIAL)]
        assert steps == [Step.UNIT, Step.OFFICE, Step.LAST]
        assert last_day((11, 9), year=2026) == date(2026, 11, 9)
