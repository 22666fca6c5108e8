"""The API: the command's figures for machines, and who gets none."""

from __future__ import annotations

import io
import json
import random
from datetime import date, timedelta
from itertools import combinations

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from courses.models import RunTerms
from people.models import Unit
from reports.coverage import Coverage, is_small
from reports.models import Share, Target
from tests.factories import change_unit, make_account, make_member, make_run, make_unit
from tests.reports.district import LAST_DAY_BEFORE, REFORM, TODAY, build_district
from tests.reports.sharing import ask, error_of, make_token
from tests.reports.test_recount import BREAKDOWNS, build_targets

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
UNITS = ["TP", "TP", "H", "X1", "P0", "P1", "T05", "BT"]


def command(**asked) -> dict:
    out = io.StringIO()
    arguments = [
        f"--{name.replace('_', '-')}={value}" for name, value in asked.items() if name != "by"
    ]
    call_command("coverage", *arguments, *[f"--by={axis}" for axis in asked["by"]], stdout=out)
    return json.loads(out.getvalue())


def random_question(chance: random.Random) -> dict:
    day = chance.choice(
        [LAST_DAY_BEFORE, REFORM, TODAY, date(2017, 1, 1) + timedelta(days=chance.randrange(3600))]
    )
    return {
        "target": chance.choice(list(Target.objects.values_list("code", flat=True))),
        "as_of": day.isoformat(),
        "unit": chance.choice(UNITS),
        "by": list(chance.choice(BREAKDOWNS)),
    }


@pytest.mark.database
class TestFigures:
    @pytest.fixture(autouse=True)
    def district(self, db):
        build_district()
        build_targets()
        Unit.objects.filter(code__startswith="X").update(closed_on=LAST_DAY_BEFORE)

    @pytest.mark.parametrize("seed", range(8))
    def test_are_those_of_the_command(self, seed):
        chance = random.Random(f"api {seed}")
        secret = make_token(Unit.objects.get(code="TP"), sees_small_cells=True)[1]
        for _ in range(6):
            asked = random_question(chance)
            strict = {"strict": "true"} if chance.random() < 0.3 else {}
            response = ask(secret, "coverage", **asked, **strict)
            out = io.StringIO()
            arguments = ["--target", asked["target"], "--as-of", asked["as_of"]]
            arguments += ["--unit", asked["unit"], *[f"--by={axis}" for axis in asked["by"]]]
            call_command("coverage", *arguments, *["--strict"] * len(strict), stdout=out)
            assert response.json() == json.loads(out.getvalue()), asked

    @pytest.mark.parametrize("seed", range(8))
    def test_for_aggregate_tokens_are_those_or_nothing(self, seed, settings):
        """None small, and none that is left out can be had from the rest of the answer."""
        chance = random.Random(f"aggregate {seed}")
        settings.SMALLEST_CELL = smallest = chance.choice([2, 3, 5])
        secret = make_token(Unit.objects.get(code="TP"))[1]
        shown = 0
        for _ in range(12):
            asked = random_question(chance)
            told = ask(secret, "coverage", **asked).json()
            full = command(**asked)
            rows = list(zip(told["rows"], full["rows"], strict=True))
            for row, true in [*rows, (told["total"], full["total"])]:
                if not row.get("withheld"):
                    assert row == true
                    shown += row["required"] > 0
                    assert not is_small(cell(row), smallest=smallest), (asked, row)
                else:
                    assert row["required"] is row["complete"] is row["ratio"] is None
            hidden = [cell(true) for row, true in rows if row.get("withheld")]
            if hidden and not told["total"].get("withheld"):
                rest = sum(hidden, Coverage(0, 0))
                assert len(hidden) > 1
                assert not is_small(rest, smallest=smallest), asked
        assert shown  # otherwise nothing was asked that may be told

    def test_of_a_unit_withheld_beside_a_small_one_are_withheld_too(self, settings):
        """Else the small one were the unit above less its neighbours."""
        settings.SMALLEST_CELL = 3
        secret = make_token(Unit.objects.get(code="TP"))[1]
        found = 0
        for code in Target.objects.values_list("code", flat=True):
            for day in (LAST_DAY_BEFORE.isoformat(), TODAY.isoformat()):
                asked = {"target": code, "as_of": day}
                for parent in ("TP", "H", "P0", "P1"):
                    told = ask(secret, "coverage", unit=parent, by="unit", **asked).json()
                    for row in told["rows"]:
                        if row.get("withheld") and row["unit"] != parent:
                            found += 1
                            own = ask(
                                secret, "coverage", unit=row["unit"], by="sex", **asked
                            ).json()
                            assert own["total"]["withheld"], (asked, row)
                            assert all(each.get("withheld") for each in own["rows"])
        assert found > 3


