"""Choosing between what two rows say, merging them with a reason, taking that back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from people.forms.fields import ReasonField
from people.forms.requests import CHOOSE
from people.merging.plan import Question

PREFIX = "choice-"


class FindForm(forms.Form):
    """Sent by GET."""

    q = forms.CharField(
        label=_("Tên hoặc mã của hồ sơ kia"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ChoicesForm(forms.Form):
    """One group of choices for each question of a plan."""

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"{PREFIX}{question.key}"] = forms.ChoiceField(
                label=question.label,
                help_text=question.hint,
                choices=question.options,
                initial=question.chosen,
                widget=forms.RadioSelect,
                error_messages=CHOOSE,
            )


class MergeForm(forms.Form):
    reason = ReasonField(
        label=_("Lý do gộp"),
        hint=_("Vì sao chắc chắn là cùng một người, ví dụ đã đối chiếu giấy tờ nào."),
        error_messages={"required": _("Hãy ghi lý do gộp.")},
    )
    expected = forms.CharField(widget=forms.HiddenInput, required=False)


class UnmergeForm(forms.Form):
    reason = ReasonField(
        label=_("Lý do hoàn tác"), error_messages={"required": _("Hãy ghi lý do hoàn tác.")}
    )


def choices_in(sent: Any) -> dict[str, str]:
    """What was chosen, by the key of the question."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in sent.items()
        if name.startswith(PREFIX) and value
    }
