"""Why a table is refused for its size, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from people.formats import local_number
from people.sheets.limits import MAX_COLUMNS, MAX_ROWS
from people.sheets.table import SheetError


def too_big() -> SheetError:
    return SheetError(
        _(
            "Bảng tính bung ra quá lớn: hãy chép riêng danh sách sang tệp mới, bỏ hình ảnh và dòng "
            "thừa, rồi nhập lại."
        )
    )


def too_many_rows() -> SheetError:
    return SheetError(
        _("Bảng có hơn %(limit)s dòng: hãy xóa dòng thừa ở cuối hoặc chia thành nhiều tệp.")
        % {"limit": local_number(MAX_ROWS)}
    )


def too_many_columns() -> SheetError:
    return SheetError(
        _("Bảng có hơn %(limit)s cột: hãy chép riêng danh sách sang tệp mới rồi nhập lại.")
        % {"limit": MAX_COLUMNS}
    )
