"""The manager's pages: what they show, and to whom they show nothing."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from people.models import Membership, Scope, Unit
from people.services.units import close_unit
from reports.models import Target
from tests.factories import make_account, make_member, make_run, make_scope, make_unit
from tests.reports.builders import certify, revoke

DAY = "as_of=2026-11-21"
MAX_QUERIES = 20


def unit_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/?{query}"


def people_address(code: str, query: str = DAY) -> str:
    return f"/manage/units/{code}/people/?{query}"


@pytest.fixture
def staff(city, course, target):
    """Ten in each of two schools, six of them certified; two carers of the social sector."""
    for school in (city.school, city.other_school):
        for number in range(10):
            person = make_member(school, sex="male" if number % 2 else "female")
            if number < 6:
                certify(person, course, modules=course.modules.all())
    for _ in range(2):
        make_member(city.facility, group="carer", sex="female")


@pytest.fixture
def see(client):
    """Open an address as somebody; gives the page's text."""

    def _see(user, address, status=200):
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == status, (address, response.status_code)
        return response.content.decode()

    return _see


class TestUnitPage:
    @pytest.mark.usefixtures("staff")
    def test_says_what_an_official_would_write(self, see, principal):
        """The principal is one of eleven: 6 ÷ 11 is 54,54… %, rounded down."""
        text = " ".join(see(principal, unit_address("TH1")).split())
        assert "Đạt 54,5 % (6/11); nữ 60,0 %; cần thêm 3 người để đạt 80 %." in text

    @pytest.mark.usefixtures("staff")
    def test_draws_a_tick_for_each_threshold_and_says_the_figure_aloud(self, see, principal):
        Target.objects.create(
            code="CT-2030",
            title="95",
            percent=95,
            due_on=date(2030, 12, 31),
            started_on=date(2026, 1, 1),
        )
        text = see(principal, unit_address("TH1"))
        assert 'x1="80%"' in text
        assert 'x1="95%"' in text
        assert 'role="img" aria-label="Biểu đồ: đạt 54,5 %, 6 trên 11 người' in text
        assert "style=" not in text

    @pytest.mark.usefixtures("staff")
    def test_ranks_units_by_people_still_missing(self, see, city, city_manager):
        make_member(city.other_school)
        text = see(city_manager, unit_address("XA1"))
        assert text.index("Trường THCS Hai") < text.index("Trường Tiểu học Một")
        assert "/manage/units/THCS2/?" in text

    @pytest.mark.usefixtures("staff")
    def test_keeps_support_staff_apart(self, see, city, principal):
        make_member(city.school, group="support")
        text = see(principal, unit_address("TH1"))
        assert "Các nhóm khác, không tính vào chỉ tiêu" in text
        assert "6/11" in text

    def test_the_figure_moves_by_one_person_at_every_level(
        self, see, city, course, target, city_manager, learner
    ):
        before = [see(city_manager, unit_address(code)) for code in ("TP", "HCC", "XA1", "TH1")]
        certify(learner, course, modules=course.modules.all())
        after = [see(city_manager, unit_address(code)) for code in ("TP", "HCC", "XA1", "TH1")]
        assert all("(0/1)" in text for text in before)
        assert all("(1/1)" in text for text in after)

    @pytest.mark.usefixtures("staff")
    @pytest.mark.parametrize("schools", [0, 15])
    def test_takes_few_queries_however_many_units(
        self, client, city, city_manager, schools, django_assert_max_num_queries
    ):
        for number in range(schools):
            make_member(make_unit(f"T{number}", parent=city.commune))
        client.force_login(city_manager)
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get(unit_address("XA1"))

    def test_without_people_it_says_so(self, see, city, target, city_manager):
        text = see(city_manager, unit_address("PGD"))
        assert "Không có ai thuộc chỉ tiêu này tại đơn vị vào ngày 21/11/2026" in text

    def test_before_the_first_list_it_gives_no_percentage(self, see, target, principal):
        text = see(principal, unit_address("TH1", "as_of=2015-01-01"))
        assert "headline__figure" in text or "Không có ai" in text
        from people.models import RosterList

        RosterList.objects.update(as_of=date(2026, 1, 1))
        text = see(principal, unit_address("TH1", "as_of=2025-12-31"))
        assert "Chưa có danh sách nhân sự tính đến ngày 31/12/2025" in text
        assert "headline__figure" not in text

    def test_without_targets_it_says_whom_to_ask(self, see, principal):
        assert "Chưa có chỉ tiêu nào" in see(principal, unit_address("TH1"))

    def test_of_a_closed_unit_it_offers_the_last_day(self, see, city, target, outsider):
        Membership.objects.filter(unit=city.other_school).update(ended_on=date(2025, 6, 30))
        close_unit(city.other_school, last_day=date(2025, 6, 30))
        text = see(outsider, unit_address("THCS2"))
        assert "không hoạt động vào ngày 21/11/2026" in text
        assert "as_of=2025-06-30" in text

    def test_a_day_it_cannot_read_is_said_beside_the_field(self, see, target, principal):
        assert "Không đọc được ngày này" in see(principal, unit_address("TH1", "as_of=hôm-nao"))


