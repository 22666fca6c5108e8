from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class GrantForm(forms.Form):
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=200,
        help_text=_("Ví dụ: mất mạng giữa chừng; đã đọc lại các bài học."),
        error_messages={"required": _("Hãy ghi lý do cấp thêm lượt.")},
    )
