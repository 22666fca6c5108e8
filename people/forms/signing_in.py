from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """One field for staff code, e-mail or phone. The same answer for known and unknown."""

    error_messages = {
        "invalid_login": _(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra chữ hoa, chữ thường rồi thử lại; "
            "nếu quên mật khẩu, hãy nhờ người quản lý đơn vị đặt lại."
        ),
        "inactive": _("Tài khoản đã khóa. Hãy liên hệ người quản lý đơn vị."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        username, password = self.fields["username"], self.fields["password"]
        username.label = _("Mã nhân sự, thư điện tử hoặc số điện thoại")
        username.widget.attrs |= {"autocapitalize": "none", "autocomplete": "username"}
        password.label = _("Mật khẩu")