@pytest.mark.usefixtures("target")
class TestIndex:
    def test_leads_a_principal_to_her_school(self, client, principal):
        client.force_login(principal)
        assert client.get("/manage/")["Location"] == "/manage/units/TH1/"

    def test_offers_a_choice_of_several_units(self, see, city, principal):
        make_scope(principal, city.facility, "monitor")
        text = see(principal, "/manage/")
        assert "Trường Tiểu học Một" in text
        assert "Mái ấm Ba" in text

    def test_leaves_out_units_below_another_of_her_units(self, client, city, principal):
        make_scope(principal, city.commune, "monitor")
        client.force_login(principal)
        assert client.get("/manage/")["Location"] == "/manage/units/XA1/"

    def test_says_so_when_her_unit_has_ended(self, see, city, outsider):
        Membership.objects.filter(unit=city.other_school).update(ended_on=date(2025, 6, 30))
        close_unit(city.other_school, last_day=date(2025, 6, 30))
        assert "Không đơn vị nào trong phạm vi quản lý hoạt động" in see(outsider, "/manage/")

    def test_a_superuser_starts_at_the_root(self, client, city):
        client.force_login(make_account(username="goc", is_superuser=True))
        assert client.get("/manage/")["Location"] == "/manage/units/TP/"


class TestPeoplePage:
    @pytest.mark.usefixtures("staff")
    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("", 11),
            ("&done=yes", 6),
            ("&done=no", 5),
            ("&sex=female", 5),
            ("&sex=female&done=yes", 3),
            ("&group=manager", 1),
            ("&group=support", 0),
            ("&group=không-có", 11),
        ],
    )
    def test_lists_exactly_those_behind_the_figure(self, client, principal, query, count):
        client.force_login(principal)
        page = client.get(people_address("TH1", DAY + query)).context["page"]
        assert page.paginator.count == count

    def test_finds_a_name_typed_without_marks(self, see, target, learner, principal):
        text = see(principal, people_address("TH1", f"{DAY}&q=tran hanh"))
        assert "Trần Ngọc Hạnh" in text
        assert "Lê Văn Đức" not in text

    def test_masks_a_national_number(self, see, city, target, principal):
        make_member(city.school, code="079085001234")
        text = see(principal, people_address("TH1"))
        assert "079••••••234" in text
        assert "079085001234" not in text

    @pytest.mark.usefixtures("staff")
    def test_takes_few_queries_however_many_people(
        self, client, city, city_manager, django_assert_max_num_queries
    ):
        client.force_login(city_manager)
        with django_assert_max_num_queries(MAX_QUERIES):
            client.get(people_address("TP"))

    def test_turns_pages_and_keeps_the_filter(self, see, city, target, principal):
        for _ in range(60):
            make_member(city.school, sex="male")
        text = see(principal, people_address("TH1", f"{DAY}&sex=male"))
        assert "sex=male&amp;page=2" in text
        assert "Trang 1/2" in text

    def test_nobody_found_offers_a_way_back(self, see, target, principal):
        text = see(principal, people_address("TH1", f"{DAY}&q=khongcoai"))
        assert "Xóa bộ lọc" in text

    def test_of_a_sector_manager_holds_her_sector_only(self, client, city, course, social_manager):
        everyone = Target.objects.create(
            code="TATCA",
            title="Tất cả",
            percent=80,
            due_on=date(2027, 12, 31),
            started_on=date(2026, 1, 1),
        )
        make_member(city.school)
        make_member(city.facility, group="carer")
        client.force_login(social_manager)
        address = people_address("TP", f"{DAY}&target={everyone.code}")
        assert client.get(address).context["page"].paginator.count == 1
        figures = client.get(unit_address("TP", f"{DAY}&target=TATCA")).context["figures"]
        assert figures.headline.everyone.coverage.required == 1


class TestPersonPage:
    def test_says_why_a_run_is_not_complete(self, see, city, course, target, learner, principal):
        make_run(course, units=[city.root])
        text = see(principal, f"/manage/people/{learner.pk}/")
        assert "Vì sao chưa hoàn thành?" in text
        assert "cần đọc bài." in text
        assert "Chưa ghi nhận gì." in text

    def test_shows_every_post_and_certificate(self, see, course, learner, principal):
        good = certify(learner, course)
        revoked = certify(learner, course, on=date(2026, 2, 1))
        revoke(revoked, on=date(2026, 3, 1))
        text = see(principal, f"/manage/people/{learner.pk}/")
        assert reverse("certificates:verify", args=[good.pk]) in text
        assert "Đã thu hồi" in text
        assert "Trường Tiểu học Một" in text

    def test_without_runs_it_says_what_to_do(self, see, learner, principal):
        assert "Chưa thuộc đợt bồi dưỡng nào" in see(principal, f"/manage/people/{learner.pk}/")


