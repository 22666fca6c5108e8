"""Finding two rows of one person, comparing, confirming, undoing: what a manager sees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from people.models import Membership, Person, PersonMerge, User
from tests.factories import make_account, make_member, make_scope
from tests.people.merging import merge

pytestmark = pytest.mark.django_db
QUERIES = 11  # of the list, the session and the navigation among them


@pytest.fixture
def officer(city) -> User:
    user = make_account(username="xa")
    make_scope(user, city.commune)
    return user


@pytest.fixture
def manager(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def double(city) -> Person:
    """The learner under another code, at the other school."""
    return make_member(
        city.other_school, code="000901", family_name="TRẦN", middle_name="Ngọc", given_name="Hạnh"
    )


def address(kept: Person, gone: Person) -> str:
    return f"/manage/people/{kept.pk}/merge/{gone.pk}/"


def confirmed(client, kept: Person, gone: Person, **sent: str):
    """The form as the page gives it, confirmed."""
    shown = client.post(address(kept, gone), sent)
    expected = shown.context["form"].initial["expected"]
    return client.post(
        address(kept, gone),
        {**sent, "confirm": "yes", "reason": "Đã đối chiếu hồ sơ", "expected": expected},
    )


class TestPossibleDuplicates:
    def test_have_one_name_and_birth_date_however_it_is_written(self, manager, learner, double):
        text = manager.get("/manage/people/duplicates/").content.decode()
        assert address(learner, double) in text

    def test_are_not_people_of_another_birth_date(self, manager, learner, double):
        Person.objects.filter(pk=double.pk).update(birth_date="1986-04-05")
        text = manager.get("/manage/people/duplicates/").content.decode()
        assert "Không có hồ sơ nào giống nhau" in text

    def test_are_not_shown_beyond_ones_people(self, client, principal, learner, double):
        client.force_login(principal)
        text = client.get("/manage/people/duplicates/").content.decode()
        assert "000901" not in text

    def test_are_gone_once_merged(self, manager, officer, learner, double):
        merge(learner, double, by=officer, memberships="kept")
        text = manager.get("/manage/people/duplicates/").content.decode()
        assert "000901" not in text

    def test_take_the_same_few_queries_however_many(
        self, manager, city, learner, double, django_assert_num_queries
    ):
        with django_assert_num_queries(QUERIES):
            manager.get("/manage/people/duplicates/")
        for number in range(10):
            for unit in (city.school, city.other_school):
                make_member(unit, middle_name=f"M{number}", given_name="An")
        with django_assert_num_queries(QUERIES):
            manager.get("/manage/people/duplicates/")

    def test_lead_to_the_records(self, manager, learner, double):
        text = manager.get("/manage/people/duplicates/").content.decode()
        for person in (learner, double):
            assert f'href="/manage/people/{person.pk}/"' in text

    def test_are_turned_by_pages(self, manager, city):
        for number in range(30):
            for unit in (city.school, city.other_school):
                make_member(unit, middle_name=f"M{number:02d}", given_name="An")
        pages = [
            manager.get(f"/manage/people/duplicates/?page={number}").content.decode()
            for number in (1, 2)
        ]
        assert [page.count("<section") for page in pages] == [25, 5]


class TestFindingTheOther:
    def test_offers_namesakes_first(self, manager, learner, double):
        text = manager.get(f"/manage/people/{learner.pk}/merge/").content.decode()
        assert address(learner, double) in text

    def test_searches_by_name_or_code(self, manager, city, learner):
        other = make_member(city.school, code="X77", given_name="Yến")
        for words in ("yen", "x77"):
            page = manager.get(f"/manage/people/{learner.pk}/merge/", {"q": words})
            assert address(learner, other) in page.content.decode()

    def test_finds_nobody_beyond_ones_people(self, client, principal, learner, double):
        client.force_login(principal)
        page = client.get(f"/manage/people/{learner.pk}/merge/", {"q": "000901"})
        assert "Không có ai phù hợp" in page.content.decode()

    def test_lists_earlier_merges(self, manager, officer, learner, double):
        done = merge(learner, double, by=officer, memberships="kept")
        text = manager.get(f"/manage/people/{learner.pk}/merge/").content.decode()
        assert f"/manage/people/merges/{done.pk}/" in text


class TestComparing:
    def test_changes_nothing(self, manager, learner, double):
        manager.get(address(learner, double))
        manager.post(address(learner, double), {"choice-memberships": "kept"})
        assert not PersonMerge.objects.exists()

    def test_asks_where_they_differ_before_saying_what_will_happen(self, manager, learner, double):
        first = manager.get(address(learner, double)).content.decode()
        assert "Theo hồ sơ nào?" in first
        assert "Điều sẽ xảy ra" not in first
        then = manager.post(address(learner, double), {"choice-memberships": "kept"})
        assert "Điều sẽ xảy ra" in then.content.decode()

    def test_says_at_once_what_will_happen_where_nothing_differs(self, manager, city, learner):
        same = make_member(
            city.school, code="000902", family_name="Trần", middle_name="Ngọc", given_name="Hạnh"
        )
        assert "Điều sẽ xảy ra" in manager.get(address(learner, same)).content.decode()

    def test_an_answer_left_out_is_asked_for_again(self, manager, learner, double):
        text = manager.post(address(learner, double)).content.decode()
        assert "Hãy chọn một mục." in text

    def test_what_the_answers_bring_up_is_asked_too(self, manager, city, learner, double):
        make_scope(make_account(double), city.other_school)
        sent = {"choice-memberships": "kept", "choice-account": "kept", "choice-full_name": "kept"}
        text = manager.post(address(learner, double), sent).content.decode()
        assert "Làm gì với phạm vi ấy?" in text

    def test_tells_positions_and_leave_apart(self, manager, city, learner, double):
        Membership.objects.filter(person=double).update(
            unit=city.school, position="team_leader", status="maternity_leave"
        )
        text = manager.get(address(learner, double)).content.decode()
        assert "Giáo viên, Tổ trưởng chuyên môn, nghỉ thai sản" in text
        after = manager.post(address(learner, double), {"choice-memberships": "gone"})
        career = next(each for each in after.context["plan"].consequences if "sau khi" in each)
        assert "Tổ trưởng chuyên môn, nghỉ thai sản (" in career

    def test_a_stay_that_is_still_to_come_is_not_told_as_the_present(
        self, manager, city, learner, double
    ):
        first = timezone.localdate() + timedelta(days=30)
        alike = {"unit": city.school, "ended_on": first - timedelta(days=1)}
        Membership.objects.filter(person__in=[learner, double]).update(**alike)
        Membership.objects.create(
            person=double, unit=city.other_school, staff_group="teacher", started_on=first
        )
        response = manager.get(address(learner, double))
        said = f"từ {first:%d/%m/%Y}"
        assert f"{said}: Trường THCS Hai · Giáo viên" in response.content.decode()
        assert "memberships" not in [each.key for each in response.context["plan"].questions]
        career = next(each for each in response.context["plan"].consequences if "sau khi" in each)
        assert career.endswith(f"Trường THCS Hai · Giáo viên ({said}).")
        done = confirmed(manager, learner, double)
        assert done.status_code == 302
        rows = Membership.objects.filter(person=learner).order_by("started_on")
        assert [row.unit.code for row in rows] == ["TH1", "THCS2"]
        assert rows[1].started_on == first

    def test_says_why_somebody_may_not(self, client, city, learner, double, principal):
        make_scope(principal, city.other_school)
        client.force_login(principal)
        text = client.get(address(learner, double)).content.decode()
        assert "ngoài phạm vi quản lý" in text
        assert "Gộp hai hồ sơ</button>" not in text

    def test_of_one_with_herself_is_not_found(self, manager, learner):
        assert manager.get(address(learner, learner)).status_code == 404

    def test_of_somebody_elses_person_is_not_found(self, client, outsider, learner, double):
        client.force_login(outsider)
        for pair in ((learner, double), (double, learner)):
            assert client.get(address(*pair)).status_code == 404
            assert client.post(address(*pair), {"confirm": "yes"}).status_code == 404


class TestConfirming:
    def test_merges_and_shows_what_was_done(self, manager, learner, double):
        response = confirmed(manager, learner, double, **{"choice-memberships": "gone"})
        done = PersonMerge.objects.get()
        assert response.url == f"/manage/people/merges/{done.pk}/"
        text = manager.get(response.url).content.decode()
        assert "Đã đối chiếu hồ sơ" in text
        assert (
            Membership.objects.primary_on(timezone.localdate()).get(person=learner).unit.code
            == "THCS2"
        )

    def test_tells_what_was_taken_over(self, manager, learner, double):
        Person.objects.filter(pk=double.pk).update(phone="0901234567", is_core_trainer=True)
        shown = manager.post(address(learner, double), {"choice-memberships": "kept"})
        text = shown.content.decode()
        assert "Số điện thoại lấy từ hồ sơ trùng: 0901234567." in text
        assert "Danh hiệu giảng viên nguồn lấy từ hồ sơ trùng." in text
        done = confirmed(manager, learner, double, **{"choice-memberships": "kept"})
        assert "Số điện thoại: 0901234567" in manager.get(done.url).content.decode()

    def test_tells_a_birth_date_taken_over_as_a_day(self, manager, learner, double):
        Person.objects.filter(pk=learner.pk).update(birth_date=None)
        done = confirmed(manager, learner, double, **{"choice-memberships": "kept"})
        assert "Ngày sinh: 05/04/1985" in manager.get(done.url).content.decode()

    def test_says_how_many_more_there_are(self, manager, city, learner, double):
        names = {"family_name": "Trần", "middle_name": "Ngọc", "given_name": "Hạnh"}
        make_member(city.school, code="000902", **names)
        done = confirmed(manager, learner, double, **{"choice-memberships": "kept"})
        text = manager.get(done.url).content.decode()
        assert "Đã gộp hồ sơ mã 000901" in text
        assert "Còn 1 hồ sơ cùng tên, cùng ngày sinh." in text

    def test_says_nothing_of_more_where_there_are_none(self, manager, learner, double):
        done = confirmed(manager, learner, double, **{"choice-memberships": "kept"})
        assert "cùng tên, cùng ngày sinh." not in manager.get(done.url).content.decode()

    def test_takes_a_reason(self, manager, learner, double):
        sent = {"choice-memberships": "kept", "confirm": "yes", "reason": " "}
        text = manager.post(address(learner, double), sent).content.decode()
        assert "Hãy ghi lý do gộp." in text
        assert not PersonMerge.objects.exists()

    def test_pressed_twice_merges_once(self, manager, learner, double):
        first = confirmed(manager, learner, double, **{"choice-memberships": "kept"})
        again = manager.post(address(learner, double), {"confirm": "yes", "reason": "Trùng"})
        assert again.url == first.url
        assert PersonMerge.objects.count() == 1

    def test_is_shown_anew_when_things_changed_meanwhile(self, manager, city, learner, double):
        sent = {"choice-memberships": "kept"}
        shown = manager.post(address(learner, double), sent)
        expected = shown.context["form"].initial["expected"]
        Membership.objects.filter(person=double).update(unit=city.facility)
        sent |= {"confirm": "yes", "reason": "Trùng", "expected": expected}
        response = manager.post(address(learner, double), sent)
        assert "vừa thay đổi" in response.content.decode()
        sent["expected"] = response.context["form"].initial["expected"]
        assert manager.post(address(learner, double), sent).status_code == 302


class TestUndoing:
    @pytest.fixture
    def done(self, officer, learner, double) -> PersonMerge:
        return merge(learner, double, by=officer, memberships="kept")

    def test_takes_a_reason(self, manager, done, double):
        path = f"/manage/people/merges/{done.pk}/"
        assert "Hãy ghi lý do hoàn tác." in manager.post(path, {"reason": ""}).content.decode()
        assert manager.post(path, {"reason": "Hai chị em"}).url == path
        double.refresh_from_db()
        assert double.merged_into is None
        assert "Hai chị em" in manager.get(path).content.decode()

    def test_is_not_offered_once_something_depends_on_it(self, manager, done, learner):
        Membership.objects.filter(person=learner).update(status="seconded")
        Person.objects.filter(pk=done.gone_id).update(merged_into=None)
        text = manager.get(f"/manage/people/merges/{done.pk}/").content.decode()
        assert "Không hoàn tác được lúc này" in text

    def test_is_not_for_the_principal_of_one_of_the_schools(self, client, done, principal):
        client.force_login(principal)
        path = f"/manage/people/merges/{done.pk}/"
        assert "ngoài phạm vi quản lý" in client.get(path).content.decode()
        client.post(path, {"reason": "Hai người"})
        assert not hasattr(PersonMerge.objects.get(), "undoing")

    def test_is_not_found_by_an_outsider(self, client, done, outsider):
        client.force_login(outsider)
        assert client.get(f"/manage/people/merges/{done.pk}/").status_code == 404
