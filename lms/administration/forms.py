"""Why somebody is viewed as, and which lines of the audit log to show."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from people.dates import start_of_day
from people.forms.fields import ReasonField
from people.models import AuditAction, AuditEntry, Person


class ViewAsForm(forms.Form):
    reason = ReasonField(
        hint=_("Ví dụ: giáo viên gọi điện báo không thấy bài kiểm tra."),
        error_messages={"required": _("Hãy ghi lý do xem.")},
    )


class LogDayField(forms.DateField):
    """A day of this century or the next; the browser's calendar serves, since it is of late."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            required=False,
            validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            **kwargs,
        )


class AuditForm(forms.Form):
    """Sent by GET; everything is optional, an unknown value filters nothing."""

    actor = forms.CharField(
        label=_("Người thực hiện"),
        help_text=_("Tên hoặc mã, của người thực hiện hoặc người được xem như."),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    subject = forms.CharField(
        label=_("Về ai"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    action = forms.ChoiceField(
        label=_("Việc"), choices=[("", _("Tất cả")), *AuditAction.choices], required=False
    )
    since = LogDayField(label=_("Từ ngày"))
    until = LogDayField(label=_("Đến hết ngày"))

    def chosen_from(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Of the entries those that were asked for; call after `is_valid`."""
        asked: dict[str, Any] = self.cleaned_data
        if words := asked.get("actor"):
            entries = entries.filter(_by(words))
        if words := asked.get("subject"):
            entries = entries.filter(subject_label__icontains=words)
        if action := asked.get("action"):
            entries = entries.filter(action=action)
        if since := asked.get("since"):
            entries = entries.filter(at__gte=start_of_day(since))
        if until := asked.get("until"):
            entries = entries.filter(at__lt=start_of_day(until + timedelta(days=1)))
        return entries


def _by(words: str) -> Q:
    """Entries of people so called, whether they acted themselves or were viewed as."""
    people = Person.objects.found_by(words).values("pk")
    return (
        Q(actor__person__in=people)
        | Q(acting_as__person__in=people)
        | Q(actor__username__iexact=words)
    )