@pytest.mark.usefixtures("staff")
class TestWhoMaySee:
    def addresses(self, person):
        return [
            "/manage/",
            unit_address("TH1"),
            people_address("TH1"),
            f"/manage/people/{person.pk}/?{DAY}",
        ]

    def test_nobody_without_signing_in(self, client, learner):
        for address in self.addresses(learner):
            response = client.get(address)
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/login/")

    def test_a_learner_is_told_whom_to_ask(self, see, learner):
        for address in [*self.addresses(learner), unit_address("KHÔNG-CÓ")]:
            assert "Trang này dành cho người quản lý" in see(learner.user, address, 403)

    def test_an_outsider_finds_nothing(self, see, learner, outsider):
        for address in self.addresses(learner)[1:]:
            see(outsider, address, 404)

    def test_a_principal_sees_neither_her_sibling_nor_what_is_above(self, see, city, principal):
        stranger = Membership.objects.filter(unit=city.other_school).first().person_id
        for address in [
            unit_address("THCS2"),
            unit_address("XA1"),
            people_address("TP"),
            f"/manage/people/{stranger}/?{DAY}",
            unit_address("KHÔNG-CÓ"),
        ]:
            see(principal, address, 404)

    def test_what_is_above_is_not_even_a_link(self, see, principal):
        assert "/manage/units/XA1/" not in see(principal, unit_address("TH1"))

    def test_a_withdrawn_scope_closes_the_next_request(self, see, principal):
        see(principal, unit_address("TH1"))
        Scope.objects.filter(user=principal).update(ended_on=date(2020, 1, 1))
        see(principal, unit_address("TH1"), 403)

    def test_a_scope_closes_with_the_account(self, client, principal):
        client.force_login(principal)
        type(principal).objects.filter(pk=principal.pk).update(is_active=False)
        assert client.get(unit_address("TH1")).status_code == 302

    def test_people_of_the_past_are_seen_on_their_day(self, see, learner, principal):
        """She left in June: open to her principal as of May, and no longer as of today."""
        Membership.objects.filter(person=learner).update(ended_on=date(2026, 6, 30))
        see(principal, f"/manage/people/{learner.pk}/?as_of=2026-05-01")
        see(principal, f"/manage/people/{learner.pk}/?{DAY}", 404)


class TestFiguresOnly:
    @pytest.mark.usefixtures("staff")
    def test_sees_figures_and_no_people(self, see, learner, figures_only):
        text = see(figures_only, unit_address("TH1"))
        assert "/people/" not in text
        see(figures_only, people_address("TH1"), 404)
        see(figures_only, f"/manage/people/{learner.pk}/", 404)

    @pytest.mark.usefixtures("staff")
    def test_sees_no_cell_about_fewer_than_five_people(self, client, see, figures_only, city):
        """6 of 10 are complete: 4 are not, and a complement tells as much."""
        text = see(figures_only, unit_address("TH1"))
        assert "Số liệu không được hiện vì liên quan đến quá ít người" in text
        assert "headline__figure" not in text
        assert "6/10" not in text

    @pytest.mark.usefixtures("staff")
    def test_a_hidden_unit_cannot_be_had_from_the_total(self, client, figures_only):
        """Both schools are small on their own; together (12 of 20) they are not."""
        client.force_login(figures_only)
        figures = client.get(unit_address("XA1")).context["figures"]
        assert not figures.headline.everyone.is_withheld
        hidden = {line.code for line in figures.below if line.everyone.is_withheld}
        assert hidden == {"TH1", "THCS2"}

    @pytest.mark.usefixtures("staff")
    def test_gets_no_strict_figure_to_subtract(self, client, figures_only):
        client.force_login(figures_only)
        assert client.get(unit_address("XA1")).context["figures"].strict is None

    def test_the_smallest_cell_is_a_setting(self, client, settings, city, target, figures_only):
        make_member(city.school)
        client.force_login(figures_only)
        settings.SMALLEST_CELL = 0
        figures = client.get(unit_address("TH1")).context["figures"]
        assert not figures.headline.everyone.is_withheld

    def test_with_people_elsewhere_sees_people_there_only(self, see, city, target, principal):
        make_scope(principal, city.root, "aggregate_viewer")
        assert "/people/" in see(principal, unit_address("TH1"))
        assert "/people/" not in see(principal, unit_address("XA1"))
        see(principal, people_address("XA1"), 404)


def test_the_crumbs_hold_units_that_may_be_opened(db, see, city, target, city_manager):
    text = see(city_manager, unit_address("TH1"))
    for code in ("TP", "HCC", "XA1"):
        assert f"/manage/units/{code}/?" in text
    assert Unit.objects.count() > 3