def cell(row: dict) -> Coverage:
    return Coverage(row["required"], row["complete"])


@pytest.fixture
def secret(city) -> str:
    return make_token(city.commune)[1]


@pytest.fixture
def full_secret(city) -> str:
    return make_token(city.commune, sees_small_cells=True)[1]


@pytest.mark.usefixtures("staff")
class TestCoverage:
    def test_is_by_default_of_the_tokens_unit_today(self, secret, city):
        told = ask(secret, "coverage", target="CT-2027").json()
        assert told["unit"] == "XA1"
        assert told["as_of"] == timezone.localdate().isoformat()
        assert told["total"] == {"required": 20, "complete": 12, "ratio": 0.6}

    @pytest.mark.parametrize(
        ("asked", "status", "code", "arguments"),
        [
            ({"target": "CT-1"}, 404, "unknown_target", ["--target=CT-1"]),
            ({"unit": "XX"}, 404, "unknown_unit", ["--unit=XX"]),
            ({"as_of": "31/02/2026"}, 422, "unknown_day", ["--as-of=31/02/2026"]),
            ({"by": "age"}, 422, "unknown_axis", ["--by=age"]),
        ],
    )
    def test_says_of_what_it_does_not_know_what_the_command_says(
        self, secret, asked, status, code, arguments
    ):
        response = ask(secret, "coverage", **{"target": "CT-2027", **asked})
        with pytest.raises(CommandError) as error:
            call_command("coverage", "--target=CT-2027", *arguments)
        assert error_of(response) == (status, code)
        assert response.json()["error"]["message"] == str(error.value)

    def test_names_the_parameters_that_are_wrong(self, secret):
        response = ask(secret, "coverage", strict="maybe")
        assert error_of(response) == (422, "invalid_parameters")
        assert "strict, target" in response.json()["error"]["message"]

    @pytest.mark.parametrize("unit", ["TP", "HCC", "PGD"])
    def test_of_a_unit_beyond_the_token_is_of_no_unit_at_all(self, secret, unit):
        there, nowhere = (
            ask(secret, "coverage", target="CT-2027", unit=code) for code in (unit, "KHONG")
        )
        assert error_of(there) == error_of(nowhere) == (404, "unknown_unit")
        same = nowhere.json()["error"]["message"].replace("KHONG", unit)
        assert there.json()["error"]["message"] == same

    def test_follows_the_tree_of_the_day(self, city, secret):
        """A school that moved in in October was not the commune's before."""
        moved = make_unit("TH9", parent=city.district)
        change_unit(moved, on=date(2026, 10, 1), parent=city.commune)
        asked = {"target": "CT-2027", "unit": "TH9"}
        before = ask(secret, "coverage", as_of="30/09/2026", **asked)
        assert error_of(before) == (404, "unknown_unit")
        assert ask(secret, "coverage", as_of="01/10/2026", **asked).status_code == 200

    def test_of_a_sector_is_of_that_sector_alone(self, city):
        Target.objects.update(staff_groups=[], sectors=[])
        for _ in range(8):
            make_member(city.facility, group="carer", sex="female")
        secret = make_token(city.root, sector="social", sees_small_cells=True)[1]
        told = ask(secret, "coverage", target="CT-2027", by="sector").json()
        assert told["rows"] == [{"sector": "social", "required": 10, "complete": 0, "ratio": 0.0}]
        assert error_of(ask(secret, "coverage", target="CT-2027", unit="TH1"))[0] == 404

    def test_strict_is_not_for_those_who_see_figures_only(self, secret, full_secret):
        """Beside the headline it would tell of single people."""
        asked = {"target": "CT-2027", "strict": "true"}
        assert error_of(ask(secret, "coverage", **asked)) == (403, "strict_not_shared")
        assert ask(full_secret, "coverage", **asked).status_code == 200

    def test_asks_the_database_as_often_for_many_rows_as_for_few(self, full_secret):
        counts = []
        for by in ([], ["unit", "sex", "group"]):
            with CaptureQueriesContext(connection) as queries:
                ask(full_secret, "coverage", target="CT-2027", by=by)
            counts.append(len(queries))
        assert counts[1] - counts[0] <= 1  # the units below
        assert max(counts) <= 15


