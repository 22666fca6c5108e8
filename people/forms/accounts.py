"""Why an account is closed, opened again, or loses its second step."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from people.forms.fields import ReasonField


class AccountActForm(forms.Form):
    """Which act, is said by the button."""

    reason = ReasonField(hint=_("Người này đọc được ở hồ sơ của mình."))
