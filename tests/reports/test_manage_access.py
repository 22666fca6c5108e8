"""To whom the manager's pages show what, and to whom nothing."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from people.models import Membership, Scope
from reports.coverage import Coverage
from reports.queries.figures import Cell
from tests.factories import make_member, make_scope
from tests.reports.addresses import people_address, person_address, unit_address


@pytest.mark.usefixtures("staff")
class TestWhoMaySee:
    def addresses(self, person):
        return [
            "/manage/",
            unit_address("TH1"),
            people_address("TH1"),
            person_address(person.pk),
        ]

    def test_nobody_without_signing_in(self, client, learner):
        for address in self.addresses(learner):
            response = client.get(address)
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/login/")

    def test_a_learner_is_told_whom_to_ask(self, see, learner):
        for address in [*self.addresses(learner), unit_address("KHÔNG-CÓ")]:
            assert "Trang này dành cho người quản lý" in see(learner.user, address, 403)

    def test_a_learner_is_given_the_contact_and_an_id_to_quote(self, see, settings, learner):
        settings.SUPPORT_CONTACT = "Phòng thử, 028 0000 0000"
        text = see(learner.user, "/manage/", 403)
        assert "Phòng thử, 028 0000 0000" in text
        assert "Khi hỏi, hãy đọc mã" in text

    def test_an_outsider_finds_nothing(self, see, learner, outsider):
        for address in self.addresses(learner)[1:]:
            see(outsider, address, 404)

    def test_a_principal_sees_neither_her_sibling_nor_what_is_above(self, see, city, principal):
        stranger = Membership.objects.filter(unit=city.other_school).first().person_id
        for address in [
            unit_address("THCS2"),
            unit_address("XA1"),
            people_address("TP"),
            person_address(stranger),
            unit_address("KHÔNG-CÓ"),
        ]:
            see(principal, address, 404)

    def test_what_is_above_is_not_even_a_link(self, see, principal):
        assert "/manage/units/XA1/" not in see(principal, unit_address("TH1"))

    def test_a_withdrawn_scope_closes_the_next_request(self, see, principal):
        see(principal, unit_address("TH1"))
        Scope.objects.filter(user=principal).update(ended_on=date(2020, 1, 1))
        see(principal, unit_address("TH1"), 403)

    def test_a_scope_that_has_not_begun_opens_nothing(self, see, principal):
        Scope.objects.filter(user=principal).update(started_on=date(2090, 1, 1))
        see(principal, unit_address("TH1"), 403)

    def test_one_of_two_scopes_withdrawn_leaves_the_other(self, see, city, principal):
        scope = make_scope(principal, city.other_school)
        see(principal, unit_address("THCS2"))
        Scope.objects.filter(pk=scope.pk).update(ended_on=date(2020, 1, 1))
        see(principal, unit_address("THCS2"), 404)
        see(principal, unit_address("TH1"))

    def test_a_scope_closes_with_the_account(self, client, principal):
        client.force_login(principal)
        type(principal).objects.filter(pk=principal.pk).update(is_active=False)
        assert client.get(unit_address("TH1")).status_code == 302

    def test_a_record_is_closed_once_she_has_left_whatever_day_is_asked(
        self, see, learner, principal
    ):
        Membership.objects.filter(person=learner).update(ended_on=date(2026, 6, 30))
        see(principal, person_address(learner.pk, "as_of=2026-05-01"), 404)
        see(principal, person_address(learner.pk), 404)


class TestFiguresOnly:
    @pytest.mark.usefixtures("staff")
    def test_sees_figures_and_no_people(self, see, learner, figures_only):
        text = see(figures_only, unit_address("TH1"))
        assert "/people/" not in text
        see(figures_only, people_address("TH1"), 404)
        see(figures_only, person_address(learner.pk), 404)

    @pytest.mark.usefixtures("staff")
    def test_sees_no_cell_about_fewer_than_five_people(self, client, see, figures_only, city):
        """6 of 10 are complete: 4 are not, and a complement tells as much."""
        text = see(figures_only, unit_address("TH1"))
        assert "Số liệu không được hiện vì liên quan đến quá ít người" in text
        assert "headline__figure" not in text
        assert "6/10" not in text
        assert "60,0" not in text

    def test_the_words_of_the_curve_do_not_tell_what_is_hidden(self, see, figures_only, target):
        """Other days may be shown, and so the curve is drawn."""
        hidden = Cell(Coverage(required=103, complete=2), is_withheld=True)
        curve = SimpleNamespace(
            period=SimpleNamespace(first=date(2026, 1, 1), last=date(2026, 6, 6)),
            points=[], known_until=date(2026, 6, 6), due_on=target.due_on,
        )  # fmt: skip
        asked = SimpleNamespace(as_of=date(2026, 6, 6), ticks=[])
        text = render_to_string(
            "reports/_curve.html",
            {"curve": curve, "asked": asked, "target": target, "all": hidden},
        )
        assert "1,9" not in text

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
        assert "/units/TH1/people/" in see(principal, unit_address("TH1"))
        assert "/units/XA1/people/" not in see(principal, unit_address("XA1"))
        see(principal, people_address("XA1"), 404)
