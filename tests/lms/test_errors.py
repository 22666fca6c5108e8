"""Every request has an id; an error page shows it, and the log has it beside the traceback."""

from __future__ import annotations

import io
import logging
import logging.config
import re

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from lms import urls
from lms.request_ids import HEADER, RequestIdFilter

ID = re.compile(r"[2-9a-z]{8}")


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("the disk is full")


urlpatterns = [path("fails/", fails), *urls.urlpatterns]
handler400, handler500 = urls.handler400, urls.handler500

CONTACT = "Tổ hỗ trợ 028 0000 0000"


@pytest.fixture(autouse=True)
def contact(settings):
    settings.ROOT_URLCONF = __name__
    settings.SUPPORT_CONTACT = CONTACT


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def log():
    """What the log of a real server says: its own format, into a string."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter(settings.LOGGING["formatters"]["line"]["format"]))
    handler.addFilter(RequestIdFilter())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


class TestIds:
    def test_every_response_has_one_of_its_own(self, client):
        ids = {client.get("/healthz").headers[HEADER] for _ in range(20)}
        assert len(ids) == 20
        assert all(ID.fullmatch(each) for each in ids)

    def test_nobody_chooses_it(self, client):
        response = client.get("/healthz", headers={HEADER: "aaaaaaaa"})
        assert response.headers[HEADER] != "aaaaaaaa"

    def test_a_line_of_the_log_carries_it(self, client, log):
        logging.getLogger("tests").error("outside of a request")
        assert " [-] tests outside of a request" in log.getvalue()

    @pytest.mark.django_db
    def test_so_does_the_line_of_a_page_that_is_not_there(self, client, log):
        name = client.get("/no-such-page/").headers[HEADER]
        assert f"WARNING [{name}] django.request Not Found: /no-such-page/" in log.getvalue()

    def test_the_server_logs_in_that_format(self):
        console = settings.LOGGING["handlers"]["console"]
        assert (console["formatter"], console["filters"]) == ("line", ["request_id"])
        logging.config.DictConfigurator(settings.LOGGING)  # type: ignore[attr-defined]


class TestUnexpectedErrors:
    def test_page_header_and_log_say_the_same_id(self, visitor, log):
        response = visitor.get("/fails/")
        name = response.headers[HEADER]
        assert response.status_code == 500
        assert f"<strong>{name}</strong>" in response.content.decode()
        line, traceback = log.getvalue().split("\n", 1)
        assert f"[{name}] django.request Internal Server Error: /fails/" in line
        assert "RuntimeError: the disk is full" in traceback

    def test_the_page_needs_no_database(self, visitor):
        """Without the mark that opens it, pytest-django lets nothing through to the database."""
        page = visitor.get("/fails/").content.decode()
        assert "Những gì đã lưu vẫn còn nguyên" in page
        assert "the disk is full" not in page

    def test_the_page_says_whom_to_ask(self, visitor):
        assert CONTACT in visitor.get("/fails/").content.decode()

    @override_settings(SUPPORT_CONTACT="")
    def test_the_words_make_sense_without_a_contact(self, visitor):
        assert "Hỏi người quản lý đơn vị." in visitor.get("/fails/").content.decode()

    def test_the_page_needs_no_manifest_of_static_files(self, visitor, monkeypatch):
        def missing():
            raise ValueError("Missing staticfiles manifest entry")

        monkeypatch.setattr("lms.errors.base_css", missing)
        response = visitor.get("/fails/")
        assert response.status_code == 500
        assert "stylesheet" not in response.content.decode()


@pytest.mark.django_db
class TestOtherErrors:
    @pytest.mark.parametrize(
        ("address", "status"), [("/no-such-page/", 404), ("/verify/?code=%00", 400)]
    )
    def test_say_the_id_and_whom_to_ask(self, visitor, address, status):
        response = visitor.get(address)
        page = response.content.decode()
        assert response.status_code == status
        assert f"<strong>{response.headers[HEADER]}</strong>" in page
        assert CONTACT in page

    def test_a_form_that_is_too_old_says_so_too(self):
        response = Client(enforce_csrf_checks=True).post("/accounts/login/")
        assert response.status_code == 403
        assert response.headers[HEADER] in response.content.decode()

    @override_settings(ALLOWED_HOSTS=["truong.test"])
    def test_a_host_that_is_not_ours_gets_a_page_too(self, visitor):
        response = visitor.get("/my/", headers={"host": "evil.test"})
        assert response.status_code == 400
        assert response.headers[HEADER] in response.content.decode()


@pytest.mark.django_db
class TestSupport:
    def test_says_whom_to_ask_and_what_to_quote(self, client):
        page = client.get("/support/").content.decode()
        assert CONTACT in page
        assert "Mã lỗi" in page
        for way in ("activate", "forgotten", "not-listed"):
            assert f"/accounts/{way}/" in page

    @override_settings(SUPPORT_CONTACT="")
    def test_makes_sense_without_a_contact(self, client):
        page = client.get("/support/").content.decode()
        assert "chuyển câu hỏi lên cấp quản lý trực tiếp" in page

    def test_keeps_the_hotline_apart(self, client):
        page = client.get("/support/").content.decode()
        assert 'href="tel:111"' in page
        assert "không phải nơi báo tin" in page