@pytest.mark.usefixtures("staff")
class TestAccess:
    @pytest.mark.parametrize("path", ["coverage?target=CT-2027", "units", "targets", "indicators"])
    def test_needs_a_token(self, path):
        response = Client().get(f"/api/{path}")
        assert error_of(response) == (401, "token_missing")
        assert response["WWW-Authenticate"] == "Bearer"

    def test_is_not_given_by_a_session(self, city):
        client = Client()
        client.force_login(make_account(is_superuser=True))
        assert error_of(client.get("/api/units")) == (401, "token_missing")

    def test_ends_when_the_token_is_revoked(self, city, secret):
        token = city.commune.sharingtoken_set.get()
        assert ask(secret, "units").status_code == 200
        token.revoked_by, token.revoked_at = token.created_by, timezone.now()
        token.save()
        assert error_of(ask(secret, "units")) == (401, "token_revoked")

    def test_ends_with_the_tokens_last_day(self, city):
        _token, secret = make_token(city.commune, valid_until=date(2026, 11, 20))
        with time_machine.travel("2026-11-20T23:59:00+07:00", tick=False):
            assert ask(secret, "units").status_code == 200
        with time_machine.travel("2026-11-21T00:00:00+07:00", tick=False):
            assert error_of(ask(secret, "units")) == (401, "token_expired")

    def test_is_not_given_by_a_token_that_is_nearly_right(self, secret):
        for wrong in (secret[:-1], secret + "x", secret.upper(), "", "' OR 1=1 --"):
            assert error_of(ask(wrong, "units"))[0] == 401

    def test_is_limited_by_the_hour(self, city, secret, settings):
        settings.API_REQUESTS_AN_HOUR = 3
        other = make_token(city.commune)[1]
        statuses = [ask(secret, "targets").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = ask(secret, "targets")
        assert refused.json()["error"]["code"] == "too_many_requests"
        assert refused["Retry-After"] == "3600"
        assert ask(other, "targets").status_code == 200

    def test_is_refused_for_an_hour_to_whoever_guesses(self, settings):
        settings.API_WRONG_TOKENS_AN_HOUR = 2
        answers = [error_of(ask(f"bvte_{number}", "units")) for number in range(3)]
        assert answers[1:] == [(401, "token_unknown"), (429, "too_many_requests")]

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_is_to_read_only(self, secret, method):
        strict = Client(enforce_csrf_checks=True)
        sent = getattr(strict, method)("/api/units", headers={"Authorization": f"Bearer {secret}"})
        assert sent.status_code == 405
        assert Share.objects.count() == 0

    def test_of_what_is_not_there_is_said_as_json(self, secret):
        assert error_of(ask(secret, "nothing/here")) == (404, "unknown_address")

    def test_is_noted_each_time(self, city, secret):
        ask(secret, "coverage", target="CT-2027", by=["unit", "sex"])
        ask(secret, "coverage", target="CT-1")
        share = Share.objects.get()
        assert (share.token.body, share.what) == ("Phòng Lao động", "coverage")
        assert share.asked["by"] == ["unit", "sex"]
        assert share.rows >= share.withheld > 0
        assert share.token.last_used_at is not None

    def test_again_sends_nothing_when_nothing_has_changed(self, secret):
        first = ask(secret, "targets")
        again = Client().get(
            "/api/targets",
            headers={"Authorization": f"Bearer {secret}", "If-None-Match": first["ETag"]},
        )
        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "private, no-cache"
        assert "Authorization" in first["Vary"]


@pytest.mark.usefixtures("staff")
class TestLists:
    def test_units_are_those_of_the_token(self, city, secret):
        told = ask(secret, "units").json()
        assert [unit["code"] for unit in told["items"]] == ["BTXH", "TH1", "THCS2", "XA1"]
        assert [unit["parent"] for unit in told["items"]] == ["XA1", "XA1", "XA1", None]

    def test_units_of_a_sector_are_its_own_and_those_above_them(self, city):
        secret = make_token(city.root, sector="social")[1]
        codes = [unit["code"] for unit in ask(secret, "units").json()["items"]]
        assert codes == ["BTXH", "HCC", "TP", "XA1"]

    def test_come_page_by_page(self, secret):
        pages = [ask(secret, "units", page_size=3, page=number).json() for number in (1, 2)]
        assert [len(page["items"]) for page in pages] == [3, 1]
        assert [(page["count"], page["pages"]) for page in pages] == [(4, 2)] * 2
        assert error_of(ask(secret, "units", page_size=3, page=3)) == (404, "unknown_page")

    def test_targets_say_how_they_are_counted(self, secret, target):
        [told] = ask(secret, "targets").json()["items"]
        assert told["code"] == "CT-2027"
        assert told["staff_groups"] == ["manager", "teacher"]
        assert told["courses"] == ["BVTE"]

    def test_indicators_explain_every_field_of_the_figures(self, secret):
        told = ask(secret, "indicators").json()
        explained = {field["name"] for field in told["dictionary"]}
        answer = ask(secret, "coverage", target="CT-2027", by=["unit", "sex", "group"]).json()
        assert set(answer) - {"rows", "total"} <= explained
        assert set().union(*answer["rows"]) <= explained
        assert all(item["definition"] and item["formula"] for item in told["items"])


@pytest.mark.usefixtures("staff")
class TestRunProgress:
    @pytest.fixture
    def run(self, city, course):
        today = timezone.localdate()
        return make_run(course, units=[city.root], opens_on=today, closes_on=today)

    def test_counts_the_people_of_the_tokens_units(self, city, run, full_secret):
        """Of a school's token the school's alone."""
        school = make_token(city.school, sees_small_cells=True)[1]
        for secret, people in ((full_secret, 22), (school, 10)):
            told = ask(secret, f"runs/{run.code}/progress").json()
            assert (told["required"], told["complete"]) == (people, 0)
            assert sum(told["stages"].values()) == people
            assert told["stages"]["not-started"] == people

    def test_of_few_is_withheld_from_aggregate_tokens(self, run, secret):
        told = ask(secret, f"runs/{run.code}/progress").json()
        assert told["withheld"] is True
        assert told["required"] is told["complete"] is told["stages"] is None

    def test_of_a_run_elsewhere_is_of_no_run(self, city, course, secret):
        other = make_unit("XA9", parent=city.district, kind="commune")
        run = make_run(course, "KHAC", units=[other])
        answers = [error_of(ask(secret, f"runs/{code}/progress")) for code in (run.code, "khong")]
        assert answers == [(404, "unknown_run")] * 2
        assert RunTerms.objects.exists()


class TestDescription:
    def test_is_public_and_names_every_address(self, client):
        described = client.get("/api/openapi.json").json()
        assert described["openapi"].startswith("3.")
        assert set(described["paths"]) == {
            "/api/coverage",
            "/api/units",
            "/api/targets",
            "/api/indicators",
            "/api/runs/{code}/progress",
            "/api/files",
            "/api/files/{pk}",
        }

    def test_holds_what_it_refers_to_and_how_to_sign_in(self, client):
        text = client.get("/api/openapi.json").content.decode()
        described = json.loads(text)
        schemas = described["components"]["schemas"]
        referred = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
        assert referred <= set(schemas)
        assert described["components"]["securitySchemes"]["TokenBearer"]["scheme"] == "bearer"
        for path in described["paths"].values():
            assert path["get"]["security"] == [{"TokenBearer": []}]
            assert {"200", "401", "404", "422", "429"} <= set(path["get"]["responses"])
        names = [path["get"]["operationId"] for path in described["paths"].values()]
        assert all(a != b for a, b in combinations(names, 2))
