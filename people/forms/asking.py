"""What every form about one person begins with: who asks, what it comes to, doing it."""

from __future__ import annotations

from abc import ABCMeta, abstractmethod
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.translation import gettext_lazy as _

from people.dates import local_day
from people.forms.fields import BirthDateField, DayField, ReasonField
from people.forms.requests import DayAwareForm
from people.models import Person, User
from people.models.membership import LeavingCause
from people.queries.people import KnownUnit, units_managed
from people.services.people import Act, change_memberships, foresee
from people.stays import Change, Stay, held_on_day

FIRST_DAY = date(1970, 1, 1)
FURTHEST = timedelta(days=366)  # ahead of today: beyond it a year was mistyped


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for something about which person in her care, and about which row of that person's
    memberships, where it is about one."""

    viewer: User
    person: Person
    stays: list[Stay]
    row: Stay | None
    at: datetime

    @property
    def today(self) -> date:
        return local_day(self.at)

    @property
    def post(self) -> Stay | None:
        """Where the person counts today, else where she did last."""
        return held_on_day(self.stays, self.today) or (self.stays[-1] if self.stays else None)

    @property
    def units(self) -> list[KnownUnit]:
        """Where the viewer may put somebody."""
        return list(units_managed(self.viewer, on=self.today))


class AbstractFormMeta(ABCMeta, DeclarativeFieldsMetaclass):
    """Of forms that leave something to say to those that are sent."""


class ActForm(DayAwareForm, metaclass=AbstractFormMeta):
    """Asked twice: what it comes to is shown, then it is done. `confirmed` stands for what was
    seen."""

    reason = ReasonField(label=_("Lý do, căn cứ"), hint=_("Ví dụ số quyết định, ngày ký."))
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, asking: Asking, **kwargs: Any) -> None:
        super().__init__(*args, today=asking.today, **kwargs)
        self.asking, self.today = asking, asking.today
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            day = cleaned.get(name)
            if not isinstance(field, DayField) or isinstance(field, BirthDateField) or day is None:
                continue
            if not FIRST_DAY <= day <= self.today + FURTHEST:
                self.add_error(name, ValidationError(_("Ngày quá xa: hãy kiểm tra năm.")))
        return cleaned

    @abstractmethod
    def foresee(self) -> str:
        """What it comes to, in words; never empty. Raises `RosterError`."""

    @abstractmethod
    def carry_out(self) -> None:
        """Raises `RosterError`; nothing is kept."""

    @property
    def obstacle(self) -> str:
        """Why there is nothing to ask for, and what to do instead; empty where there is."""
        return ""

    @property
    def advice(self) -> str:
        """What this form can't do, and who can."""
        return ""

    @property
    def cause(self) -> LeavingCause | None:
        return None

    @property
    def act(self) -> Act:
        asking = self.asking
        return Act(asking.viewer, asking.at, self.cleaned_data["reason"], cause=self.cause)


class ChangeForm(ActForm):
    """One that changes memberships."""

    @abstractmethod
    def change(self) -> Change:
        """What is asked for."""

    def foresee(self) -> str:
        asking = self.asking
        return foresee(asking.person, self.change(), by=asking.viewer, on=self.today)

    def carry_out(self) -> None:
        change_memberships(self.asking.person, self.change(), act=self.act)


class RowForm(ChangeForm):
    """One that is about a row of the memberships."""

    @property
    def row(self) -> Stay:
        assert self.asking.row is not None
        return self.asking.row

    @property
    def key(self) -> int:
        assert self.row.pk is not None
        return self.row.pk
