"""The people behind a figure, and one person's record."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from django.utils import timezone

from certificates.models import Certificate
from people.audit import AuditAction, record
from people.models import Membership, User
from reports.models import Target
from tests.factories import make_account, make_member, make_run
from tests.people.requesting import make_correction
from tests.reports.addresses import DAY, MAX_QUERIES, people_address, person_address, unit_address
from tests.reports.builders import certify, revoke


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

    def test_finds_a_name_typed_without_marks(self, client, target, learner, principal):
        client.force_login(principal)
        page = client.get(people_address("TH1", f"{DAY}&q=tran hanh")).context["page"]
        assert [str(member.person) for member in page] == ["Trần Ngọc Hạnh"]

    def test_says_of_everyone_why_not(self, see, city, course, target, principal):
        certify(make_member(city.school), course, on=date(2019, 8, 15))
        text = see(principal, people_address("TH1", f"{DAY}&done=no"))
        assert "Giấy chứng nhận cũ (15/08/2019), cần học lại." in text
        assert "Chưa bắt đầu học." in text

    def test_when_everyone_is_complete_it_says_so(self, see, course, target, principal):
        certify(principal.person, course)
        text = see(principal, people_address("TH1", f"{DAY}&done=no"))
        assert "Mọi người đã đạt" in text

    def test_a_result_chosen_keeps_the_other_filters(self, client, target, principal):
        client.force_login(principal)
        results = client.get(people_address("TH1", f"{DAY}&sex=male&done=no")).context["results"]
        assert [result.is_chosen for result in results] == [False, True, False]
        assert all("sex=male" in result.query for result in results)
        assert [result.query.count("done=") for result in results] == [0, 1, 1]

    def test_names_the_units_only_where_there_are_several(self, see, learner, target, city_manager):
        assert "Đơn vị công tác" in see(city_manager, people_address("TP"))
        assert "Đơn vị công tác" not in see(city_manager, people_address("TH1"))

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
        text = see(principal, person_address(learner.pk))
        assert "Vì sao chưa hoàn thành?" in text
        assert "chưa bắt đầu." in text

    def test_shows_every_post_and_certificate(self, see, course, learner, principal):
        good = certify(learner, course)
        revoked = certify(learner, course, on=date(2026, 2, 1))
        revoke(revoked, on=date(2026, 3, 1))
        text = see(principal, person_address(learner.pk))
        assert reverse("certificates:verify", args=[good.pk]) in text
        assert "Đã thu hồi" in text
        assert "Trường Tiểu học Một" in text

    def test_tells_where_certificates_come_from_once(self, see, course, target, learner, principal):
        for day in (date(2019, 6, 15), date(2020, 6, 15)):
            certify(learner, course, on=day)
        elsewhere = certify(learner, course, on=date(2021, 6, 15))
        Certificate.objects.filter(pk=elsewhere.pk).update(issuer="Sở thử")
        text = see(principal, person_address(learner.pk))
        assert text.count("Trường thử cấp, ghi nhận tại đây.") == 1
        assert text.count("Sở thử cấp, ghi nhận tại đây.") == 1
        assert [text.count(f'href="#origin-{note}"') for note in (1, 2, 3)] == [1, 2, 0]
        assert text.count("CT-2027 chỉ tính giấy từ 01/01/2026") == 1

    def test_says_nothing_of_the_targets_first_day_where_all_count(
        self, see, course, target, learner, principal
    ):
        certify(learner, course, on=date(2026, 6, 15))
        assert "chỉ tính giấy từ" not in see(principal, person_address(learner.pk))

    def test_leads_back_to_the_people(self, see, learner, principal):
        assert '<li><a href="/manage/people/">Nhân sự</a></li>' in see(
            principal, person_address(learner.pk)
        )

    def test_says_whether_the_target_counts_her(self, see, course, target, learner, principal):
        assert "Chưa bắt đầu học." in see(principal, person_address(learner.pk))
        certify(learner, course, on=date(2026, 6, 15))
        text = see(principal, person_address(learner.pk))
        assert "Tính vào CT-2027 theo giấy chứng nhận ngày 15/06/2026." in text

    def test_says_that_the_target_leaves_her_out(self, see, city, target, principal):
        helper = make_member(city.school, group="support")
        text = see(principal, person_address(helper.pk))
        assert "Hiện không thuộc chỉ tiêu CT-2027." in text

    def test_without_runs_it_says_what_to_do(self, see, learner, principal):
        assert "Chưa thuộc đợt bồi dưỡng nào" in see(principal, person_address(learner.pk))


class TestWhereSheWorks:
    """The head of her page is of today, whatever is known of later days."""

    @pytest.fixture
    def leaving(self, learner):
        """Her last day in her school."""
        last = timezone.localdate() + timedelta(days=60)
        learner.memberships.update(ended_on=last)
        return last

    def add(self, person, unit, first, *, position="teacher") -> None:
        Membership.objects.create(
            person=person, unit=unit, staff_group="teacher", position=position, started_on=first
        )

    def head(self, text: str) -> str:
        return text[text.index('class="eyebrow"') : text.index("<h2>")]

    def test_is_todays_though_she_moves_later(self, see, city, learner, leaving, principal):
        first = leaving + timedelta(days=1)
        self.add(learner, city.other_school, first)
        text = see(principal, person_address(learner.pk))
        head = self.head(text)
        assert "Giáo viên · Trường Tiểu học Một" in head
        assert f"Từ {first:%d/%m/%Y} sẽ chuyển đến Trường THCS Hai: Giáo viên." in head
        assert f">từ {first:%d/%m/%Y}<" in text
        assert f"{first:%d/%m/%Y} – nay" not in text

    def test_tells_another_post_in_the_same_unit(self, see, city, learner, leaving, principal):
        first = leaving + timedelta(days=1)
        self.add(learner, city.school, first, position="team_leader")
        head = self.head(see(principal, person_address(learner.pk)))
        assert (
            f"Từ {first:%d/%m/%Y}: Giáo viên, Tổ trưởng chuyên môn · Trường Tiểu học Một." in head
        )

    def test_tells_when_it_ends(self, see, learner, leaving, principal):
        head = self.head(see(principal, person_address(learner.pk)))
        assert f"Làm việc ở đây đến hết {leaving:%d/%m/%Y}." in head

    def test_of_who_has_left_is_told_as_past(self, see, learner):
        administrator = make_account(username="quantri", is_superuser=True)
        learner.memberships.update(ended_on=date(2026, 5, 31))
        head = self.head(see(administrator, person_address(learner.pk)))
        assert "Giáo viên · Trường Tiểu học Một, đến hết 31/05/2026" in head


class TestWhatCanBeDone:
    ACTS = ("correct", "post", "move", "end", "merge", "code")

    def test_is_offered_to_who_manages_her(self, see, learner, principal):
        text = see(principal, person_address(learner.pk))
        for act in self.ACTS:
            assert f"/manage/people/{learner.pk}/{act}/" in text
        row = learner.memberships.get()
        assert f"/manage/people/{learner.pk}/posts/{row.pk}/days/" in text

    def test_not_to_who_only_reads(self, see, learner, city_manager):
        text = see(city_manager, person_address(learner.pk))
        for act in (*self.ACTS, "posts"):
            assert f"/manage/people/{learner.pk}/{act}/" not in text

    def test_not_about_oneself(self, see, principal):
        text = see(principal, person_address(principal.person_id))
        assert f"/manage/people/{principal.person_id}/end/" not in text

    def test_of_rows_in_another_school_nothing(self, see, city, principal):
        person = make_member(city.other_school, ended_on=date(2025, 8, 31))
        there = person.memberships.get()
        Membership.objects.create(
            person=person, unit=city.school, staff_group="teacher", started_on=date(2025, 9, 1)
        )
        assert f"/posts/{there.pk}/" not in see(principal, person_address(person.pk))


class TestWhatIsKnown:
    def test_who_vouched_for_what_was_recorded(self, see, course, learner, principal):
        clerk = make_account(make_member(learner.memberships.get().unit, given_name="Thư"))
        certify(learner, course)
        Certificate.objects.update(is_recorded=True, vouched_by=clerk, issuer="Trường Bồi dưỡng")
        text = see(principal, person_address(learner.pk))
        assert "Trường Bồi dưỡng cấp" in text
        assert f"Người xác nhận: {clerk}." in text
        assert "Không có tệp minh chứng." in text

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({}, "Chưa đăng nhập lần nào"),
            ({"is_active": False}, "Đã khóa"),
            ({"last_login": datetime(2026, 11, 20, tzinfo=UTC)}, "Đăng nhập gần nhất 20/11/2026"),
            ({"password": make_password(None)}, "Chưa kích hoạt"),
        ],
    )
    def test_how_the_account_stands(self, see, learner, principal, fields, words):
        User.objects.filter(person=learner).update(**fields)
        assert words in see(principal, person_address(learner.pk))

    def test_who_has_no_account(self, see, city, principal):
        assert "Chưa có" in see(principal, person_address(make_member(city.school).pk))

    def test_what_was_changed_by_whom_and_why_but_not_who_looked(self, see, learner, principal):
        record(
            AuditAction.PERSON_MOVED,
            actor=principal,
            subject=learner,
            detail={"unit": ["TH1"], "from": "2026-09-01", "reason": "QĐ 12"},
        )
        for _ in range(2):
            text = see(principal, person_address(learner.pk))
        assert "Chuyển đơn vị" in text
        assert "QĐ 12" in text
        assert "Xem hồ sơ" not in text

    def test_what_she_asked_to_have_corrected(self, see, learner, principal):
        asked = make_correction(learner)
        text = see(principal, person_address(learner.pk))
        assert f"/manage/corrections/{asked.pk}/" in text
        assert "Đang chờ trả lời" in text
