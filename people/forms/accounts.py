"""Why an account is closed, opened again, or loses its second step."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

SHORTEST_REASON = 10  # characters: a word alone explains nothing to whoever reads the log later


class AccountActForm(forms.Form):
    """Which act, is said by the button."""

    reason = forms.CharField(
        label=_("Lý do"),
        help_text=_("Ghi vào nhật ký; người này đọc được ở hồ sơ của mình."),
        min_length=SHORTEST_REASON,
        max_length=200,
        error_messages={
            "required": _("Hãy ghi lý do."),
            "min_length": _("Hãy ghi rõ hơn: người đọc nhật ký cần hiểu vì sao."),
        },
    )
