"""Granting scopes, ending them, and reading who holds which."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import AuditEntry, Scope, ScopeChange, User
from people.queries.rights import refusal_to_end, refusal_to_grant
from people.queries.scopes import candidates, scopes_over, units_to_grant
from people.services.scopes import ScopeError, change_last_day, grant_scope, revoke_scope
from tests.factories import make_account, make_member, make_scope, make_unit
from tests.people.workbooks import cells_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
TODAY = timezone.localdate()
DAY = timedelta(days=1)
REASON = "Quyết định số 12"


@pytest.fixture
def chief(city) -> User:
    """Manages the commune, works in its office."""
    account = make_account(make_member(city.commune, group="officer"))
    make_scope(account, city.commune)
    return account


@pytest.fixture
def head(city) -> User:
    """Manages education in the whole city."""
    account = make_account(make_member(city.office, group="officer"))
    make_scope(account, city.root, "sector_manager", sector="education")
    return account


@pytest.fixture
def administrator(db) -> User:
    return make_account(username="quantri", is_superuser=True)


@pytest.fixture
def deputy(city) -> User:
    """Works in the school and holds nothing yet."""
    person = make_member(city.school, family_name="Đỗ", middle_name="Thị", given_name="Yến")
    return make_account(person)


def wanted(user: User, unit, role: str = "unit_manager", **fields) -> Scope:
    return Scope(user=user, unit=unit, role=role, **{"started_on": TODAY, **fields})


def grant(scope: Scope, *, by: User) -> Scope:
    scope.reason = REASON
    return grant_scope(scope, by=by, at=timezone.now())


def revoke(scope: Scope, *, by: User, on: date = TODAY, **options) -> list[Scope]:
    return revoke_scope(scope, on=on, reason=REASON, by=by, at=timezone.now(), **options)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def filled(unit: str, role: str = "unit_manager", **fields: str) -> dict[str, str]:
    """The form as somebody fills it in."""
    return {
        "role": role,
        "unit": unit,
        "sector": "",
        "started_on": f"{TODAY:%d/%m/%Y}",
        "ended_on": "",
        "reason": REASON,
        **fields,
    }


class TestWhatMayBeGranted:
    """`refusal_to_grant`: empty where it may."""

    def may(self, viewer: User, scope: Scope) -> bool:
        return not refusal_to_grant(viewer, scope, on=TODAY)

    @pytest.mark.parametrize("role", ["unit_manager", "monitor", "aggregate_viewer"])
    def test_a_principal_her_own_school_and_her_own_rank(self, city, principal, deputy, role):
        assert self.may(principal, wanted(deputy, city.school, role))

    @pytest.mark.parametrize("place", ["other_school", "commune", "facility", "root"])
    def test_nothing_beside_or_above_her_unit(self, city, principal, deputy, place):
        assert not self.may(principal, wanted(deputy, getattr(city, place), "aggregate_viewer"))

    def test_whoever_stands_above_everything_below(self, city, chief, deputy):
        assert self.may(chief, wanted(deputy, city.school))
        assert self.may(chief, wanted(deputy, city.commune))

    def test_nobody_to_herself(self, city, principal, chief, administrator):
        assert not self.may(principal, wanted(principal, city.school, "monitor"))
        assert not self.may(chief, wanted(chief, city.school))
        assert not self.may(administrator, wanted(administrator, city.school))

    def test_nothing_to_people_of_others(self, city, principal, outsider):
        assert not self.may(principal, wanted(outsider, city.school))
        nobody = make_account()
        assert not self.may(principal, wanted(nobody, city.school))

    def test_nothing_to_a_closed_account(self, city, administrator, deputy):
        deputy.is_active = False
        assert not self.may(administrator, wanted(deputy, city.school))

    def test_no_longer_than_she_holds_it_herself(self, city, principal, deputy):
        principal.scopes.update(ended_on=TODAY + 30 * DAY)
        assert not self.may(principal, wanted(deputy, city.school))
        assert not self.may(principal, wanted(deputy, city.school, ended_on=TODAY + 31 * DAY))
        assert self.may(principal, wanted(deputy, city.school, ended_on=TODAY + 30 * DAY))

    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_watching_over_a_city_grants_nothing_in_it(self, city, principal, deputy, role):
        make_scope(principal, city.root, role)
        assert not self.may(principal, wanted(deputy, city.commune, "aggregate_viewer"))

    def test_a_sector_manager_grants_her_sector_only(self, city, head):
        colleague = make_account(make_member(city.school))
        for role in ("sector_manager", "monitor"):
            assert self.may(head, wanted(colleague, city.commune, role, sector="education"))
            assert not self.may(head, wanted(colleague, city.commune, role, sector="social"))
        assert not self.may(head, wanted(colleague, city.commune, "monitor"))
        assert not self.may(head, wanted(colleague, city.facility))

    @pytest.mark.parametrize("days", [{"ended_on": TODAY - DAY}, {"started_on": TODAY + DAY}])
    def test_a_scope_that_is_over_or_to_come_grants_nothing(self, city, principal, deputy, days):
        principal.scopes.update(**days)
        assert not self.may(principal, wanted(deputy, city.school, "aggregate_viewer"))

    def test_a_closed_granter_grants_nothing(self, city, principal, deputy, administrator):
        for granter in (principal, administrator):
            granter.is_active = False
            assert not self.may(granter, wanted(deputy, city.school, "aggregate_viewer"))

    def test_an_administrator_everything(self, city, administrator, deputy):
        assert self.may(administrator, wanted(deputy, city.root, "sector_manager", sector="social"))


class TestWhatMayBeEnded:
    def may(self, viewer: User, scope: Scope) -> bool:
        return not refusal_to_end(viewer, scope, on=TODAY)

    def test_what_she_granted(self, city, principal, deputy):
        assert self.may(principal, grant(wanted(deputy, city.school), by=principal))

    def test_what_stands_below_hers(self, chief, principal):
        assert self.may(chief, principal.scopes.get())

    def test_even_where_it_lasts_longer_than_hers(self, chief, principal):
        chief.scopes.update(ended_on=TODAY)
        assert self.may(chief, principal.scopes.get())

    def test_not_her_own(self, principal, administrator, city):
        assert not self.may(principal, principal.scopes.get())
        assert not self.may(administrator, make_scope(administrator, city.school))

    def test_not_her_principals(self, city, principal, deputy):
        grant(wanted(deputy, city.school), by=principal)
        assert not self.may(deputy, principal.scopes.get())

    def test_not_that_of_whoever_inspects_her_school(self, city, principal, administrator):
        inspector = make_account()
        scope = grant(wanted(inspector, city.school, "monitor"), by=administrator)
        assert not self.may(principal, scope)

    def test_not_what_she_granted_once_it_is_no_longer_hers(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school), by=principal)
        principal.scopes.update(ended_on=TODAY - DAY)
        assert not self.may(principal, scope)

    def test_not_the_other_sectors(self, city, head):
        keeper = make_account(make_member(city.facility))
        assert not self.may(head, make_scope(keeper, city.facility))
        assert not self.may(
            head, make_scope(keeper, city.commune, "sector_manager", sector="social")
        )

    def test_an_outsider_nothing(self, city, outsider, principal, learner):
        for viewer in (outsider, learner.user):
            assert not self.may(viewer, principal.scopes.get())


class TestGranting:
    def test_keeps_who_granted_it_when_and_why(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school), by=principal)
        scope.refresh_from_db()
        assert (scope.granted_by, scope.reason) == (principal, REASON)
        assert scope.granted_at is not None

    def test_is_logged_about_the_person(self, city, principal, deputy):
        grant(wanted(deputy, city.school, ended_on=TODAY + DAY), by=principal)
        entry = AuditEntry.objects.about(deputy.person).get()
        assert (entry.action, entry.actor) == ("scope.granted", principal)
        assert entry.detail == {
            "role": "unit_manager",
            "unit": "TH1",
            "from": TODAY.isoformat(),
            "until": (TODAY + DAY).isoformat(),
            "reason": REASON,
        }

    def test_what_is_refused_leaves_no_trace(self, city, principal, deputy):
        before = Scope.objects.count()
        with pytest.raises(ScopeError):
            grant(wanted(deputy, city.commune), by=principal)
        assert (Scope.objects.count(), AuditEntry.objects.count()) == (before, 0)

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"started_on": TODAY - DAY}, "lùi ngày"),
            ({"ended_on": TODAY - DAY}, "Ngày cuối"),
            ({"role": "sector_manager"}, "cần một ngành"),
        ],
    )
    def test_says_what_is_wrong(self, city, administrator, deputy, fields, words):
        with pytest.raises(ScopeError, match=words):
            grant(wanted(deputy, city.school, **fields), by=administrator)

    def test_not_in_a_unit_that_will_be_closed_by_then(self, city, administrator, deputy):
        city.school.closed_on = TODAY
        city.school.save()
        with pytest.raises(ScopeError, match="không còn hoạt động"):
            grant(wanted(deputy, city.school, started_on=TODAY + DAY), by=administrator)

    def test_twice_is_once(self, city, principal, deputy):
        grant(wanted(deputy, city.school), by=principal)
        with pytest.raises(ScopeError, match="đã có phạm vi ấy"):
            grant(wanted(deputy, city.school, started_on=TODAY + DAY), by=principal)
        assert deputy.scopes.count() == 1

    def test_again_once_the_first_is_over(self, city, principal, deputy):
        first = grant(wanted(deputy, city.school, started_on=TODAY + 9 * DAY), by=principal)
        revoke(first, by=principal)
        grant(wanted(deputy, city.school), by=principal)
        assert deputy.scopes.count() == 2


class TestRevoking:
    """A session that is open meanwhile loses everything at the next click."""

    PAGES = (
        "/manage/",
        "/manage/units/TH1/",
        "/manage/units/TH1/figures.csv",
        "/manage/units/TH1/people/",
        "/manage/units/TH1/slips/",
        "/manage/requests/",
        "/manage/scopes/",
        "/manage/scopes.csv",
        "/manage/scopes.xlsx",
        "/manage/scopes/new/",
    )

    def opened(self, session: Client, learner) -> list[str]:
        pages = [*self.PAGES, f"/manage/people/{learner.pk}/", f"/manage/people/{learner.pk}/code/"]
        return [page for page in pages if session.get(page).status_code not in (403, 404)]

    def test_works_on_the_next_request_of_an_open_session(self, city, chief, principal, learner):
        session = signed_in(principal)
        assert len(self.opened(session, learner)) > 9
        revoke(principal.scopes.get(), by=chief)
        assert self.opened(session, learner) == []

    def test_on_a_later_day_works_from_midnight_without_a_job(
        self, city, chief, principal, learner
    ):
        session = signed_in(principal)
        revoke(principal.scopes.get(), by=chief, on=TODAY + DAY)
        noon = timezone.now().replace(hour=5)
        with time_machine.travel(noon, tick=False):
            assert self.opened(session, learner)
        with time_machine.travel(noon + DAY, tick=False):
            assert self.opened(session, learner) == []

    def test_what_begins_later_opens_on_its_day(self, city, principal, deputy, learner):
        session = signed_in(deputy)
        grant(wanted(deputy, city.school, started_on=TODAY + DAY), by=principal)
        assert self.opened(session, learner) == []
        with time_machine.travel(timezone.now() + DAY, tick=False):
            assert self.opened(session, learner)

    def test_on_its_first_day_leaves_none(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school), by=principal)
        revoke(scope, by=principal)
        scope.refresh_from_db()
        assert scope.ended_on == TODAY - DAY
        assert not Scope.objects.granted_to(deputy).exists()

    def test_before_it_begins_means_that_it_never_does(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school, started_on=TODAY + 9 * DAY), by=principal)
        revoke(scope, by=principal)
        scope.refresh_from_db()
        assert scope.state_on(TODAY) == scope.state_on(TODAY + 9 * DAY) == "over"

    def test_is_kept_and_logged(self, chief, principal):
        revoke(principal.scopes.get(), by=chief)
        change = ScopeChange.objects.get()
        assert (change.is_revocation, change.changed_by, change.reason) == (True, chief, REASON)
        assert (change.ended_before, change.ended_on) == (None, TODAY - DAY)
        assert AuditEntry.objects.about(principal.person).get().action == "scope.revoked"

    def test_not_backwards(self, chief, principal):
        with pytest.raises(ScopeError, match="lùi ngày"):
            revoke(principal.scopes.get(), by=chief, on=TODAY - DAY)

    def test_twice_is_once(self, chief, principal):
        revoke(principal.scopes.get(), by=chief)
        with pytest.raises(ScopeError, match="đã hết"):
            revoke(principal.scopes.get(), by=chief)
        assert ScopeChange.objects.count() == 1

    def test_with_what_its_holder_granted_and_they_in_turn(self, city, chief, principal, deputy):
        grant(wanted(deputy, city.school), by=principal)
        third = make_account(make_member(city.school))
        grant(wanted(third, city.school, "monitor"), by=deputy)
        assert len(revoke(principal.scopes.get(), by=chief, with_granted=True)) == 3
        assert not Scope.objects.in_force_on(TODAY).exclude(user=chief).exists()

    def test_and_leaves_that_when_not_asked(self, city, chief, principal, deputy):
        kept = grant(wanted(deputy, city.school), by=principal)
        revoke(principal.scopes.get(), by=chief)
        assert Scope.objects.granted_to(deputy).get() == kept


class TestMovingTheLastDay:
    def test_keeps_what_it_was(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school), by=principal)
        change_last_day(scope, TODAY, reason=REASON, by=principal, at=timezone.now())
        change = ScopeChange.objects.get()
        assert (change.is_revocation, change.ended_before, change.ended_on) == (False, None, TODAY)
        assert AuditEntry.objects.filter(action="scope.changed").exists()

    def test_no_further_than_the_granter_holds_it(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school, ended_on=TODAY), by=principal)
        principal.scopes.update(ended_on=TODAY + DAY)
        for last in (TODAY + 2 * DAY, None):
            with pytest.raises(ScopeError, match="rộng hơn hoặc dài hơn"):
                change_last_day(scope, last, reason=REASON, by=principal, at=timezone.now())
        change_last_day(scope, TODAY + DAY, reason=REASON, by=principal, at=timezone.now())
        scope.refresh_from_db()
        assert scope.ended_on == TODAY + DAY

    def test_not_into_the_past(self, city, principal, deputy):
        scope = grant(wanted(deputy, city.school), by=principal)
        with pytest.raises(ScopeError, match="thu hồi"):
            change_last_day(scope, TODAY - DAY, reason=REASON, by=principal, at=timezone.now())

    def test_nobody_her_own(self, principal):
        principal.scopes.update(ended_on=TODAY)
        with pytest.raises(ScopeError, match="Không tự"):
            change_last_day(
                principal.scopes.get(), None, reason=REASON, by=principal, at=timezone.now()
            )


class TestTheList:
    def shown(self, viewer: User, query: str = "") -> list[Scope]:
        response = signed_in(viewer).get(f"/manage/scopes/{query}")
        return [scope for scope, _state in response.context["rows"]]

    def test_shows_what_lies_in_the_viewers_reach(self, principal, outsider, chief, head):
        by = {user: user.scopes.get() for user in (principal, outsider, chief, head)}
        assert self.shown(principal) == [by[principal]]
        assert set(self.shown(chief)) == {by[principal], by[outsider], by[chief]}
        assert set(self.shown(head)) == {by[principal], by[outsider], by[chief], by[head]}

    def test_hides_the_other_sector(self, city, head):
        keeper = make_account()
        theirs = [
            make_scope(keeper, city.facility),
            make_scope(keeper, city.root, "sector_manager", sector="social"),
        ]
        assert not set(self.shown(head)) & set(theirs)

    def test_shows_her_own_wherever_it_is(self, city, principal):
        elsewhere = make_scope(principal, city.root, "aggregate_viewer")
        assert elsewhere in self.shown(principal)

    def test_of_an_administrator_shows_all(self, administrator, principal, outsider):
        assert len(self.shown(administrator)) == 2

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?person=duc le", {"principal"}),
            ("?person=000103", {"outsider"}),
            ("?unit=TH1", {"principal"}),
            ("?unit=truong", {"principal", "outsider"}),
            ("?unit=xa mot", {"principal", "outsider", "chief"}),
            ("?unit=PGD", set()),
            ("?role=monitor", set()),
            ("?state=in-force", {"principal", "chief"}),
            ("?state=over", {"outsider"}),
            ("?state=no-such", {"principal", "outsider", "chief"}),
        ],
    )
    def test_finds_by_person_unit_role_and_state(self, request, chief, query, found):
        cast = {name: request.getfixturevalue(name) for name in ("principal", "outsider")}
        cast["outsider"].scopes.update(ended_on=TODAY - DAY)
        cast["chief"] = chief
        assert {scope.user for scope in self.shown(chief, query)} == {cast[n] for n in found}

    @pytest.mark.parametrize(
        "query", ["?unit=THCS2", "?unit=XA1", "?person=000103", "?page=2", "?state="]
    )
    def test_no_parameter_widens_it(self, principal, outsider, chief, query):
        assert {scope.user for scope in self.shown(principal, query)} <= {principal}

    @pytest.mark.parametrize("role", ["monitor", "aggregate_viewer"])
    def test_is_not_for_those_who_only_look(self, city, role):
        viewer = make_account()
        make_scope(viewer, city.root, role)
        assert signed_in(viewer).get("/manage/scopes/").status_code == 403

    def test_takes_as_many_queries_for_many_as_for_one(
        self, city, chief, django_assert_max_num_queries
    ):
        session = signed_in(chief)

        def count() -> int:
            with django_assert_max_num_queries(20) as captured:
                session.get("/manage/scopes/?unit=TH1")
            return len(captured)

        make_scope(make_account(make_member(city.school)), city.school, granted_by=chief)
        before = count()
        for _ in range(10):
            granter = make_account(make_member(city.school))
            make_scope(make_account(make_member(city.school)), city.school, granted_by=granter)
        assert count() == before

    def test_turns_pages(self, city, chief):
        for _ in range(51):
            make_scope(make_account(make_member(city.school)), city.school)
        page = signed_in(chief).get("/manage/scopes/?role=unit_manager&page=2")
        assert len(page.context["rows"]) == 2  # 51 and her own
        assert "?role=unit_manager&amp;page=1" in page.content.decode()


class TestWhoSeesAUnit:
    def test_those_of_the_unit_and_those_above(self, city, principal, outsider, chief, head):
        social = make_account()
        make_scope(social, city.root, "sector_manager", sector="social")
        seers = [scope.user for scope in scopes_over(city.school, on=TODAY)]
        assert seers == [head, chief, principal]

    def test_no_closed_account_and_nothing_that_is_over(self, city, principal, chief):
        User.objects.filter(pk=chief.pk).update(is_active=False)
        principal.scopes.update(ended_on=TODAY - DAY)
        assert not scopes_over(city.school, on=TODAY).exists()

    def test_is_told_to_whoever_manages_it(self, principal, chief):
        text = signed_in(principal).get("/manage/scopes/?unit=TH1").content.decode()
        assert "Ai xem được Trường Tiểu học Một" in text
        assert str(chief) in text

    @pytest.mark.parametrize("code", ["XA1", "THCS2", "TP"])
    def test_and_of_no_other_unit(self, principal, chief, code):
        response = signed_in(principal).get(f"/manage/scopes/?unit={code}")
        assert response.context["unit"] is None
        assert str(chief) not in response.content.decode()


class TestExport:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_holds_what_the_list_shows_and_is_logged(self, principal, outsider, kind):
        response = signed_in(principal).get(f"/manage/scopes.{kind}")
        cells = cells_of(response.getvalue(), kind)
        assert len(cells) == 2
        assert cells[1][:3] == ["Lê Văn Đức", "000102", "TH1"]
        entry = AuditEntry.objects.get(action="export")
        assert entry.detail == {"list": "scopes", "entries": 1, "kind": kind}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_has_no_cell_that_is_a_formula(self, principal, kind):
        principal.scopes.update(reason="=HYPERLINK(1)")
        response = signed_in(principal).get(f"/manage/scopes.{kind}")
        cells = cells_of(response.getvalue(), kind)
        assert "'=HYPERLINK(1)" in cells[1]

    def test_no_parameter_widens_it(self, principal, outsider):
        response = signed_in(principal).get("/manage/scopes.csv?unit=THCS2&person=000103")
        assert "000103" not in response.getvalue().decode()


class TestFindingWhom:
    def found(self, viewer: User, words: str) -> list[str]:
        return [each.code for each in candidates(words, viewer, on=TODAY)]

    def test_by_name_in_any_order_without_marks(self, principal, deputy):
        assert self.found(principal, "yen do") == [deputy.person.code]

    def test_by_code_and_e_mail(self, principal, deputy):
        User.objects.filter(pk=deputy.pk).update(email="yen@truong.example")
        for words in (deputy.person.code, "yen@truong"):
            assert self.found(principal, words) == [deputy.person.code]

    def test_nobody_of_another_unit_and_not_herself(self, principal, outsider):
        assert self.found(principal, "000103") == []
        assert self.found(principal, "000102") == []

    @pytest.mark.parametrize("words", ["", " ", "y"])
    def test_too_little_finds_nobody(self, principal, deputy, words):
        assert self.found(principal, words) == []

    def test_whole_words_first_and_among_them_accounts(self, city, principal):
        chau = make_account(make_member(city.school, given_name="Châu"))
        unknown = make_member(city.school, given_name="Hậu", family_name="An")
        hau = make_account(make_member(city.school, given_name="Hậu"))
        expected = [hau.person.code, unknown.code, chau.person.code]
        assert self.found(principal, "nguyen hau")[0] == hau.person.code
        assert self.found(principal, "thi hau") == expected

    def test_a_whole_user_name_or_address_before_a_part_of_one(self, administrator):
        make_account(username="an.so", email="so@an.example")
        for name in ("an", "so2"):
            make_account(username=name, email=f"{name}@x.example")
        assert self.found(administrator, "an") == ["an", "an.so"]
        assert self.found(administrator, "so@an.example") == ["an.so"]

    def test_of_many_cuts_off_the_parts(self, city, principal):
        for _ in range(25):
            make_account(make_member(city.school, given_name="Châu"))
        person = make_member(city.school, given_name="Hậu")
        assert self.found(principal, "hau")[0] == person.code

    def test_says_in_which_unit(self, city, chief, deputy):
        text = signed_in(chief).get("/manage/scopes/new/?q=yen").content.decode()
        assert f"{deputy.person.code} · Trường Tiểu học Một" in text

    def test_says_that_one_letter_is_too_few(self, principal):
        text = signed_in(principal).get("/manage/scopes/new/?q=y").content.decode()
        assert "Hãy ghi ít nhất hai chữ cái" in text
        assert "Không tìm thấy" not in text

    def test_takes_as_many_queries_for_many_as_for_one(
        self, city, principal, deputy, django_assert_num_queries
    ):
        session = signed_in(principal)
        address = "/manage/scopes/new/?q=thi"
        session.get(address)
        with CaptureQueriesContext(connection) as few:
            session.get(address)
        for _ in range(5):
            make_account(make_member(city.school))
            make_member(city.school)
        with django_assert_num_queries(len(few)):
            session.get(address)

    def test_an_administrator_finds_accounts_without_a_person(self, administrator):
        make_account(username="thanhtra", email="thanhtra@so.example")
        assert self.found(administrator, "thanhtra@so") == ["thanhtra"]

    def test_says_who_has_no_account_yet_and_how_to_change_that(self, city, principal):
        person = make_member(city.school, given_name="Chưa")
        text = signed_in(principal).get("/manage/scopes/new/?q=chua").content.decode()
        assert "Chưa có tài khoản" in text
        assert f"/manage/people/{person.pk}/code/" in text


class TestTheForm:
    def address(self, account: User) -> str:
        return f"/manage/scopes/new/?account={account.pk}"

    def test_grants_what_was_filled_in(self, principal, deputy):
        response = signed_in(principal).post(self.address(deputy), filled("TH1"))
        scope = deputy.scopes.get()
        assert response.url == f"/manage/scopes/{scope.pk}/"
        assert (scope.unit.code, scope.role, scope.reason) == ("TH1", "unit_manager", REASON)

    def test_offers_a_principal_her_one_unit(self, principal, deputy):
        form = signed_in(principal).get(self.address(deputy)).context["form"]
        assert [code for code, _name in form.fields["unit"].choices] == ["TH1"]

    def test_offers_units_of_the_sector_and_shared_ones(self, city, head):
        shared = make_unit("XA9", parent=city.root, kind="commune", sector="")
        codes = {unit.code for unit in units_to_grant(head, on=TODAY)}
        assert {shared.code, "TH1"} <= codes
        assert "BTXH" not in codes

    def test_asks_for_no_sector_where_there_is_but_one(self, principal, chief, deputy):
        for granter, is_asked in ((principal, False), (chief, True)):
            form = signed_in(granter).get(self.address(deputy)).context["form"]
            assert ("sector" in form.fields) is is_asked
            roles = {role for role, _words in form.fields["role"].choices}
            assert ("sector_manager" in roles) is is_asked

    def test_confines_a_sector_manager_to_her_sector(self, head, deputy):
        session = signed_in(head)
        form = session.get(self.address(deputy)).context["form"]
        assert [sector for sector, _name in form.fields["sector"].choices] == ["education"]
        for sector in ("", "social"):
            session.post(self.address(deputy), filled("TH1", sector=sector))
        assert not deputy.scopes.exists()
        session.post(self.address(deputy), filled("TH1", sector="education"))
        assert deputy.scopes.get().sector == "education"

    @pytest.mark.parametrize("unit", ["THCS2", "XA1", "TP", ""])
    def test_takes_no_unit_beyond_reach(self, principal, deputy, unit):
        signed_in(principal).post(self.address(deputy), filled(unit))
        assert not deputy.scopes.exists()

    def test_of_many_units_finds_one_by_its_words(self, city, chief, deputy, monkeypatch):
        monkeypatch.setattr("people.forms.scopes.MOST_TO_CHOOSE", 1)
        session = signed_in(chief)
        text = session.post(self.address(deputy), filled("truong")).content.decode()
        assert "Có 2 đơn vị như vậy" in text
        session.post(self.address(deputy), filled("tieu hoc mot"))
        assert deputy.scopes.get().unit == city.school

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"reason": ""}, "Hãy ghi lý do"),
            ({"reason": "x"}, "Hãy ghi rõ hơn"),
            ({"role": ""}, "Hãy chọn"),
            ({"role": "sector_manager"}, "cần một ngành"),
            ({"started_on": "31/02/2026"}, "Ngày chưa đúng"),
            ({"started_on": "01/01/2020"}, "lùi ngày"),
            ({"ended_on": "01/01/2020"}, "Ngày cuối phải"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, chief, deputy, fields, words):
        response = signed_in(chief).post(self.address(deputy), filled("TH1", **fields))
        assert words in response.content.decode()
        assert not deputy.scopes.exists()

    def test_knows_nobody_beyond_reach(self, principal, outsider, learner):
        session = signed_in(principal)
        for key in (outsider.pk, principal.pk, 0, "x", "²"):
            address = f"/manage/scopes/new/?account={key}"
            assert session.get(address).status_code == 404
            assert session.post(address, filled("TH1")).status_code == 404
        assert not Scope.objects.filter(user=outsider, unit__code="TH1").exists()

    def test_other_fields_are_not_taken(self, principal, deputy, outsider):
        sneaked = filled("TH1", user=str(outsider.pk), granted_by=str(outsider.pk))
        signed_in(principal).post(self.address(deputy), sneaked)
        assert deputy.scopes.get().granted_by == principal


class TestThePage:
    @pytest.fixture
    def scope(self, city, principal, deputy) -> Scope:
        return grant(wanted(deputy, city.school), by=principal)

    def address(self, scope: Scope) -> str:
        return f"/manage/scopes/{scope.pk}/"

    def post(self, viewer: User, scope: Scope, **fields: str):
        return signed_in(viewer).post(self.address(scope), fields)

    def test_revokes_at_once(self, principal, scope):
        today = f"{TODAY:%d/%m/%Y}"
        self.post(principal, scope, action="revoke", on=today, reason=REASON)
        assert not Scope.objects.granted_to(scope.user).exists()

    def test_moves_the_last_day(self, principal, scope):
        self.post(principal, scope, action="change", ended_on="31/12/2099", reason=REASON)
        scope.refresh_from_db()
        assert scope.ended_on == date(2099, 12, 31)

    def test_tells_its_history(self, principal, scope):
        self.post(principal, scope, action="change", ended_on="31/12/2099", reason="Hết nhiệm kỳ")
        text = signed_in(principal).get(self.address(scope)).content.decode()
        assert REASON in text
        assert "Hết nhiệm kỳ" in text

    def test_wants_a_reason(self, principal, scope):
        response = self.post(principal, scope, action="revoke", on=f"{TODAY:%d/%m/%Y}")
        assert "Hãy ghi lý do" in response.content.decode()
        assert Scope.objects.granted_to(scope.user).exists()

    def test_offers_nothing_on_ones_own(self, principal):
        text = signed_in(principal).get(self.address(principal.scopes.get())).content.decode()
        assert "Không tự thu hồi" in text
        assert 'name="reason"' not in text

    def test_does_nothing_on_ones_own(self, principal):
        own = principal.scopes.get()
        self.post(principal, own, action="revoke", on=f"{TODAY:%d/%m/%Y}", reason=REASON)
        assert Scope.objects.granted_to(principal).get() == own

    def test_does_not_exist_for_an_outsider(self, outsider, scope):
        for action in ("revoke", "change", ""):
            answer = self.post(
                outsider, scope, action=action, on=f"{TODAY:%d/%m/%Y}", reason=REASON
            )
            assert answer.status_code == 404
        assert signed_in(outsider).get(self.address(scope)).status_code == 404
        assert Scope.objects.granted_to(scope.user).exists()

    def test_takes_as_many_queries_whatever_its_history(
        self, principal, scope, django_assert_max_num_queries
    ):
        session = signed_in(principal)

        def count() -> int:
            with django_assert_max_num_queries(25) as captured:
                session.get(self.address(scope))
            return len(captured)

        before = count()
        for number in range(5):
            day = TODAY + (number + 1) * DAY
            change_last_day(scope, day, reason=REASON, by=principal, at=timezone.now())
        assert count() == before
