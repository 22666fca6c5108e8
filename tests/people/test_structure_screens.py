"""The structure on screen: whoever manages sees it, whoever stands above changes it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from people.models import AuditEntry, Membership, Scope, Unit, UnitVersion
from people.services.reorganising import merge_units, move_unit, rename_unit
from people.services.unit_lists import import_units
from people.sheets import read_sheet
from people.sheets.writing import write_xlsx
from tests.factories import LONG_AGO, make_account, make_member, make_scope, make_unit
from tests.people.sheet_builders import csv_of, xlsx_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_a_day_in_july")]
TODAY = date(2026, 7, 15)
NEXT = date(2026, 8, 1)


@pytest.fixture
def on_a_day_in_july():
    with time_machine.travel(datetime(2026, 7, 15, 3, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def chief(city):
    """Manages the district: what is below it is hers to change, the district is not."""
    user = make_account(username="huyen")
    make_scope(user, city.district)
    return user


@pytest.fixture
def as_chief(client, chief):
    client.force_login(chief)
    return client


@pytest.fixture
def as_principal(client, principal):
    client.force_login(principal)
    return client


@pytest.fixture
def order(chief):
    return {
        "on": NEXT,
        "deciding_document": "QĐ 12",
        "by": make_account(is_superuser=True),
        "at": datetime(2026, 7, 15, 3, tzinfo=UTC),
    }


def text_of(client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def confirmed(client, path: str, form: dict):
    """Looks at what it comes to, as the page asks, then says yes."""
    shown = client.post(path, form)
    effects = shown.context["effects"]
    return client.post(path, {**form, "step": "confirm", "seen": effects.fingerprint})


class TestTheTree:
    def test_shows_what_the_viewer_reaches_and_nothing_beside_it(self, as_chief, city):
        text = text_of(as_chief, "/manage/structure/")
        assert "Trường Tiểu học Một" in text
        assert "Phòng GDĐT" not in text

    def test_counts_people_below(self, as_chief, city):
        make_member(city.school)
        make_member(city.other_school)
        [district] = as_chief.get("/manage/structure/").context["branches"]
        assert (district.node.units_below, district.node.people_below) == (4, 2)

    def test_is_that_of_the_day_asked_about(self, as_chief, city, order):
        rename_unit(city.school, name="Tên mới", **order)
        assert "Tên mới" not in text_of(as_chief, "/manage/structure/")
        assert "Tên mới" in text_of(as_chief, "/manage/structure/?day=2026-08-01")

    def test_of_a_large_city_opens_level_by_level(self, client, city, monkeypatch):
        monkeypatch.setattr("people.queries.units.depth_shown.__kwdefaults__", {"limit": 3})
        client.force_login(make_account(is_superuser=True))
        text = text_of(client, "/manage/structure/")
        assert "Trường Tiểu học Một" not in text
        assert "?under=HCC" in text
        assert "Trường Tiểu học Một" in text_of(client, "/manage/structure/?under=XA1")

    def test_of_a_branch_out_of_reach_is_not_there(self, as_chief, city):
        text_of(as_chief, "/manage/structure/?under=PGD", status=404)

    def test_costs_the_same_however_many_units(self, as_chief, city, django_assert_num_queries):
        as_chief.get("/manage/structure/")
        with django_assert_num_queries(9) as few:
            as_chief.get("/manage/structure/")
        for number in range(5):
            make_unit(f"T{number}", parent=city.commune)
        with django_assert_num_queries(len(few)):
            as_chief.get("/manage/structure/")

    def test_hides_how_many_people_from_who_sees_figures_only(self, client, city):
        """She reads about the people of one school; of the rest of the city only figures."""
        viewer = make_account()
        make_scope(viewer, city.root, "aggregate_viewer")
        make_scope(viewer, city.school, "monitor")
        make_member(city.school)
        make_member(city.facility)
        client.force_login(viewer)
        page = client.get("/manage/structure/?standing=open&kind=social_facility").context["page"]
        assert [(node.code, node.people) for node in page] == [("BTXH", None)]
        page = client.get("/manage/structure/?kind=primary").context["page"]
        assert [(node.code, node.people) for node in page] == [("TH1", 1)]

    def test_is_not_for_who_sees_figures_only(self, client, city):
        viewer = make_account()
        make_scope(viewer, city.root, "aggregate_viewer")
        client.force_login(viewer)
        assert client.get("/manage/structure/").status_code == 403


class TestADayOfWhichNothingIsKnown:
    def test_of_a_units_life_has_no_page(self, client, city):
        Unit.objects.filter(pk=city.school.pk).update(opened_on=date(2010, 1, 1))
        client.force_login(make_account(is_superuser=True))
        text_of(client, "/manage/structure/TH1/?day=2012-01-01", status=404)
        text_of(client, "/manage/structure/TH1/")


class TestFinding:
    def found(self, client, query: str) -> set[str]:
        return {node.code for node in client.get(f"/manage/structure/?{query}").context["page"]}

    @pytest.mark.parametrize("words", ["tieu hoc mot", "MỘT tiểu", "th1"])
    def test_needs_no_marks_and_no_order(self, as_chief, city, words):
        assert self.found(as_chief, f"q={words}") == {"TH1"}

    def test_by_kind_and_by_sector(self, as_chief, city):
        assert self.found(as_chief, "kind=commune") == {"XA1"}
        assert self.found(as_chief, "sector=social") == {"BTXH"}

    def test_closed_ones_are_found_when_asked_for(self, as_chief, city, order):
        merge_units([city.school], city.other_school, **{**order, "on": TODAY})
        assert self.found(as_chief, "q=TH1") == set()
        assert self.found(as_chief, "standing=closed") == {"TH1"}
        assert {"TH1", "THCS2"} <= self.found(as_chief, "standing=all")

    def test_closed_ones_of_others_are_not(self, client, city, order, outsider):
        merge_units([city.school], city.facility, **{**order, "on": TODAY})
        client.force_login(outsider)
        assert self.found(client, "standing=all") == {"THCS2"}

    def test_a_day_that_is_none_is_said_beside_the_field(self, as_chief, city):
        assert "Không đọc được ngày" in text_of(as_chief, "/manage/structure/?day=hôm nay")


class TestAUnitsPage:
    def test_tells_what_it_was_and_by_which_document(self, as_chief, city, order):
        rename_unit(city.school, name="Tên mới", **order)
        text = text_of(as_chief, "/manage/structure/TH1/")
        assert "Tên mới" in text
        assert "Trường Tiểu học Một" in text
        assert "QĐ 12" in text

    def test_tells_where_its_people_went(self, as_chief, city, order):
        make_member(city.school)
        merge_units([city.school], city.other_school, **{**order, "on": TODAY})
        text = text_of(as_chief, "/manage/structure/TH1/")
        assert "Hoạt động đến hết ngày 14/07/2026" in text
        assert "/manage/structure/THCS2/" in text

    def test_tells_what_will_join_it_and_from_when(self, as_chief, city, learner, order):
        """Whoever closes with people or with units below."""
        empty = make_unit("XA2", parent=city.district, kind="commune", name="Xã Hai")
        make_unit("TH9", parent=empty, name="Trường Chín")
        merge_units([city.school], city.other_school, **order)
        text = " ".join(text_of(as_chief, "/manage/structure/THCS2/").split())
        assert "Trường Tiểu học Một</a> từ ngày 01/08/2026 (1 người)" in text
        merge_units([empty], city.commune, **order)
        text = " ".join(text_of(as_chief, "/manage/structure/XA1/").split())
        assert "Xã Hai</a> từ ngày 01/08/2026 (0 người, 1 đơn vị trực thuộc)" in text

    def test_names_nothing_out_of_sight_that_will_join_it(self, as_principal, city, order):
        make_member(city.other_school)
        merge_units([city.other_school], city.school, **order)
        assert "Sẽ được sáp nhập" not in text_of(as_principal, "/manage/structure/TH1/")

    def test_what_joined_it_is_told_no_more(self, as_chief, city, learner, order):
        merge_units([city.school], city.other_school, **{**order, "on": TODAY})
        assert "Sẽ được sáp nhập" not in text_of(as_chief, "/manage/structure/THCS2/")

    def test_what_will_join_it_can_be_split_off_again_as_it_says(
        self, as_chief, city, learner, order
    ):
        stays = make_member(city.other_school)
        merge_units([city.school], city.other_school, **order)
        form = {
            "on": "01/08/2026",
            "document": "QĐ 13",
            "people": [learner.pk],
            "new_code": "TH1B",
            "new_name": "Trường Tiểu học Một",
            "new_kind": "primary",
            "new_sector": "education",
            "new_parent": "XA1",
        }
        confirmed(as_chief, "/manage/structure/THCS2/split/", form)
        there = Membership.objects.primary_on(NEXT)
        assert there.get(person=learner).unit.code == "TH1B"
        assert there.get(person=stays).unit == city.other_school
        assert [row.started_on for row in learner.memberships.order_by("started_on")] == [
            LONG_AGO,
            NEXT,
        ]

    def test_of_a_unit_to_come_opens_as_it_will_begin(self, as_chief, city):
        make_unit("MOI", parent=city.commune, opened_on=NEXT, name="Trường Mới")
        assert "Trường Mới" in text_of(as_chief, "/manage/structure/MOI/")

    def test_offers_no_change_to_her_own_principal(self, as_principal, city):
        text = text_of(as_principal, "/manage/structure/TH1/")
        assert "/manage/structure/TH1/edit/" not in text

    def test_of_another_school_is_not_there(self, as_principal, city):
        text_of(as_principal, "/manage/structure/THCS2/", status=404)


class TestOutsiders:
    """A principal changes nothing, not even her own school; a chief nothing above or beside."""

    PAGES = ("edit", "close", "split")

    @pytest.mark.parametrize("code", ["TH1", "THCS2", "HCC"])
    def test_find_no_page_that_changes_a_unit(self, as_principal, city, code):
        for page in self.PAGES:
            path = f"/manage/structure/{code}/{page}/"
            assert as_principal.get(path).status_code == 404
            assert as_principal.post(path, {"on": "01/08/2026"}).status_code == 404
        version = UnitVersion.objects.get(unit__code=code)
        path = f"/manage/structure/{code}/versions/{version.pk}/"
        assert as_principal.get(path).status_code == 404
        assert as_principal.post(path, {"name": "X"}).status_code == 404

    @pytest.mark.parametrize("page", ["new", "merge", "import"])
    def test_nor_one_that_makes_units(self, as_principal, city, page):
        assert as_principal.get(f"/manage/structure/{page}/").status_code == 404
        assert as_principal.post(f"/manage/structure/{page}/", {}).status_code == 404

    def test_the_chief_does_not_change_her_own_district(self, as_chief, city):
        for page in self.PAGES:
            assert as_chief.get(f"/manage/structure/HCC/{page}/").status_code == 404

    def test_a_version_of_another_unit_is_not_there(self, as_chief, city):
        version = city.root.versions.get()
        path = f"/manage/structure/TH1/versions/{version.pk}/"
        assert as_chief.get(path).status_code == 404

    def test_a_monitor_reads_and_changes_nothing(self, client, city):
        viewer = make_account()
        make_scope(viewer, city.root, "monitor")
        client.force_login(viewer)
        assert client.get("/manage/structure/TH1/").status_code == 200
        assert client.get("/manage/structure/TH1/edit/").status_code == 403


class TestChanging:
    def form(self, **fields: str) -> dict[str, str]:
        return {
            "on": "01/08/2026",
            "document": "QĐ 12",
            "name": "Trường Tiểu học Một",
            "kind": "primary",
            "sector": "education",
            "parent": "XA1",
            **fields,
        }

    def test_shows_what_it_comes_to_and_does_nothing_yet(self, as_chief, city):
        path = "/manage/structure/TH1/edit/"
        text = as_chief.post(path, self.form(name="Tên mới")).content.decode()
        assert "Chưa có gì thay đổi" in text
        assert "Tên mới" in text
        assert city.school.versions.count() == 1

    def test_is_done_once_confirmed(self, as_chief, city):
        response = confirmed(as_chief, "/manage/structure/TH1/edit/", self.form(name="Tên mới"))
        assert response.url == "/manage/structure/TH1/"
        assert city.school.name_on(NEXT) == "Tên mới"
        assert city.school.name_on(NEXT - timedelta(days=1)) == "Trường Tiểu học Một"

    def test_can_be_taken_back_to_the_form(self, as_chief, city):
        form = {**self.form(name="Tên mới"), "step": "edit"}
        response = as_chief.post("/manage/structure/TH1/edit/", form)
        assert response.context["form"]["name"].value() == "Tên mới"
        assert city.school.versions.count() == 1

    def test_a_parent_is_found_by_words_of_its_name(self, as_chief, city):
        make_unit("XA2", parent=city.district, kind="commune", name="Xã Hai")
        confirmed(as_chief, "/manage/structure/TH1/edit/", self.form(parent="xa hai"))
        assert city.school.version_on(NEXT).parent.code == "XA2"

    def test_a_parent_out_of_reach_is_none(self, as_chief, city):
        response = as_chief.post("/manage/structure/TH1/edit/", self.form(parent="TP"))
        assert "trong phạm vi được thay đổi" in response.content.decode()

    def test_several_parents_of_that_name_are_named(self, as_chief, city):
        response = as_chief.post("/manage/structure/TH1/edit/", self.form(parent="truong"))
        assert "THCS2" in response.content.decode()

    def test_a_parent_is_shown_by_its_name_and_left_alone(self, as_chief, city):
        text = text_of(as_chief, "/manage/structure/TH1/edit/")
        assert 'value="Xã Một (XA1)"' in text
        form = self.form(name="Tên mới", parent="Xã Một (XA1)")
        text = as_chief.post("/manage/structure/TH1/edit/", form).content.decode()
        assert "Chưa có gì thay đổi" in text
        assert "Đơn vị cấp trên</dt>" not in text

    def test_the_sector_is_not_a_communes_to_change(self, client, city):
        """The education office of the city would no longer see the school."""
        make_scope(make_account(), city.root, "sector_manager", sector="education")
        manager = make_account()
        make_scope(manager, city.commune)
        client.force_login(manager)
        response = client.post("/manage/structure/TH1/edit/", self.form(sector="social"))
        assert "Đổi ngành của đơn vị TH1" in response.content.decode()

    def test_what_is_refused_is_said(self, as_chief, city):
        response = as_chief.post("/manage/structure/XA1/edit/", self.form(parent="TH1"))
        assert "không thể chứa nó" in response.content.decode()

    def test_what_was_written_wrong_is_put_right_in_place(self, as_chief, city):
        version = city.school.versions.get()
        form = {**self.form(name="Đúng"), "reason": "gõ nhầm"}
        as_chief.post(f"/manage/structure/TH1/versions/{version.pk}/", form)
        assert city.school.name_on(TODAY) == "Đúng"
        assert city.school.versions.count() == 1

    def test_the_root_is_renamed_by_an_administrator_only(self, client, city):
        client.force_login(make_account(is_superuser=True))
        form = {key: value for key, value in self.form(kind="city").items() if key != "parent"}
        confirmed(client, "/manage/structure/TP/edit/", {**form, "name": "Thành phố Mới"})
        assert city.root.name_on(NEXT) == "Thành phố Mới"


class TestOpening:
    def form(self, **fields: str) -> dict[str, str]:
        return {
            "code": "MOI",
            "name": "Trường Mới",
            "kind": "primary",
            "sector": "education",
            "parent": "XA1",
            "on": "01/08/2026",
            "document": "QĐ 1",
            **fields,
        }

    def test_makes_a_unit_from_the_day_on(self, as_chief, city):
        response = as_chief.post("/manage/structure/new/", self.form())
        assert response.url == "/manage/structure/MOI/"
        assert as_chief.get(response.url).status_code == 200
        assert Unit.objects.get(code="MOI").opened_on == NEXT

    def test_of_a_sector_manager_is_of_her_sector(self, client, city):
        manager = make_account()
        make_scope(manager, city.root, "sector_manager", sector="education")
        client.force_login(manager)
        form = client.get("/manage/structure/new/").context["form"]
        assert [each for each, _label in form.fields["sector"].choices] == ["education"]
        response = client.post("/manage/structure/new/", self.form(sector="social"))
        assert "sector" in response.context["form"].errors
        assert client.post("/manage/structure/new/", self.form()).status_code == 302

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("code", "th1", "đã có đơn vị khác"),
            ("code", "a/b", "chỉ gồm"),
            ("parent", "PGD", "hãy"),
        ],
    )
    def test_what_is_wrong_is_said(self, as_chief, city, field, value, words):
        response = as_chief.post("/manage/structure/new/", self.form(**{field: value}))
        assert words in response.content.decode()
        assert not Unit.objects.filter(code="MOI").exists()


class TestClosing:
    FORM = {"last_day": "31/07/2026", "document": "QĐ 2"}

    def test_names_who_and_what_is_in_the_way(self, as_chief, city, learner):
        assert learner.full_name in text_of(as_chief, "/manage/structure/TH1/close/")
        assert "Mái ấm Ba" in text_of(as_chief, "/manage/structure/XA1/close/")
        response = as_chief.post("/manage/structure/TH1/close/", self.FORM)
        assert "còn 1 người" in response.content.decode()

    def test_of_an_empty_unit_is_done_once_confirmed(self, as_chief, city):
        confirmed(as_chief, "/manage/structure/TH1/close/", self.FORM)
        city.school.refresh_from_db()
        assert city.school.closed_on == date(2026, 7, 31)


class TestMerging:
    FORM = {"sources": ["TH1"], "target": "THCS2", "on": "01/08/2026", "document": "QĐ 3"}
    PATH = "/manage/structure/merge/?unit=TH1"

    def test_offers_what_stands_beside(self, as_chief, city):
        form = as_chief.get(self.PATH).context["form"]
        assert [code for code, _label in form.fields["sources"].choices] == ["TH1", "BTXH", "THCS2"]

    def test_shows_the_figures_and_whose_scopes_end(self, as_chief, city, learner, principal):
        text = as_chief.post(self.PATH, self.FORM).content.decode()
        assert "2 người chuyển đơn vị" in text
        assert "Lê Văn Đức" in text
        assert "Cộng (không đổi)" in text
        assert Scope.objects.get(user=principal).ended_on is None

    def test_is_done_once_confirmed(self, as_chief, city, learner):
        assert confirmed(as_chief, self.PATH, self.FORM).url == "/manage/structure/THCS2/"
        assert Membership.objects.primary_on(NEXT).get(person=learner).unit == city.other_school

    def test_nobody_goes_along_who_was_not_shown(self, as_chief, city, learner, monkeypatch):
        """Whoever joins between a look at what it comes to and the act itself."""

        def tried(*args, **order):
            effects = merge_units(*args, **order)
            if order.get("is_dry_run"):
                make_member(city.school, code="moi")
            return effects

        shown = as_chief.post(self.PATH, self.FORM).context["effects"]
        monkeypatch.setattr("people.views.reorganising.merge_units", tried)
        as_chief.post(self.PATH, {**self.FORM, "step": "confirm", "seen": shown.fingerprint})
        moved = Membership.objects.primary_on(NEXT).filter(unit=city.other_school)
        assert set(moved.values_list("person", flat=True)) <= shown.people

    def test_is_shown_again_if_somebody_joined_meanwhile(self, as_chief, city, learner):
        seen = as_chief.post(self.PATH, self.FORM).context["effects"].fingerprint
        make_member(city.school)
        response = as_chief.post(self.PATH, {**self.FORM, "step": "confirm", "seen": seen})
        assert "Có thay đổi từ lúc xem trước" in response.content.decode()
        assert city.school.version_on(NEXT) is not None

    def test_into_a_unit_that_is_there_though_a_browser_sends_the_only_sector(self, client, city):
        manager = make_account()
        make_scope(manager, city.root, "sector_manager", sector="education")
        client.force_login(manager)
        form = {**self.FORM, "new_sector": "education"}
        assert "effects" in client.post(self.PATH, form).context

    def test_into_a_new_unit(self, as_chief, city, learner):
        form = {
            **self.FORM,
            "target": "",
            "more": "thcs2; mai am",
            "new_code": "MOI",
            "new_name": "Trường Mới",
            "new_kind": "multi_level",
            "new_sector": "education",
            "new_parent": "XA1",
        }
        confirmed(as_chief, self.PATH, form)
        assert Membership.objects.primary_on(NEXT).get(person=learner).unit.code == "MOI"
        assert Unit.objects.filter(closed_on=NEXT - timedelta(days=1)).count() == 3

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"target": ""}, "Hãy ghi đơn vị nhận"),
            ({"new_code": "MOI"}, "một trong hai"),
            ({"target": "", "new_code": "MOI"}, "Đơn vị mới cần mục này"),
            ({"sources": []}, "Chưa chọn đơn vị nào"),
            ({"target": "PGD"}, "Không có đơn vị"),
            ({"more": "PGD"}, "Không có đơn vị"),
        ],
    )
    def test_what_is_missing_or_out_of_reach_is_said(self, as_chief, city, fields, words):
        response = as_chief.post(self.PATH, {**self.FORM, **fields})
        assert words in response.content.decode()
        assert city.school.version_on(NEXT) is not None


class TestSplitting:
    PATH = "/manage/structure/TH1/split/"
    FORM = {"target": "THCS2", "on": "01/08/2026", "document": "QĐ 4"}

    def test_moves_a_whole_group(self, as_chief, city, learner, principal):
        confirmed(as_chief, self.PATH, {**self.FORM, "groups": ["teacher"]})
        units = dict(Membership.objects.primary_on(NEXT).values_list("person", "unit__code"))
        assert units == {learner.pk: "THCS2", principal.person_id: "TH1"}

    def test_moves_those_chosen_and_the_rest_elsewhere(self, as_chief, city, learner, principal):
        form = {**self.FORM, "people": [str(learner.pk)], "rest": "BTXH"}
        confirmed(as_chief, self.PATH, form)
        units = dict(Membership.objects.primary_on(NEXT).values_list("person", "unit__code"))
        assert units == {learner.pk: "THCS2", principal.person_id: "BTXH"}
        assert city.school.version_on(NEXT) is None

    def test_somebody_of_another_unit_cannot_be_chosen(self, as_chief, city, learner, outsider):
        form = {**self.FORM, "people": [str(outsider.person_id)]}
        assert as_chief.post(self.PATH, form).context["form"].errors["people"]

    def test_nobody_chosen_is_said(self, as_chief, city, learner):
        assert "Chưa chọn ai" in as_chief.post(self.PATH, self.FORM).content.decode()


HEADER = ["Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã đơn vị cấp trên"]


class TestImporting:
    PATH = "/manage/structure/import/"

    def sent(self, client, *rows: list[str], as_of="01/08/2026", header=HEADER):
        file = io.BytesIO()
        write_xlsx(header, rows, to=file, sheet="Đơn vị")
        upload = SimpleUploadedFile("don-vi.xlsx", file.getvalue())
        return client.post(self.PATH, {"file": upload, "as_of": as_of})

    def test_shows_the_difference_and_writes_nothing_yet(self, as_chief, city):
        text = self.sent(
            as_chief,
            ["TH1", "Tên mới", "Tiểu học", "XA1"],
            ["MOI", "Trường Mới", "Tiểu học", "XA1"],
            ["BTXH", "Mái ấm Ba", "Cơ sở bảo trợ xã hội", "XA1"],
        ).content.decode()
        assert "Thêm mới 1, thay đổi 1, ngừng hoạt động 0, không đổi 1." in text
        assert not Unit.objects.filter(code="MOI").exists()

    def test_applies_what_was_shown(self, as_chief, city):
        shown = self.sent(as_chief, ["TH1", "Tên mới", "Tiểu học", "XA1"])
        as_chief.post(self.PATH, {"list": shown.context["signed"]})
        assert city.school.name_on(NEXT) == "Tên mới"
        assert city.school.name_on(TODAY) == "Trường Tiểu học Một"
        assert AuditEntry.objects.get(action="units.imported").detail["units"] == 1

    def test_applies_nothing_else(self, as_chief, city, order):
        """Somebody changed the unit meanwhile: what it comes to now is shown again."""
        shown = self.sent(as_chief, ["TH1", "Tên mới", "Tiểu học", "XA1"])
        rename_unit(city.school, name="Tên khác", **order)
        again = as_chief.post(self.PATH, {"list": shown.context["signed"]})
        assert "Có thay đổi từ lúc xem trước" in again.content.decode()
        assert city.school.name_on(NEXT) == "Tên khác"

    def test_rejected_rows_say_where_and_what_to_do(self, as_chief, city):
        shown = self.sent(as_chief, ["TH1", "Tên mới", "Nhà hàng", "XA1"])
        text = shown.content.decode()
        assert "Dòng 2" in text
        assert "Không hiểu “Nhà hàng”" in text
        file = as_chief.post(self.PATH, {"list": shown.context["signed"], "errors": "1"})
        header, row = read_sheet(b"".join(file.streaming_content), name="x.xlsx").rows
        assert header.cells[:4] == ["Dòng", "Cột", "Cần sửa", "Mã đơn vị"]
        assert row.cells[0] == 2
        assert row.cells[3] == "TH1"

    def errors_of(self, client, upload: SimpleUploadedFile) -> list[list]:
        """The file of what is to be mended."""
        shown = client.post(self.PATH, {"file": upload, "as_of": "01/08/2026"})
        file = client.post(self.PATH, {"list": shown.context["signed"], "errors": "1"})
        sheet = read_sheet(b"".join(file.streaming_content), name="x.xlsx")
        return [row.cells for row in sheet.rows]

    def test_rejected_rows_below_a_title_come_back_whole(self, as_chief, city):
        rows = [["Danh sách đơn vị"], HEADER, ["TH1", "Tên mới", "Nhà hàng", "XA1"]]
        upload = SimpleUploadedFile("don-vi.csv", csv_of(rows))
        heading, row = self.errors_of(as_chief, upload)
        assert heading[3:] == HEADER
        assert [row[0], *row[3:]] == [3, "TH1", "Tên mới", "Nhà hàng", "XA1"]

    def test_of_an_empty_workbook_the_file_says_so(self, as_chief, city):
        rows = self.errors_of(as_chief, SimpleUploadedFile("trong.xlsx", xlsx_of([])))
        assert "Tệp trống" in rows[1][2]

    @pytest.mark.parametrize(
        "row",
        [
            ["PGD", "Tên khác", "Phòng, ban", "TP"],
            ["HCC", "Tên khác", "Huyện", "TP"],
            ["TH1", "Trường Tiểu học Một", "Tiểu học", "TP"],
            ["MOI", "Trường Mới", "Tiểu học", "TP"],
        ],
        ids=["beside", "her own", "let out", "new elsewhere"],
    )
    def test_units_out_of_reach_are_rejected(self, as_chief, city, row):
        assert "ngoài phạm vi được thay đổi" in self.sent(as_chief, row).content.decode()

    def test_the_sector_is_not_a_communes_to_change(self, client, city):
        make_scope(make_account(), city.root, "sector_manager", sector="education")
        manager = make_account()
        make_scope(manager, city.commune)
        client.force_login(manager)
        row = ["TH1", "Trường Tiểu học Một", "Tiểu học", "XA1", "Lao động - xã hội"]
        response = self.sent(client, row, header=[*HEADER, "Ngành"])
        assert "Đổi ngành của đơn vị TH1" in response.content.decode()

    @pytest.mark.parametrize("commune", ["XA1", "XA2"], ids=["went to others", "came since"])
    def test_what_is_hers_on_one_of_the_days_only_is_rejected(self, client, city, order, commune):
        other = make_unit("XA2", parent=city.district, kind="commune", name="Xã Hai")
        move_unit(city.school, parent=other, **{**order, "on": TODAY})
        manager = make_account()
        make_scope(manager, Unit.objects.get(code=commune))
        client.force_login(manager)
        shown = self.sent(client, ["TH1", "Tên mới", "Tiểu học", commune], as_of="10/07/2026")
        assert "ngoài phạm vi được thay đổi" in shown.content.decode()

    def test_a_list_of_somebody_else_is_not_applied(self, client, city, chief):
        client.force_login(chief)
        shown = self.sent(client, ["TH1", "Tên mới", "Tiểu học", "XA1"])
        client.force_login(make_account(is_superuser=True))
        client.post(self.PATH, {"list": shown.context["signed"]})
        assert city.school.name_on(NEXT) == "Trường Tiểu học Một"

    def test_what_is_no_table_is_said(self, as_chief, city):
        upload = SimpleUploadedFile("x.xlsx", b"<html>")
        response = as_chief.post(self.PATH, {"file": upload, "as_of": "01/08/2026"})
        assert "trang web" in response.content.decode()


class TestTheFile:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    @pytest.mark.parametrize("language", ["vi", "en"])
    def test_read_back_changes_nothing(self, client, city, order, kind, language):
        move_unit(city.facility, parent=city.district, **{**order, "on": TODAY})
        client.force_login(make_account(is_superuser=True, language=language))
        response = client.get(f"/manage/structure/units.{kind}")
        sheet = read_sheet(b"".join(response.streaming_content), name=f"x.{kind}")
        outcome = import_units(sheet, today=TODAY, as_of=TODAY, is_dry_run=True)
        assert outcome.rejected == []
        assert outcome.counts == {"unchanged": 7}

    def test_holds_what_the_list_shows_and_is_logged(self, as_chief, city):
        response = as_chief.get("/manage/structure/units.csv?sector=social")
        text = b"".join(response.streaming_content).decode()
        assert "BTXH" in text
        assert "TH1" not in text
        detail = AuditEntry.objects.get(action="export").detail
        assert (detail["list"], detail["entries"]) == ("units", 1)

    def test_does_not_hold_what_is_out_of_reach(self, as_chief, city):
        text = b"".join(as_chief.get("/manage/structure/units.csv").streaming_content).decode()
        assert "PGD" not in text

    def test_no_cell_is_a_formula(self, as_chief, city):
        UnitVersion.objects.filter(unit=city.school).update(name="=1+1")
        text = b"".join(as_chief.get("/manage/structure/units.csv").streaming_content).decode()
        assert ";'=1+1;" in text
