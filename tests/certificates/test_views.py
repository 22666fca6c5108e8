import uuid
from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse
from pypdf import PdfReader

from certificates.addresses import verify_url
from certificates.models import Certificate
from certificates.services.issuing import issue_certificate
from certificates.services.revoking import replace, revoke
from tests.certificates.builders import COMPLETED_AT, certify, complete, make_short_run
from tests.factories import make_account, make_member, make_scope

TODAY = date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _on_that_day():
    with time_machine.travel(f"{TODAY} 09:00 +0700", tick=False):
        yield


@pytest.fixture
def run(city):
    return make_short_run(city.root, title="Bảo vệ trẻ em", validity_months=36)


@pytest.fixture
def certificate(learner, run):
    return certify(learner, run)


def check(client, code):
    return client.get(f"/verify/{code}/", headers={"accept": "application/json"})


class TestVerifyJson:
    def test_tells_whose_it_is_and_of_what(self, client, certificate):
        response = check(client, certificate.pk)
        assert response.status_code == 200
        assert response.json() == {
            "status": "valid",
            "id": str(certificate.pk),
            "name": "Trần Ngọc Hạnh",
            "course": "Bảo vệ trẻ em",
            "modules": [
                {"code": "KH1", "title": "Chuyên đề KH1"},
                {"code": "KH6", "title": "Chuyên đề KH6"},
            ],
            "completed_on": "2026-07-15",
            "valid_until": "2029-07-15",
            "number": "0001/2026/GCN",
            "issuer": certificate.issuer,
        }

    def test_says_expired_the_day_after_the_last(self, client, certificate):
        with time_machine.travel("2029-07-15 23:59 +0700"):
            assert check(client, certificate.pk).json()["status"] == "valid"
        with time_machine.travel("2029-07-16 00:01 +0700"):
            assert check(client, certificate.pk).json()["status"] == "expired"

    def test_says_revoked_and_since_when_but_not_why(self, client, certificate, principal):
        revoke(certificate, on=TODAY, reason="Gian dối", by=principal, at=COMPLETED_AT)
        response = check(client, certificate.pk)
        assert response.json()["status"] == "revoked"
        assert response.json()["revoked_from"] == "2026-09-01"
        assert "Gian dối" not in response.content.decode()

    def test_says_replaced_and_by_which(self, client, certificate, principal):
        successor = replace(certificate, by=principal, at=COMPLETED_AT, reason="Sai tên")
        answer = check(client, certificate.pk).json()
        assert answer["status"] == "replaced"
        assert answer["replaced_by"] == verify_url(successor)

    @pytest.mark.parametrize("code", [uuid.uuid4(), "0001", "khong-phai-ma", "0001%2F2026%2FGCN"])
    def test_says_unknown_of_anything_else(self, client, certificate, code):
        response = check(client, code)
        assert response.status_code == 404
        assert response.json() == {"status": "unknown"}

    def test_does_not_know_one_with_a_digit_changed(self, client, certificate):
        code = str(certificate.pk)
        forged = code[:-1] + ("0" if code[-1] != "0" else "1")
        assert check(client, forged).status_code == 404


class TestVerifyPage:
    def test_says_valid(self, client, certificate):
        response = client.get(reverse("certificates:verify", args=[certificate.pk]))
        assert response.headers["Content-Type"].startswith("text/html")
        assert "Còn hiệu lực" in response.content.decode()

    def test_in_english_marks_as_vietnamese_what_the_certificate_says_alone(
        self, client, certificate
    ):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = client.get(f"/verify/{certificate.pk}/").content.decode()
        assert f'<p class="sheet__name" lang="vi">{certificate.person_name}</p>' in page
        assert f'<p class="sheet__course" lang="vi">{certificate.course_title}</p>' in page
        assert '<div class="sheet__head">' in page

    def test_shows_the_least_personal_data(self, client, certificate, learner):
        page = client.get(f"/verify/{certificate.pk}/").content.decode()
        assert "Trần Ngọc Hạnh" in page
        for private in [learner.code, "05/04/1985", "1985", certificate.unit_name]:
            assert private not in page

    def test_shows_each_standing(self, client, certificate, principal):
        revoke(certificate, on=TODAY, reason="Nhầm", by=principal, at=COMPLETED_AT)
        assert "Đã thu hồi" in client.get(f"/verify/{certificate.pk}/").content.decode()
        successor = replace(certificate, by=principal, at=COMPLETED_AT, reason="Nhầm")
        page = client.get(f"/verify/{certificate.pk}/").content.decode()
        assert "Đã cấp lại" in page
        assert f"/verify/{successor.pk}/" in page

    def test_says_so_when_there_is_none(self, client, db):
        response = client.get(f"/verify/{uuid.uuid4()}/")
        assert response.status_code == 404
        assert "Không có giấy chứng nhận nào mang mã này" in response.content.decode()

    def test_escapes_what_was_typed(self, client, db):
        page = client.get("/verify/%3Cscript%3Ealert(1)/").content.decode()
        assert "<script>alert" not in page

    def test_is_neither_kept_nor_indexed(self, client, certificate):
        response = client.get(f"/verify/{certificate.pk}/")
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex"
        assert "Accept" in response.headers["Vary"]

    def test_takes_few_queries(self, client, certificate, django_assert_max_num_queries):
        with django_assert_max_num_queries(2):
            client.get(f"/verify/{certificate.pk}/")

    def test_never_uses_the_word_for_a_diploma(self, client, certificate):
        for address in ["/verify/", f"/verify/{certificate.pk}/"]:
            assert "chứng chỉ" not in client.get(address).content.decode().lower()


