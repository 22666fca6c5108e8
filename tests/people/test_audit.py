"""The audit log: what is written, that it stays, and who may read it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from certificates.services.revoking import replace, revoke
from people.audit import AuditAction, record
from people.models import AuditEntry
from people.models.append_only import AppendOnlyError
from tests.certificates.builders import certify, make_short_run
from tests.factories import make_account, make_member
from tests.people.workbooks import cells_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_was_counted_before")]
LOG = "/manage/audit/"


@pytest.fixture
def administrator(db):
    return make_account(username="quantri", is_superuser=True)


class TestRecording:
    def test_says_who_did_what_to_whom(self, learner, principal):
        record("code.issued", actor=principal, subject=learner, detail={"reason": "mất phiếu"})
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action, entry.subject, entry.subject_label, entry.detail) == (
            principal,
            AuditAction.CODE_ISSUED,
            f"people.person:{learner.pk}",
            "Trần Ngọc Hạnh",
            {"reason": "mất phiếu"},
        )

    def test_keeps_the_name_of_the_day(self, learner, principal):
        entry = record("export", actor=principal, subject=learner)
        learner.given_name = "Hoa"
        learner.save()
        entry.refresh_from_db()
        assert entry.subject_label == "Trần Ngọc Hạnh"

    @pytest.mark.parametrize("nobody", [None, AnonymousUser()])
    def test_the_system_and_visitors_are_nobody(self, nobody):
        assert record("code.used", actor=nobody).actor is None

    def test_refuses_an_act_without_a_name(self, principal):
        with pytest.raises(ValueError, match=r"code\.isued"):
            record("code.isued", actor=principal)

    def test_cuts_a_label_that_is_too_long(self, principal, learner):
        learner.middle_name = "Ngọc " * 60
        assert len(record("export", actor=principal, subject=learner).subject_label) == 200


class TestStaying:
    @pytest.fixture
    def entry(self, principal):
        return record("export", actor=principal)

    def test_no_entry_is_changed(self, entry):
        entry.action = "denied"
        with pytest.raises(AppendOnlyError):
            entry.save()

    def test_no_entry_is_deleted(self, entry):
        with pytest.raises(AppendOnlyError):
            entry.delete()

    def test_nor_many_at_once(self, entry):
        with pytest.raises(AppendOnlyError):
            AuditEntry.objects.update(action="denied")
        with pytest.raises(AppendOnlyError):
            AuditEntry.objects.all().delete()
        assert AuditEntry.objects.get() == entry


class TestAboutAPerson:
    def test_shows_what_others_did_and_not_what_she_did(self, learner, principal):
        theirs = record("record.viewed", actor=principal, subject=learner)
        record("person.corrected", actor=learner.user, subject=learner)
        record("record.viewed", actor=principal, subject=principal.person)
        assert list(AuditEntry.objects.about(learner)) == [theirs]

    def test_shows_what_was_done_while_someone_viewed_as_her(self, learner, administrator):
        as_her = learner.user
        as_her.viewed_by = administrator
        entry = record("denied", actor=as_her, subject=learner)
        assert (entry.actor, entry.acting_as) == (administrator, learner.user)
        assert list(AuditEntry.objects.about(learner)) == [entry]

    def test_shows_what_the_system_did(self, learner):
        entry = record("code.used", actor=None, subject=learner)
        assert list(AuditEntry.objects.about(learner)) == [entry]


class TestWhatIsLogged:
    def test_a_record_that_a_manager_opened(self, client, learner, principal):
        client.force_login(principal)
        client.get(f"/manage/people/{learner.pk}/")
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == ("record.viewed", principal)
        assert list(AuditEntry.objects.about(learner)) == [entry]

    def test_not_ones_own(self, client, principal):
        client.force_login(principal)
        assert client.get(f"/manage/people/{principal.person_id}/").status_code == 200
        assert not AuditEntry.objects.exists()

    def test_a_certificate_that_someone_else_downloaded(self, client, city, learner, principal):
        certificate = certify(learner, make_short_run(city.school))
        for reader in (learner.user, principal):
            client.force_login(reader)
            assert client.get(f"/certificates/{certificate.pk}.pdf").status_code == 200
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == ("certificate.downloaded", principal)
        assert entry.detail == {"certificate": str(certificate.pk)}

    def test_a_revocation_and_its_replacement(self, city, learner, principal):
        certificate = certify(learner, make_short_run(city.school))
        now = timezone.now()
        revoke(certificate, on=certificate.completed_on, reason="sai tên", by=principal, at=now)
        replace(certificate, by=principal, at=now, reason="sửa tên", person_name="Trần Ngọc Hân")
        acts = [
            (entry.action, entry.detail["reason"]) for entry in AuditEntry.objects.about(learner)
        ]
        assert acts == [("certificate.replaced", "sửa tên"), ("certificate.revoked", "sai tên")]

    def test_someone_who_is_refused_a_page(self, client, learner, outsider):
        client.force_login(outsider)
        client.get(f"/manage/people/{learner.pk}/")
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor) == ("denied", outsider)
        assert entry.detail["path"] == f"/manage/people/{learner.pk}/"
        assert entry.detail["status"] == 404

    def test_someone_without_any_scope(self, client, learner):
        client.force_login(learner.user)
        assert client.get("/manage/").status_code == 403
        assert AuditEntry.objects.get().detail["status"] == 403

    @pytest.mark.parametrize("path", ["/wp-login.php", "/manage/nothing/here/", "/verify/abc/"])
    def test_no_address_that_leads_nowhere(self, client, learner, path):
        client.force_login(learner.user)
        assert client.get(path).status_code == 404
        assert not AuditEntry.objects.exists()

    def test_no_visitor(self, client, learner):
        client.get(f"/manage/people/{learner.pk}/")
        assert not AuditEntry.objects.exists()


class TestThePage:
    @pytest.fixture
    def entries(self, learner, principal, outsider):
        record("record.viewed", actor=principal, subject=learner)
        record("export", actor=outsider, detail={"people": 12})
        record("denied", actor=None)

    def shown(self, client, query=""):
        return [row[0].action for row in client.get(f"{LOG}{query}").context["rows"]]

    def test_shows_the_newest_first(self, client, administrator, entries):
        client.force_login(administrator)
        assert self.shown(client) == ["denied", "export", "record.viewed"]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?actor=duc+le", ["record.viewed"]),
            ("?actor=000103", ["export"]),
            ("?subject=hạnh", ["record.viewed"]),
            ("?action=export", ["export"]),
            ("?action=no-such-act", ["denied", "export", "record.viewed"]),
            ("?until=2020-01-01", []),
            ("?since=2020-01-01", ["denied", "export", "record.viewed"]),
            ("?since=bao-giờ", ["denied", "export", "record.viewed"]),
        ],
    )
    def test_finds_by_doer_person_act_and_day(self, client, administrator, entries, query, found):
        client.force_login(administrator)
        assert self.shown(client, query) == found

    def test_a_day_is_a_day_here(self, client, administrator):
        late = datetime(2026, 7, 1, 17, 30, tzinfo=UTC)  # 0:30 on the 2nd
        AuditEntry.objects.create(action="export", at=late)
        client.force_login(administrator)
        assert self.shown(client, "?since=2026-07-02&until=2026-07-02") == ["export"]
        assert self.shown(client, "?until=2026-07-01") == []

    def test_writes_out_the_details(self, client, administrator, entries):
        client.force_login(administrator)
        assert "Số người:" in client.get(LOG).content.decode()

    def test_names_a_unit_and_leads_to_it(self, client, city, administrator):
        record("unit.changed", actor=administrator, subject=city.school)
        client.force_login(administrator)
        text = client.get(LOG).content.decode()
        assert 'href="/manage/structure/TH1/"' in text
        assert "Trường Tiểu học Một" in text

    def test_does_not_exist_for_anybody_else(self, client, principal):
        client.force_login(principal)
        assert client.get(LOG).status_code == 404

    def test_takes_as_many_queries_for_many_as_for_few(
        self, client, city, administrator, learner, django_assert_max_num_queries
    ):
        client.force_login(administrator)

        def queries(number: int) -> int:
            for _ in range(number):
                doer = make_account(make_member(city.school))
                record("record.viewed", actor=doer, subject=learner)
            with django_assert_max_num_queries(10) as captured:
                client.get(LOG)
            return len(captured)

        assert queries(2) == queries(30)

    def test_turns_pages_and_keeps_what_was_asked(self, client, administrator):
        for _ in range(51):
            record("export", actor=administrator)
        client.force_login(administrator)
        page = client.get(f"{LOG}?action=export&page=2")
        assert len(page.context["rows"]) == 1
        assert "?action=export&amp;page=1" in page.content.decode()


class TestTakingItAlong:
    @pytest.fixture
    def session(self, client, administrator):
        client.force_login(administrator)
        return client

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_holds_what_the_filter_leaves_and_is_logged(
        self, session, administrator, learner, principal, kind
    ):
        record("record.viewed", actor=principal, subject=learner)
        record("denied", actor=principal)
        response = session.get(f"/manage/audit.{kind}?action=record.viewed")
        cells = cells_of(b"".join(response.streaming_content), kind)
        assert [row[2:6] for row in cells[1:]] == [
            ["Lê Văn Đức", None if kind == "xlsx" else "", "Xem hồ sơ", "Trần Ngọc Hạnh"]
        ]
        taken = AuditEntry.objects.get(action="export")
        assert taken.actor == administrator
        assert taken.detail == {"list": "audit", "entries": 1, "kind": kind}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_has_no_cell_that_is_a_formula(self, session, principal, kind):
        record("code.issued", actor=principal, detail={"=1+1": "x"})
        response = session.get(f"/manage/audit.{kind}")
        cells = cells_of(b"".join(response.streaming_content), kind)
        assert "'=1+1: x" in {row[6] for row in cells}

    def test_speaks_the_readers_language_to_the_last_line(self, session, administrator, principal):
        administrator.language = "en"
        administrator.save()
        record("record.viewed", actor=principal)
        response = session.get("/manage/audit.csv?action=record.viewed")
        assert "Xem hồ sơ" not in b"".join(response.streaming_content).decode()

    def test_takes_as_many_queries_for_many_as_for_few(
        self, session, city, learner, django_assert_max_num_queries
    ):
        def queries(number: int) -> int:
            for _ in range(number):
                doer = make_account(make_member(city.school))
                record("record.viewed", actor=doer, subject=learner)
            with django_assert_max_num_queries(20) as captured:
                b"".join(session.get("/manage/audit.csv").streaming_content)
            return len(captured)

        assert queries(2) == queries(30)

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_does_not_exist_for_anybody_else(self, client, principal, kind):
        client.force_login(principal)
        assert client.get(f"/manage/audit.{kind}").status_code == 404
        assert not AuditEntry.objects.filter(action="export").exists()
