"""Slips as PDF: eight to a page, every letter of every name, and no copy kept."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from people.models import AccessCode, Person
from people.pdf import FontsMissingError, render_slips
from people.services.codes import Slip, check_code
from tests.certificates.test_pdf import PANGRAM
from tests.factories import make_account, make_member, make_scope

NOW = timezone.now()
ADDRESS = "https://boiduong.vi.du/accounts/activate/"
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def make_slip(number: int = 1, **names: str) -> Slip:
    """Setting it in type needs no database."""
    person = Person(**{"family_name": "Trần", "middle_name": "Ngọc", "given_name": "Hạnh", **names})
    return Slip(person, f"{number:06d}", "CFGH-2345", NOW, "activation")


def paper(slips: list[Slip], **more) -> PdfReader:
    return PdfReader(BytesIO(render_slips(slips, address=ADDRESS, at=NOW, **more)))


def text_of(reader: PdfReader) -> str:
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


class TestThePaper:
    @pytest.mark.parametrize(("count", "pages"), [(1, 1), (8, 1), (9, 2), (40, 5)])
    def test_bears_eight_to_an_a4_page(self, count, pages):
        reader = paper([make_slip(number) for number in range(count)])
        assert len(reader.pages) == pages
        width, height = (float(each) / 72 * 25.4 for each in reader.pages[0].mediabox[2:])
        assert (round(width), round(height)) == (210, 297)

    def test_says_who_where_with_which_codes_and_until_when(self, settings):
        settings.SUPPORT_CONTACT = "028 0000 0000"
        text = text_of(paper([make_slip(777)], unit_name="Trường Tiểu học Một"))
        for said in (
            "Trần Ngọc Hạnh",
            "Trường Tiểu học Một",
            "000777",
            "CFGH-2345",
            "boiduong.vi.du/accounts/activate/",
            f"{timezone.localdate(NOW):%d/%m/%Y}",
            "028 0000 0000",
        ):
            assert "".join(said.split()) in text, said

    @pytest.mark.parametrize(
        ("code", "label"), [("000777", "Mã nhân sự"), ("79000001", "Tên đăng nhập")]
    )
    def test_calls_a_name_to_sign_in_with_a_staff_code_only_if_it_is(self, code, label):
        text = text_of(paper([make_slip(777, code=code)]))
        labels = {each for each in ("Mã nhân sự", "Tên đăng nhập") if each.replace(" ", "") in text}
        assert labels == {label}

    def test_keeps_every_vietnamese_letter(self):
        text = text_of(paper([make_slip()], unit_name=PANGRAM))
        assert "".join(PANGRAM.split()) in text

    def test_is_tagged_and_says_its_language(self):
        root = paper([make_slip()]).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"].startswith("vi")

    @pytest.mark.parametrize("name", ["Hạnh 🎉", "夏天", "ខ្មែរ", "Hạnh\u0007\u200b"])
    def test_is_printed_though_the_typeface_lacks_a_letter(self, name):
        text = text_of(paper([make_slip(given_name=name), make_slip(2, given_name="Bình")]))
        assert text.count("CFGH-2345") == 2
        assert "TrầnNgọcBình" in text

    def test_holds_the_longest_names_in_their_place(self):
        long = {"family_name": "Nguyễn" * 8, "middle_name": "Công Tằng Tôn Nữ " * 6}
        slips = [make_slip(number, **long) for number in range(8)]
        assert len(paper(slips, unit_name="Trường Phổ thông Dân tộc Nội trú " * 6).pages) == 1

    def test_takes_typed_text_for_text_not_for_typst(self):
        typed = '#read("/etc/passwd") $x$ *b* "] #panic()'
        assert "".join(typed.split()) in text_of(paper([make_slip()], unit_name=typed))

    def test_names_whoever_got_none_on_a_page_of_its_own(self):
        refused = [Person(family_name="Lê", given_name="Quyền")]
        reader = paper([make_slip()], refused=refused)
        assert len(reader.pages) == 2
        assert "LêQuyền" in text_of(reader)

    def test_draws_a_picture_of_the_address_without_any_code(self, monkeypatch):
        drawn = []
        monkeypatch.setattr(
            "people.pdf.slips.qr_svg",
            lambda address: drawn.append(address) or '<svg xmlns="http://www.w3.org/2000/svg"/>',
        )
        paper([make_slip(number) for number in range(3)])
        assert drawn == [ADDRESS]

    def test_is_not_set_in_another_font_when_ours_is_missing(self, settings, tmp_path):
        settings.CERTIFICATE_FONTS = tmp_path
        with pytest.raises(FontsMissingError):
            paper([make_slip()])


@pytest.mark.django_db
class TestTheDownload:
    @pytest.fixture
    def newcomers(self, city) -> list[Person]:
        return [make_member(city.school) for _ in range(3)]

    @pytest.fixture
    def manager(self, client, principal):
        client.force_login(principal)
        return client

    def ask(self, client, unit, people: list[Person]):
        form = {"person": [person.pk for person in people], "as": "pdf"}
        return client.post(f"/manage/units/{unit.code}/slips/", form)

    def test_is_the_answer_itself_and_kept_by_no_cache(self, manager, city, newcomers):
        response = self.ask(manager, city.school, newcomers)
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Cache-Control"] == "private, no-store"
        today = f"{timezone.localdate():%Y-%m-%d}"
        assert f'"phieu-ma-TH1-{today}.pdf"' in response.headers["Content-Disposition"]

    def test_bears_codes_that_open(self, manager, city, newcomers):
        text = PdfReader(BytesIO(self.ask(manager, city.school, newcomers).content)).pages[0]
        codes = CODE.findall(text.extract_text())
        assert len(codes) == 3
        opened = [
            any(check_code(person, code, at=timezone.now()) for code in codes)
            for person in newcomers
        ]
        assert opened == [True] * 3

    def test_leaves_no_file_behind(self, manager, city, newcomers, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        self.ask(manager, city.school, newcomers)
        assert list(tmp_path.iterdir()) == []

    def test_of_nobody_issues_nothing(self, manager, city, newcomers):
        assert "Chưa cấp mã nào" in self.ask(manager, city.school, []).content.decode()
        assert not AccessCode.objects.exists()

    def test_names_who_may_do_more_than_the_principal(self, manager, city, newcomers):
        account = make_account(newcomers[0])
        account.set_unusable_password()
        account.save()
        make_scope(account, city.root, "sector_manager", sector="education")
        reader = PdfReader(BytesIO(self.ask(manager, city.school, newcomers).content))
        assert len(reader.pages) == 2
        assert newcomers[0].given_name in reader.pages[1].extract_text()

    def test_of_one_person_comes_from_her_page(self, manager, newcomers):
        response = manager.post(f"/manage/people/{newcomers[0].pk}/code/", {"as": "pdf"})
        assert response.content.startswith(b"%PDF")

    def test_is_not_for_the_principal_of_another_school(self, client, city, newcomers, outsider):
        client.force_login(outsider)
        assert self.ask(client, city.school, newcomers).status_code == 404
        assert not AccessCode.objects.exists()


@pytest.mark.django_db
def test_on_screen_a_user_name_is_called_so(client, city, principal):
    person = make_member(city.school, code="79000001")
    make_account(person, username="giaovien")
    client.force_login(principal)
    text = client.post(f"/manage/people/{person.pk}/code/", {"as": "page"}).content.decode()
    assert "<dt>Tên đăng nhập</dt><dd>giaovien</dd>" in text


@pytest.mark.django_db
class TestAWholeSubtree:
    def test_is_offered_unit_by_unit_with_how_many_wait(self, client, city):
        make_member(city.school)
        make_member(city.school)
        make_member(city.other_school)
        make_account(make_member(city.facility))
        chief = make_account()
        make_scope(chief, city.commune)
        client.force_login(chief)
        response = client.get(f"/manage/units/{city.commune.code}/slips/")
        rows = [(row["unit__code"], row["count"]) for row in response.context["below"]]
        assert rows == [("THCS2", 1), ("TH1", 2)]  # by name
        assert 'href="/manage/units/TH1/slips/"' in response.content.decode()

    def test_names_no_unit_of_another_sector(self, client, city):
        make_member(city.school)
        make_member(city.facility)
        chief = make_account()
        make_scope(chief, city.root, "sector_manager", sector="social")
        client.force_login(chief)
        response = client.get(f"/manage/units/{city.facility.code}/slips/")
        assert response.status_code == 200
        assert client.get(f"/manage/units/{city.commune.code}/slips/").status_code == 404