class TestLookingUp:
    def test_asks_for_the_code(self, client, db):
        page = client.get("/verify/")
        assert page.status_code == 200
        assert 'name="code"' in page.content.decode()

    @pytest.mark.parametrize("typed", ["{}", " {} ", "https://boiduong.example.vn/verify/{}/"])
    def test_leads_to_the_page_of_the_code(self, client, certificate, typed):
        response = client.get("/verify/", {"code": typed.format(certificate.pk)})
        assert response.headers["Location"] == f"/verify/{certificate.pk}/"

    def test_keeps_and_explains_what_is_no_code(self, client, db):
        page = client.get("/verify/", {"code": "0001/2026/GCN"}).content.decode()
        assert "0001/2026/GCN" in page
        assert "Hãy nhập lại đủ mã" in page

    def test_never_leads_away(self, client, certificate):
        response = client.get("/verify/", {"code": f"https://evil.example/{certificate.pk}"})
        assert response.headers["Location"].startswith("/verify/")


class TestDownload:
    def address(self, certificate):
        return reverse("certificates:download", args=[certificate.pk])

    def test_gives_its_owner_the_pdf(self, client, certificate, learner):
        client.force_login(learner.user)
        response = client.get(self.address(certificate))
        assert response.headers["Content-Type"] == "application/pdf"
        text = PdfReader(BytesIO(response.content)).pages[0].extract_text()
        assert "0001/2026/GCN" in text
        assert "private" in response.headers["Cache-Control"]

    def test_names_the_file_in_ascii_and_in_vietnamese(self, client, certificate, learner):
        client.force_login(learner.user)
        disposition = client.get(self.address(certificate)).headers["Content-Disposition"]
        assert 'filename="giay-chung-nhan-tran-ngoc-hanh-0001-2026-gcn.pdf"' in disposition
        assert "Giấy chứng nhận Trần Ngọc Hạnh 0001-2026-GCN.pdf" in unquote(disposition)

    def test_no_name_breaks_out_of_the_header(self, client, certificate, learner):
        Certificate.objects.filter(pk=certificate.pk).update(person_name='A"\r\nX: y; b="')
        client.force_login(learner.user)
        response = client.get(self.address(certificate))
        assert "X" not in response.headers
        assert response.headers["Content-Disposition"].count('"') == 2

    def test_gives_it_to_whoever_may_see_the_person(self, client, certificate, principal):
        client.force_login(principal)
        assert client.get(self.address(certificate)).status_code == 200

    def test_does_not_exist_for_an_outsider(self, client, certificate, outsider):
        client.force_login(outsider)
        assert client.get(self.address(certificate)).status_code == 404

    def test_does_not_exist_for_a_colleague(self, client, certificate, city):
        colleague = make_account(make_member(city.school, code="000905"))
        client.force_login(colleague)
        assert client.get(self.address(certificate)).status_code == 404

    def test_does_not_exist_for_who_may_see_figures_only(self, client, certificate, city):
        viewer = make_account()
        make_scope(viewer, city.root, "aggregate_viewer")
        client.force_login(viewer)
        assert client.get(self.address(certificate)).status_code == 404

    def test_is_gone_with_the_scope(self, client, certificate, principal):
        client.force_login(principal)
        principal.scopes.update(ended_on=date(2026, 8, 31))
        assert client.get(self.address(certificate)).status_code == 404

    def test_asks_a_stranger_to_sign_in(self, client, certificate):
        response = client.get(self.address(certificate))
        assert response.status_code == 302
        assert "login" in response.headers["Location"]

    def test_cannot_be_posted_to(self, client, certificate, learner):
        client.force_login(learner.user)
        assert client.post(self.address(certificate)).status_code == 405

    def test_numbers_one_that_still_waits(self, client, learner, run):
        waiting = issue_certificate(complete(learner, run), at=COMPLETED_AT)
        client.force_login(learner.user)
        client.get(self.address(waiting))
        waiting.refresh_from_db()
        assert waiting.number == "0001/2026/GCN"

    def test_shows_a_revocation_on_the_paper(self, client, certificate, learner, principal):
        revoke(certificate, on=TODAY, reason="Nhầm", by=principal, at=COMPLETED_AT)
        client.force_login(learner.user)
        pdf = client.get(self.address(certificate)).content
        assert "ĐÃ THU HỒI" in PdfReader(BytesIO(pdf)).pages[0].extract_text()

    def test_does_not_print_what_others_issued(self, client, learner, run):
        recorded = Certificate.objects.create(
            person=learner, course=run.course, completed_on=TODAY, is_recorded=True, issuer="Sở",
            issued_at=COMPLETED_AT, number="15", person_name="Trần Ngọc Hạnh",
        )  # fmt: skip
        client.force_login(learner.user)
        assert client.get(self.address(recorded)).status_code == 404

    def test_takes_few_queries(self, client, certificate, principal, django_assert_max_num_queries):
        client.force_login(principal)
        with django_assert_max_num_queries(5):  # one of them writes the audit log
            client.get(self.address(certificate))


def test_the_address_on_paper_is_the_servers_own(certificate, settings):
    settings.BASE_URL = "https://boiduong.example.vn"
    assert verify_url(certificate) == f"https://boiduong.example.vn/verify/{certificate.pk}/"
