"""The list of people, and what a manager does about one of them by form."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine

from people.models import AuditEntry, Membership, Person, User
from people.signals import memberships_changed
from tests.factories import make_account, make_member, make_scope, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
TODAY = date(2026, 11, 22)
LIST = "/manage/people/"
NEW = "/manage/people/new/"


@pytest.fixture
def in_november():
    with time_machine.travel("2026-11-22 10:00+07:00", tick=False):
        yield


@pytest.fixture
def chief(city):
    """Of the commune, above both schools."""
    user = make_account(username="truongxa")
    make_scope(user, city.commune)
    return user


@pytest.fixture
def administrator(city):
    return make_account(username="quantri", is_superuser=True)


@pytest.fixture
def named(client):
    """The names on the list that somebody asks for, in their order."""

    def _named(viewer, query="") -> list[str]:
        client.force_login(viewer)
        return [row.person.full_name for row in client.get(f"{LIST}?{query}").context["rows"]]

    return _named


@pytest.fixture
def do(client):
    """Fill in a form as somebody, see what it comes to, confirm."""

    def _do(viewer, path, **fields):
        client.force_login(viewer)
        fields = {"reason": "Quyết định 12/QĐ", **fields}
        response = client.post(path, fields)
        if response.status_code == 200 and (mark := confirmation(response)):
            response = client.post(path, {**fields, "confirmed": mark})
        return response

    return _do


def confirmation(response) -> str:
    found = re.search(r'name="confirmed" value="(\w+)"', response.content.decode())
    return found[1] if found else ""


def act(person: Person, what: str) -> str:
    return f"/manage/people/{person.pk}/{what}/"


def row_act(person: Person, what: str, number: int = -1) -> str:
    row = list(person.memberships.order_by("started_on"))[number]
    return f"/manage/people/{person.pk}/posts/{row.pk}/{what}/"


def posts(person: Person) -> list[tuple]:
    rows = person.memberships.order_by("started_on")
    return list(rows.values_list("unit__code", "started_on", "ended_on"))


def words_of(response) -> str:
    return " ".join(response.content.decode().split())


def make_named(unit, full_name: str, **fields) -> Person:
    family, *middle, given = full_name.split()
    return make_member(
        unit, family_name=family, middle_name=" ".join(middle), given_name=given, **fields
    )


class TestTheList:
    def test_is_in_vietnamese_order(self, city, administrator, named):
        for name in ("Lê Đào", "Lê Dung", "Lê Ân", "Lê Anh", "An Ân"):
            make_named(city.school, name)
        assert named(administrator) == ["Lê Anh", "An Ân", "Lê Ân", "Lê Dung", "Lê Đào"]

    @pytest.mark.parametrize(
        "words",
        ["anh nguyen thi", "THỊ ÁNH", "thi anh nguyễn", "000777", "0912 345 678", "anh@vi.du"],
    )
    def test_finds_by_words_in_any_order_by_code_phone_and_address(
        self, city, principal, named, words
    ):
        make_named(
            city.school, "Nguyễn Thị Ánh", code="000777", phone="0912345678", email="anh@vi.du"
        )
        make_named(city.school, "Trần Văn Bình")
        assert named(principal, f"q={words}") == ["Nguyễn Thị Ánh"]

    def test_shows_whom_the_viewer_sees_and_nobody_else(
        self, city, learner, principal, outsider, chief, named
    ):
        assert named(principal) == ["Lê Văn Đức", "Trần Ngọc Hạnh"]
        assert named(outsider) == [outsider.person.full_name]
        assert len(named(chief)) == 3

    def test_of_a_sector_holds_that_sector(self, city, learner, named):
        carer = make_named(city.facility, "Lý Mái Ấm", group="carer")
        social = make_account(username="xahoi")
        make_scope(social, city.root, "sector_manager", sector="social")
        assert named(social) == [carer.full_name]

    def test_is_open_to_who_only_watches_and_closed_to_who_sees_figures(
        self, client, city, learner, named
    ):
        watcher, reader = make_account(), make_account()
        make_scope(watcher, city.root, "monitor")
        make_scope(reader, city.root, "aggregate_viewer")
        assert named(watcher) == ["Trần Ngọc Hạnh"]
        assert NEW not in client.get(LIST).content.decode()
        client.force_login(reader)
        for path in (LIST, "/manage/people.csv", "/manage/people.xlsx"):
            assert client.get(path).status_code == 403

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("group=manager", ["Lê Văn Đức"]),
            ("position=teacher", ["Trần Ngọc Hạnh"]),
            ("sex=male", ["Lê Văn Đức"]),
            ("status=maternity_leave", ["Võ Thị Út"]),
            ("account=no", ["Võ Thị Út"]),
            ("account=yes", ["Lê Văn Đức", "Trần Ngọc Hạnh"]),
            ("core=trainer", ["Võ Thị Út"]),
            ("core=teacher", []),
            ("group=không-có", ["Lê Văn Đức", "Trần Ngọc Hạnh", "Võ Thị Út"]),
        ],
    )
    def test_is_filtered_by_its_address(self, city, learner, principal, named, query, found):
        make_named(
            city.school,
            "Võ Thị Út",
            status="maternity_leave",
            position="health_staff",
            group="support",
            is_core_trainer=True,
        )
        assert named(principal, query) == found

    @pytest.mark.parametrize("unit", ["TH1", "th1", "tieu hoc mot", "XA1", "HCC"])
    def test_of_a_unit_holds_its_subtree(self, city, learner, outsider, chief, named, unit):
        make_scope(chief, city.district)
        found = named(chief, f"unit={unit}")
        assert "Trần Ngọc Hạnh" in found
        assert (outsider.person.full_name in found) == (unit in ("XA1", "HCC"))

    @pytest.mark.parametrize("unit", ["THCS2", "XA1", "TP", "khong co"])
    def test_a_unit_out_of_sight_holds_nobody(
        self, client, city, learner, principal, outsider, named, unit
    ):
        assert named(principal, f"unit={unit}") == []
        assert "Không có đơn vị này" in client.get(f"{LIST}?unit={unit}").content.decode()

    def test_of_a_past_day_holds_who_was_there_and_links_to_those_still_hers(
        self, client, city, learner, principal, named
    ):
        gone = make_named(city.school, "Võ Thị Út", ended_on=date(2026, 5, 31))
        assert "Võ Thị Út" not in named(principal)
        assert "Võ Thị Út" in named(principal, "as_of=2026-05-31")
        text = client.get(f"{LIST}?as_of=2026-05-31").content.decode()
        assert act(learner, "x").removesuffix("x/") in text
        assert f'"/manage/people/{gone.pk}/"' not in text

    def test_a_day_to_come_shows_today_and_says_so(self, client, learner, principal):
        client.force_login(principal)
        page = client.get(f"{LIST}?as_of=2027-01-01")
        assert page.context["form"].day == TODAY
        assert "Chỉ xem được đến hôm nay" in page.content.decode()

    def test_of_leavers_holds_who_is_nowhere_since(self, city, learner, principal, chief, named):
        retired = make_named(city.school, "Võ Thị Út", ended_on=date(2026, 5, 31))
        moved = make_named(city.school, "Lê Thị Chuyển", ended_on=date(2026, 5, 31))
        Membership.objects.create(
            person=moved,
            unit=city.other_school,
            staff_group="teacher",
            started_on=date(2026, 6, 1),
        )
        assert named(principal, "left=on") == [retired.full_name]
        assert named(chief, "left=on") == [retired.full_name]

    def test_masks_a_national_number_and_finds_it_whole(self, client, city, principal, named):
        make_named(city.school, "Võ Thị Út", code="079085001234")
        assert named(principal, "q=079085001234") == ["Võ Thị Út"]
        text = client.get(LIST).content.decode()
        assert "079••••••234" in text
        assert "079085001234" not in text

    def test_asks_the_same_few_queries_however_many_people(
        self, client, city, chief, learner, django_assert_max_num_queries
    ):
        client.force_login(chief)
        make_member(city.school, ended_on=date(2026, 6, 1))

        def count(query: str) -> int:
            with django_assert_max_num_queries(12) as captured:
                client.get(f"{LIST}?{query}")
            return len(captured)

        queries = ["", "left=on", "as_of=2026-05-31&unit=TH1&q=a"]
        before = [count(query) for query in queries]
        for number in range(60):
            make_member(city.school, ended_on=date(2026, 6, 1) if number % 2 else None)
            if number < 5:
                make_unit(f"THEM{number}", parent=city.commune)
        assert [count(query) for query in queries] == before

    def test_turns_pages_and_keeps_the_filter(self, client, city, principal):
        for _ in range(60):
            make_member(city.school, sex="male")
        client.force_login(principal)
        assert "sex=male&amp;page=2" in client.get(f"{LIST}?sex=male").content.decode()


class TestManyUnits:
    def test_are_typed_and_suggested_rather_than_listed(self, client, city, administrator):
        for number in range(61):
            make_unit(f"T{number:02d}", parent=city.commune, name=f"Trường {number}")
        client.force_login(administrator)
        text = client.get(LIST).content.decode()
        assert '<option value="T60">Trường 60</option>' in text
        assert "<datalist" in text
        assert "<datalist" in client.get(NEW).content.decode()


class TestAdding:
    def sheet(self, **fields: str) -> dict[str, str]:
        return {
            "unit": "TH1",
            "code": "000888",
            "full_name": "Võ  Thị Út",
            "birth_date": "17/05/1990",
            "sex": "female",
            "staff_group": "support",
            "position_title": "Y tế",
            "status": "maternity_leave",
            "started_on": "01/09/2026",
            "phone": "0912 345 678",
            "email": "ut@vi.du",
            "reason": "Quyết định 12/QĐ",
            **fields,
        }

    def test_puts_her_on_the_roster_and_keeps_why(self, city, principal, do):
        heard = []

        def listen(person_ids, **kwargs):
            heard.append(person_ids)

        memberships_changed.connect(listen)
        response = do(principal, NEW, **self.sheet())
        memberships_changed.disconnect(listen)
        person = Person.objects.get(code="000888")
        assert response.url == f"/manage/people/{person.pk}/"
        assert (person.full_name, person.phone) == ("Võ Thị Út", "0912345678")
        row = person.memberships.get()
        assert (row.unit, row.position, row.status) == (
            city.school,
            "health_staff",
            "maternity_leave",
        )
        assert heard == [{person.pk}]
        entry = AuditEntry.objects.get(action="person.added")
        assert entry.subject == f"people.person:{person.pk}"
        assert entry.detail == {
            "unit": "TH1",
            "from": "2026-09-01",
            "reason": "Quyết định 12/QĐ",
        }

    def test_first_shows_who_may_be_the_same_and_asks(self, client, city, principal):
        same = make_named(city.school, "VÕ THỊ ÚT", birth_date=date(1990, 5, 17))
        make_named(city.school, "Võ Thị Út", birth_date=date(1991, 5, 17))
        client.force_login(principal)
        asked = client.post(NEW, self.sheet())
        assert [match.person for match in asked.context["alike"]] == [same]
        assert 'value="000888"' in words_of(asked)
        assert not Person.objects.filter(code="000888").exists()
        client.post(NEW, self.sheet(confirmed=confirmation(asked)))
        assert Person.objects.filter(code="000888").exists()

    def test_asks_again_about_somebody_who_was_not_shown(self, client, city, principal):
        make_named(city.school, "Võ Thị Út", birth_date=date(1990, 5, 17))
        client.force_login(principal)
        mark = confirmation(client.post(NEW, self.sheet()))
        make_named(city.school, "Võ Thị Út", birth_date=date(1990, 5, 17))
        assert "alike" in words_of(client.post(NEW, self.sheet(confirmed=mark)))
        assert not Person.objects.filter(code="000888").exists()

    def test_offers_to_take_back_who_left(self, client, city, principal):
        left = make_named(
            city.school, "Võ Thị Út", birth_date=date(1990, 5, 17), ended_on=date(2026, 5, 31)
        )
        client.force_login(principal)
        assert act(left, "return") in words_of(client.post(NEW, self.sheet()))

    def test_tells_nothing_of_people_elsewhere(self, client, city, principal):
        make_named(city.other_school, "Võ Thị Út", birth_date=date(1990, 5, 17))
        client.force_login(principal)
        assert client.post(NEW, self.sheet()).status_code == 302

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("code", "000103", "đã có trong danh sách"),
            ("code", "mã số", "chỉ gồm chữ không dấu"),
            ("started_on", "01/01/2001", "không hoạt động"),
            ("started_on", "01/12/2026", "chưa đến"),
            ("birth_date", "17/05/2024", "kiểm tra năm"),
            ("reason", "", "Hãy ghi lý do"),
            ("sex", "", "Hãy chọn"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(
        self, city, principal, outsider, do, field, value, words
    ):
        before = Person.objects.count()
        response = do(principal, NEW, **self.sheet(**{field: value}))
        text = words_of(response)
        assert words in text
        assert "ut@vi.du" in text
        assert Person.objects.count() == before

    @pytest.mark.parametrize(
        ("unit", "words"), [("PGD", "trong phạm vi quản lý"), ("", "Hãy chọn đơn vị")]
    )
    def test_a_unit_is_chosen_by_whoever_has_several(self, city, chief, do, unit, words):
        assert words in words_of(do(chief, NEW, **self.sheet(unit=unit)))
        do(chief, NEW, **self.sheet(unit="THCS2"))
        person = Person.objects.get(code="000888")
        assert person.memberships.get().unit == city.other_school

    def test_whoever_has_one_unit_chooses_none(self, client, city, principal):
        client.force_login(principal)
        assert 'name="unit"' not in client.get(NEW).content.decode()
        client.post(NEW, self.sheet(unit="THCS2"))
        assert Person.objects.get(code="000888").memberships.get().unit == city.school

    def test_names_begin_with_capitals(self, city, principal, do):
        do(principal, NEW, **self.sheet(full_name="võ thị MINH út"))
        assert Person.objects.get(code="000888").full_name == "Võ Thị Minh Út"

    def test_of_a_code_in_use_opens_the_record_and_confirms_nothing(self, client, city, principal):
        known = make_named(city.school, "Võ Thị Út", code="000888", birth_date=date(1990, 5, 17))
        client.force_login(principal)
        text = words_of(client.post(NEW, self.sheet()))
        assert "Mã này đã có người dùng" in text
        assert f'href="/manage/people/{known.pk}/"' in text
        assert "Là người khác" not in text
        assert confirmation(client.post(NEW, self.sheet(code="000889"))) != ""
        assert not Person.objects.filter(code="000889").exists()

    def test_is_not_for_who_only_watches(self, client, city):
        watcher = make_account()
        make_scope(watcher, city.root, "monitor")
        client.force_login(watcher)
        assert client.post(NEW, self.sheet()).status_code == 403
        assert not Person.objects.filter(code="000888").exists()


class TestMoving:
    def test_says_what_it_comes_to_before_it_is_done(self, client, city, learner, chief):
        client.force_login(chief)
        fields = {"unit": "THCS2", "on": "01/09/2026", "reason": "QĐ 12"}
        asked = client.post(act(learner, "move"), fields)
        assert (
            "Từ ngày 01/09/2026 tính ở Trường THCS Hai; "
            "đến hết ngày 31/08/2026 vẫn tính ở Trường Tiểu học Một." in words_of(asked)
        )
        assert posts(learner) == [("TH1", date(2015, 1, 1), None)]

    def test_is_done_once_confirmed_and_logged(self, city, learner, chief, do):
        response = do(chief, act(learner, "move"), unit="THCS2", on="01/09/2026")
        assert response.url == f"/manage/people/{learner.pk}/"
        assert posts(learner) == [
            ("TH1", date(2015, 1, 1), date(2026, 8, 31)),
            ("THCS2", date(2026, 9, 1), None),
        ]
        entry = AuditEntry.objects.get(action="person.moved")
        assert entry.actor == chief
        assert entry.detail == {
            "unit": ["THCS2"],
            "from": "2026-09-01",
            "reason": "Quyết định 12/QĐ",
        }

    def test_a_confirmation_of_something_else_asks_again(self, client, city, learner, chief):
        client.force_login(chief)
        fields = {"unit": "THCS2", "on": "01/09/2026", "reason": "QĐ 12"}
        mark = confirmation(client.post(act(learner, "move"), fields))
        later = {**fields, "on": "01/10/2026", "confirmed": mark}
        assert "Từ ngày 01/10/2026" in words_of(client.post(act(learner, "move"), later))
        assert len(posts(learner)) == 1

    def test_whoever_has_nowhere_else_is_told_what_to_do(self, client, city, learner, principal):
        client.force_login(principal)
        text = words_of(client.get(act(learner, "move")))
        assert "hãy nhờ người quản lý cả hai đơn vị" in text
        assert act(learner, "end") in text
        assert 'name="on"' not in text

    def test_out_of_ones_scope_is_refused(self, city, learner, principal, do):
        make_scope(principal, city.facility)
        response = do(principal, act(learner, "move"), unit="THCS2", on="01/09/2026")
        assert "Không có đơn vị này trong phạm vi quản lý" in words_of(response)
        assert len(posts(learner)) == 1

    def test_to_where_she_is_changes_nothing(self, city, learner, chief, do):
        response = do(chief, act(learner, "move"), unit="TH1", on="01/09/2026")
        assert "Không có gì khác" in words_of(response)
        assert len(posts(learner)) == 1

    @pytest.mark.parametrize("on", ["01/09/2062", "01/09/1926"])
    def test_a_year_mistyped_is_noticed(self, city, learner, chief, do, on):
        response = do(chief, act(learner, "move"), unit="THCS2", on=on)
        assert "kiểm tra năm" in words_of(response)


class TestThePast:
    """Managing somebody today opens no unit in which she was before."""

    @pytest.fixture
    def newcomer(self, city) -> Person:
        person = make_member(city.other_school, ended_on=date(2025, 8, 31))
        Membership.objects.create(
            person=person,
            unit=city.school,
            staff_group="teacher",
            position="teacher",
            started_on=date(2025, 9, 1),
        )
        return person

    @pytest.mark.parametrize(
        ("what", "fields"),
        [
            ("post", {"on": "01/09/2018", "staff_group": "manager", "status": "working"}),
            ("end", {"left_on": "01/09/2018", "why": "resigned"}),
            ("move", {"unit": "TH1", "on": "01/09/2018"}),
        ],
    )
    def test_in_a_school_that_was_never_hers_stays(
        self, city, principal, newcomer, do, what, fields
    ):
        make_scope(principal, city.facility)  # somewhere else to move her to
        before = posts(newcomer)
        response = do(principal, act(newcomer, what), **fields)
        assert "ngoài phạm vi quản lý" in words_of(response)
        assert posts(newcomer) == before

    @pytest.mark.parametrize("what", ["days", "withdraw"])
    def test_rows_of_it_stay_too(self, city, principal, newcomer, do, what):
        before = posts(newcomer)
        fields = {"started_on": "01/01/2016", "ended_on": "31/08/2025"}
        response = do(principal, row_act(newcomer, what, 0), **fields)
        assert "ngoài phạm vi quản lý" in words_of(response)
        assert posts(newcomer) == before

    def test_withdrawing_her_own_row_leaves_that_of_the_other_school(
        self, city, principal, newcomer, do
    ):
        do(principal, row_act(newcomer, "withdraw"), joins="on")
        assert posts(newcomer) == [("THCS2", date(2015, 1, 1), date(2025, 8, 31))]

    def test_is_open_to_who_is_above_both(self, city, chief, newcomer, do):
        do(chief, row_act(newcomer, "days"), started_on="15/08/2025", ended_on="", joins="on")
        assert posts(newcomer) == [
            ("THCS2", date(2015, 1, 1), date(2025, 8, 14)),
            ("TH1", date(2025, 8, 15), None),
        ]


class TestChangingThePost:
    def test_closes_the_row_and_opens_another(self, city, learner, principal, do):
        do(
            principal,
            act(learner, "post"),
            on="01/09/2026",
            staff_group="manager",
            position_title="Phó hiệu trưởng",
            status="study_leave",
        )
        old, new = learner.memberships.order_by("started_on")
        assert (old.staff_group, old.ended_on) == ("teacher", date(2026, 8, 31))
        assert (new.staff_group, new.position, new.status) == (
            "manager",
            "vice_principal",
            "study_leave",
        )
        assert AuditEntry.objects.filter(action="post.changed").count() == 1

    def test_keeps_a_position_that_nobody_touched(self, client, city, learner, principal, do):
        client.force_login(principal)
        form = client.get(act(learner, "post")).context["form"]
        title = form["position_title"].value()
        assert title == "Giáo viên"
        do(
            principal,
            act(learner, "post"),
            on="01/09/2026",
            staff_group="teacher",
            position_title=title,
            status="maternity_leave",
        )
        new = learner.memberships.order_by("started_on").last()
        assert (new.position, new.position_title) == ("teacher", "")


class TestEnding:
    def test_the_day_before_is_the_last(self, client, city, learner, principal, do):
        response = do(principal, act(learner, "end"), left_on="01/09/2026", why="retired")
        assert response.url == LIST
        assert posts(learner) == [("TH1", date(2015, 1, 1), date(2026, 8, 31))]
        detail = AuditEntry.objects.get(action="person.left").detail
        assert (detail["cause"], detail["from"]) == ("retired", "2026-09-01")

    def test_to_come_leaves_her_in_care_until_then(self, city, learner, principal, do):
        response = do(principal, act(learner, "end"), left_on="01/12/2026", why="retired")
        assert response.url == f"/manage/people/{learner.pk}/"

    def test_needs_a_cause(self, city, learner, principal, do):
        response = do(principal, act(learner, "end"), left_on="01/09/2026", why="")
        assert "Hãy chọn một mục" in words_of(response)


class TestReturning:
    @pytest.fixture
    def leaver(self, city) -> Person:
        return make_named(city.school, "Võ Thị Út", ended_on=date(2026, 5, 31))

    def back(self, **fields: str) -> dict[str, str]:
        usual = {"unit": "TH1", "on": "01/09/2026", "staff_group": "teacher", "status": "working"}
        return {**usual, "position_title": "Giáo viên", **fields}

    def test_opens_a_new_row(self, city, principal, leaver, do):
        response = do(principal, act(leaver, "return"), **self.back())
        assert response.url == f"/manage/people/{leaver.pk}/"
        assert posts(leaver) == [
            ("TH1", date(2015, 1, 1), date(2026, 5, 31)),
            ("TH1", date(2026, 9, 1), None),
        ]
        assert AuditEntry.objects.filter(action="person.returned").exists()

    def test_is_reached_from_the_list_of_leavers(self, client, principal, leaver):
        client.force_login(principal)
        assert act(leaver, "return") in client.get(f"{LIST}?left=on").content.decode()

    def test_a_wrong_last_day_can_be_put_right(self, city, principal, leaver, do):
        do(principal, row_act(leaver, "days"), started_on="01/01/2015", ended_on="30/06/2026")
        assert posts(leaver) == [("TH1", date(2015, 1, 1), date(2026, 6, 30))]

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"on": "31/05/2026"}, "đang thuộc một đơn vị"),
            ({"on": "01/12/2026"}, "chưa đến"),
            ({"unit": "THCS2"}, "trong phạm vi quản lý"),
        ],
    )
    def test_is_refused_in_words(self, city, principal, leaver, do, fields, words):
        response = do(principal, act(leaver, "return"), **self.back(**fields))
        assert words in words_of(response)
        assert len(posts(leaver)) == 1

    def test_whoever_counts_elsewhere_since_is_no_longer_hers(
        self, client, city, principal, leaver
    ):
        Membership.objects.create(
            person=leaver, unit=city.other_school, staff_group="teacher", started_on=TODAY
        )
        client.force_login(principal)
        assert client.get(act(leaver, "return")).status_code == 404


class TestCorrecting:
    def facts(self, person: Person, **fields: str) -> dict[str, str]:
        return {
            "family_name": person.family_name,
            "middle_name": person.middle_name,
            "given_name": person.given_name,
            "sex": person.sex,
            "birth_date": f"{person.birth_date:%d/%m/%Y}",
            "email": person.email,
            "phone": person.phone,
            **fields,
        }

    def test_shows_before_and_after_and_is_logged_by_field(
        self, client, city, learner, principal, do
    ):
        client.force_login(principal)
        right = self.facts(learner, given_name="Hân", birth_date="05/04/1986", reason="Khai sinh")
        asked = client.post(act(learner, "correct"), right)
        assert "Tên: Hạnh → Hân; Ngày sinh: 05/04/1985 → 05/04/1986" in words_of(asked)
        do(principal, act(learner, "correct"), **right)
        learner.refresh_from_db()
        assert (learner.full_name, learner.birth_date) == ("Trần Ngọc Hân", date(1986, 4, 5))
        assert "han" in learner.search_text.split()
        entry = AuditEntry.objects.get(action="person.corrected")
        assert entry.detail == {"field": ["birth_date", "given_name"], "reason": "Khai sinh"}

    def test_nothing_different_is_said(self, city, learner, principal, do):
        response = do(principal, act(learner, "correct"), **self.facts(learner))
        assert "Không có gì khác" in words_of(response)

    @pytest.mark.parametrize(("field", "value"), [("code", "000999"), ("is_core_trainer", "on")])
    def test_code_and_marks_are_not_a_principals(self, city, learner, principal, do, field, value):
        do(principal, act(learner, "correct"), **self.facts(learner, **{field: value}))
        learner.refresh_from_db()
        assert (learner.code, learner.is_core_trainer) == ("000101", False)

    def test_an_office_above_marks_core_trainers(self, city, learner, chief, do):
        facts = self.facts(learner, code=learner.code, is_core_trainer="on")
        do(chief, act(learner, "correct"), **facts)
        learner.refresh_from_db()
        assert learner.is_core_trainer

    def test_signing_in_follows_the_code(self, city, learner, chief, do):
        do(chief, act(learner, "correct"), **self.facts(learner, code="000999"))
        learner.refresh_from_db()
        learner.user.refresh_from_db()
        assert (learner.code, learner.user.username) == ("000999", "000999")
        entry = AuditEntry.objects.get(action="person.corrected")
        assert entry.detail["previous_code"] == "000101"

    @pytest.mark.parametrize("code", ["000102", "THANHPHO"], ids=["a-person", "an-account"])
    def test_a_code_of_somebody_else_is_refused(self, city, learner, principal, chief, do, code):
        make_account(username="thanhpho")
        response = do(chief, act(learner, "correct"), **self.facts(learner, code=code))
        assert "đã thuộc người khác" in words_of(response)
        learner.refresh_from_db()
        assert learner.code == "000101"

    @pytest.mark.parametrize(
        "facts", [{"code": "000999"}, {"email": "khac@vi.du"}, {"phone": "0912000111"}]
    )
    def test_whoever_signs_in_with_more_rights_goes_on_doing_so(self, learner, chief, do, facts):
        User.objects.filter(person=learner).update(is_superuser=True)
        facts = {"code": "000101", **facts}
        response = do(chief, act(learner, "correct"), **self.facts(learner, **facts))
        assert "quyền ngang hoặc hơn" in words_of(response)
        learner.refresh_from_db()
        assert (learner.code, learner.email, learner.phone) == ("000101", "", "")
        facts = {"code": "000101", "given_name": "Hạnh An"}
        do(chief, act(learner, "correct"), **self.facts(learner, **facts))
        learner.refresh_from_db()
        assert learner.given_name == "Hạnh An"


class TestRows:
    def test_wrong_days_are_put_right(self, city, learner, principal, do):
        do(principal, row_act(learner, "days"), started_on="01/09/2015", ended_on="")
        assert posts(learner) == [("TH1", date(2015, 9, 1), None)]
        assert AuditEntry.objects.filter(action="post.redated").exists()

    def test_a_row_that_never_was_is_withdrawn(self, city, learner, chief, do):
        do(chief, act(learner, "move"), unit="THCS2", on="01/09/2026")
        do(chief, row_act(learner, "withdraw"), joins="on")
        assert posts(learner) == [("TH1", date(2015, 1, 1), None)]
        assert AuditEntry.objects.filter(action="post.withdrawn").exists()

    def test_not_before_the_unit_was_there(self, city, chief, do):
        young = make_unit("MOI", parent=city.commune, opened_on=date(2026, 1, 1))
        person = make_member(young, started_on=date(2026, 1, 1))
        response = do(chief, row_act(person, "days"), started_on="01/12/2025", ended_on="")
        assert "không hoạt động ngày 01/12/2025" in words_of(response)

    def test_of_somebody_else_are_not_reached_through_her(
        self, client, city, learner, principal, outsider
    ):
        client.force_login(principal)
        row = outsider.person.memberships.get()
        for what in ("days", "withdraw"):
            path = f"/manage/people/{learner.pk}/posts/{row.pk}/{what}/"
            assert client.get(path).status_code == 404


ACTS = ["move", "post", "end", "return", "correct"]


class TestWhoActs:
    @pytest.mark.parametrize("what", ACTS)
    def test_nobody_about_herself(self, client, principal, what):
        client.force_login(principal)
        assert client.get(act(principal.person, what)).status_code == 404

    @pytest.mark.parametrize("what", ACTS)
    def test_no_outsider_and_nobody_who_only_watches(self, client, city, learner, outsider, what):
        watcher = make_account()
        make_scope(watcher, city.root, "monitor")
        for viewer, status in ((outsider, 404), (watcher, 403), (learner.user, 403)):
            client.force_login(viewer)
            assert client.get(act(learner, what)).status_code == status
            assert client.post(act(learner, what), {"reason": "x"}).status_code == status

    def test_a_scope_withdrawn_closes_the_next_request(self, client, learner, principal):
        client.force_login(principal)
        assert client.get(act(learner, "end")).status_code == 200
        principal.scopes.update(ended_on=TODAY - timedelta(days=1))
        assert client.post(act(learner, "end"), {}).status_code == 403

    @pytest.mark.parametrize("what", ACTS)
    def test_always_with_a_reason(self, learner, administrator, do, what):
        response = do(administrator, act(learner, what), reason="")
        assert "Hãy ghi lý do" in words_of(response)
