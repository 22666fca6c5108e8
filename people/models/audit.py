"""The audit log: who did what to whom, and when. Written by `people.audit.record` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.formats import local_date
from people.models.access import CodePurpose
from people.models.append_only import AppendOnly, AppendOnlyError
from people.models.membership import LeavingCause
from people.models.requests import CorrectionField, Outcome
from people.models.scope import ScopeRole
from people.models.unit import Sector

if TYPE_CHECKING:
    from people.models.person import Person


class AuditAction(models.TextChoices):
    """What is logged. A new act is a line here; no migration, the column is plain text."""

    RECORD_VIEWED = "record.viewed", _("Xem hồ sơ")
    CERTIFICATE_DOWNLOADED = "certificate.downloaded", _("Tải giấy chứng nhận của người khác")
    CERTIFICATE_REVOKED = "certificate.revoked", _("Thu hồi giấy chứng nhận")
    CERTIFICATE_REPLACED = "certificate.replaced", _("Cấp lại giấy chứng nhận")
    ATTEMPT_GRANTED = "attempt.granted", _("Cấp thêm lượt làm bài")
    CODE_ISSUED = "code.issued", _("Cấp mã kích hoạt")
    CODE_USED = "code.used", _("Kích hoạt tài khoản")
    CODE_MAILED = "code.mailed", _("Gửi mã qua thư điện tử")
    PASSWORD_RESET = "password.reset", _("Đặt lại mật khẩu")
    ACCOUNT_CLOSED = "account.closed", _("Khóa tài khoản")
    ACCOUNT_OPENED = "account.opened", _("Mở lại tài khoản")
    SIGNED_OUT_ELSEWHERE = "signed-out.elsewhere", _("Đăng xuất khỏi các thiết bị khác")
    SECOND_FACTOR_ON = "second-factor.on", _("Bật đăng nhập hai bước")
    SECOND_FACTOR_OFF = "second-factor.off", _("Tắt đăng nhập hai bước")
    SECOND_FACTOR_REMOVED = "second-factor.removed", _("Gỡ đăng nhập hai bước")
    RECOVERY_CODES_RENEWED = "recovery-codes.renewed", _("Tạo mã dự phòng mới")
    RECOVERY_CODE_USED = "recovery-code.used", _("Đăng nhập bằng mã dự phòng")
    PERSON_ADDED = "person.added", _("Thêm vào danh sách nhân sự")
    PERSON_CORRECTED = "person.corrected", _("Sửa thông tin cá nhân")
    PEOPLE_MERGED = "people.merged", _("Gộp hồ sơ trùng")
    PEOPLE_UNMERGED = "people.unmerged", _("Hoàn tác gộp hồ sơ")
    PERSON_MOVED = "person.moved", _("Chuyển đơn vị")
    PERSON_LEFT = "person.left", _("Cho rời đơn vị")
    PERSON_RETURNED = "person.returned", _("Nhận trở lại")
    POST_CHANGED = "post.changed", _("Đổi nhóm, chức vụ, trạng thái")
    POST_REDATED = "post.redated", _("Sửa ngày trong quá trình công tác")
    POST_WITHDRAWN = "post.withdrawn", _("Bỏ một dòng quá trình công tác")
    REQUEST_DECIDED = "request.decided", _("Trả lời yêu cầu")
    ROSTER_IMPORTED = "roster.imported", _("Áp dụng danh sách nhân sự")
    ROSTER_UNDONE = "roster.undone", _("Hoàn tác danh sách nhân sự")
    ROSTER_DISCARDED = "roster.discarded", _("Bỏ danh sách nhân sự chưa áp dụng")
    MOVED_BY_LIST = "membership.moved-by-list", _("Chuyển đơn vị theo danh sách của nơi đến")
    SCOPE_GRANTED = "scope.granted", _("Cấp phạm vi quản lý")
    SCOPE_CHANGED = "scope.changed", _("Đổi ngày cuối của phạm vi quản lý")
    SCOPE_REVOKED = "scope.revoked", _("Thu hồi phạm vi quản lý")
    UNIT_OPENED = "unit.opened", _("Lập đơn vị")
    UNIT_CHANGED = "unit.changed", _("Thay đổi đơn vị")
    UNIT_CORRECTED = "unit.corrected", _("Sửa thông tin đơn vị ghi sai")
    UNIT_CLOSED = "unit.closed", _("Ngừng hoạt động đơn vị")
    UNIT_MERGED = "unit.merged", _("Sáp nhập đơn vị")
    UNIT_SPLIT = "unit.split", _("Tách đơn vị")
    UNITS_IMPORTED = "units.imported", _("Nhập danh sách đơn vị")
    TOKEN_MADE = "token.made", _("Tạo khóa chia sẻ số liệu")
    TOKEN_REVOKED = "token.revoked", _("Thu hồi khóa chia sẻ số liệu")
    EXPORT_PLANNED = "export.planned", _("Đặt lịch xuất tệp cho cơ quan khác")
    EXPORT_STOPPED = "export.stopped", _("Dừng lịch xuất tệp cho cơ quan khác")
    REPORT_SUBMITTED = "report.submitted", _("Gửi báo cáo")
    REPORT_RETURNED = "report.returned", _("Trả lại báo cáo")
    REPORT_ACCEPTED = "report.accepted", _("Tiếp nhận báo cáo")
    REPORT_CONSOLIDATED = "report.consolidated", _("Tổng hợp báo cáo")
    REPORT_AMENDED = "report.amended", _("Lập lần gửi mới của báo cáo")
    TARGET_ADDED = "target.added", _("Đặt chỉ tiêu")
    TARGET_CHANGED = "target.changed", _("Đổi chỉ tiêu")
    TARGET_ENDED = "target.ended", _("Thôi dùng chỉ tiêu")
    PEOPLE_REMINDED = "people.reminded", _("Nhắc người chưa đạt")
    EXPORT = "export", _("Xuất tệp")
    VIEW_AS_STARTED = "view-as.started", _("Bắt đầu xem như người khác")
    VIEW_AS_ENDED = "view-as.ended", _("Thôi xem như người khác")
    DENIED = "denied", _("Bị từ chối")


# What details are called. Each that is written anywhere stands here: a test looks.
DETAIL_WORDS = {
    "as_of": _("Tính đến ngày"),
    "body": _("Cơ quan nhận số liệu"),
    "by": _("Thay bằng"),
    "cause": _("Rời vì"),
    "certificate": _("Giấy chứng nhận"),
    "changed": _("Nội dung thay đổi"),
    "code": _("Mã"),
    "corrected": _("Mục đã sửa"),
    "course": _("Khóa"),
    "document": _("Văn bản"),
    "entries": _("Số dòng"),
    "field": _("Mục"),
    "filter": _("Lọc theo"),
    "from": _("Từ ngày"),
    "from_unit": _("Từ đơn vị"),
    "how": _("Kết thúc do"),
    "kind": _("Loại tệp"),
    "list": _("Danh sách"),
    "merge": _("Lần gộp số"),
    "method": _("Phương thức"),
    "outcome": _("Trả lời"),
    "path": _("Địa chỉ"),
    "people": _("Số người"),
    "previous_code": _("Mã cũ"),
    "purpose": _("Mục đích"),
    "quiz": _("Bài kiểm tra"),
    "reason": _("Lý do"),
    "request": _("Yêu cầu số"),
    "role": _("Vai trò"),
    "run": _("Đợt"),
    "sector": _("Ngành"),
    "status": _("Mã trả lời"),
    "target": _("Chỉ tiêu"),
    "unit": _("Đơn vị"),
    "units": _("Số đơn vị"),
    "until": _("Đến hết ngày"),
    "version": _("Lần"),
}
# What their values are called, where those are codes.
VALUE_WORDS: dict[str, dict[str, Any]] = {
    "changed": {
        "courses": _("Khóa được tính"),
        "cut_off_on": _("Ngày chốt số liệu"),
        "due_on": _("Hạn đạt"),
        "ended_on": _("Tính đến hết ngày"),
        "excluded_statuses": _("Trừ trạng thái"),
        "excluded_unit_kinds": _("Trừ loại đơn vị"),
        "last_used_on": _("Dùng đến hết ngày"),
        "percent": _("Tỷ lệ cần đạt (%)"),
        "sectors": _("Ngành"),
        "shows_strict": _("Hiện cả cách tính chặt"),
        "staff_groups": _("Nhóm nhân sự"),
        "started_on": _("Tính từ ngày"),
        "title": _("Tên chỉ tiêu"),
        "unit_kinds": _("Loại đơn vị"),
        "attributes": _("Đặc điểm"),
        "closed_on": _("Ngày cuối cùng"),
        "deciding_document": _("Văn bản quyết định"),
        "kind": _("Loại"),
        "levels": _("Cấp học"),
        "name": _("Tên"),
        "opened_on": _("Ngày thành lập"),
        "parent_id": _("Đơn vị cấp trên"),
        "sector": _("Ngành"),
    },
    "corrected": {
        "birth_date": _("Ngày sinh"),
        "completed_on": _("Ngày hoàn thành"),
        "course_title": _("Tên khóa"),
        "issuer": _("Cơ quan cấp"),
        "issuer_parent": _("Cơ quan chủ quản"),
        "module_titles": _("Chuyên đề"),
        "number": _("Số vào sổ"),
        "periods": _("Số tiết"),
        "person_name": _("Họ và tên"),
        "place": _("Nơi cấp"),
        "result": _("Kết quả"),
        "run_title": _("Đợt"),
        "signatories": _("Người ký"),
        "trained_from": _("Học từ ngày"),
        "unit_name": _("Đơn vị công tác"),
        "valid_until": _("Có giá trị đến hết ngày"),
    },
    "cause": dict(LeavingCause.choices),
    "field": {
        **dict(CorrectionField.choices),
        "code": _("Mã nhân sự"),
        "email": _("Thư điện tử"),
        "family_name": _("Họ"),
        "given_name": _("Tên"),
        "is_core_teacher": _("Giáo viên nòng cốt"),
        "is_core_trainer": _("Giảng viên nguồn"),
        "middle_name": _("Tên đệm"),
        "phone": _("Số điện thoại"),
    },
    "filter": {
        "account": _("Tài khoản"),
        "core": _("Danh hiệu"),
        "done": _("Kết quả"),
        "group": _("Nhóm"),
        "kind": _("Loại đơn vị"),
        "left": _("Đã rời đơn vị"),
        "module": _("Đã xong chuyên đề"),
        "position": _("Chức vụ"),
        "q": _("Tên, mã, số điện thoại hoặc thư điện tử"),
        "sector": _("Ngành"),
        "sex": _("Giới tính"),
        "status": _("Trạng thái"),
        "unit": _("Đơn vị"),
        "without": _("Chưa xong chuyên đề"),
    },
    "how": {
        "stopped": _("bấm thôi xem"),
        "expired": _("hết giờ"),
        "signed-out": _("đăng xuất"),
        "not-allowed": _("tài khoản thay đổi"),
    },
    "list": {
        "people": _("Nhân sự"),
        "requests": _("Yêu cầu chờ trả lời"),
        "audit": _("Nhật ký hệ thống"),
        "scopes": _("Phạm vi quản lý"),
        "shared-file": _("Tệp định kỳ cho cơ quan khác"),
        "units": _("Đơn vị"),
        "refused": _("Các dòng chưa nhận của danh sách nhân sự"),
        "workplaces": _("Từng nơi làm việc"),
    },
    "outcome": dict(Outcome.choices),
    "purpose": dict(CodePurpose.choices),
    "role": dict(ScopeRole.choices),
    "sector": dict(Sector.choices),
}
DAYS = {"as_of", "from", "until"}
IN_THEIR_WORDS = {"body", "reason", "document", "quiz", "run"}  # what people wrote


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of what an entry tells, for a reader. `is_content`: people wrote it, so that it is
    Vietnamese whatever the interface speaks."""

    label: str
    words: str
    is_content: bool


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, person: Person) -> AuditEntryQuerySet:
        """What others did to this person's record, or as this person; newest first.

        For the person herself to read: her own doings are left out.
        """
        rows = [person, *person.merged_people.all()]
        return self.filter(subject__in=[reference_to(row) for row in rows]).exclude(
            actor__person=person, acting_as__isnull=True
        )

    def update(self, **fields: Any) -> NoReturn:
        raise AppendOnlyError("Audit entries can't be changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Audit entries can't be deleted.")


class AuditEntry(AppendOnly):
    """One act. `subject` and its label are copies, so that they outlast what they name.

    No address and no browser is kept: who it was is known by the account. `actor` is None for the
    system itself. While an administrator views as someone, `acting_as` is that someone.
    """

    at = models.DateTimeField(_("lúc"), default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người thực hiện"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    acting_as = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trong vai"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    action = models.CharField(_("việc"), max_length=40)
    subject = models.CharField(_("đối tượng"), max_length=100, blank=True)
    subject_label = models.CharField(_("tên đối tượng"), max_length=200, blank=True)
    detail = models.JSONField(_("chi tiết"), default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("dòng nhật ký")
        verbose_name_plural = _("nhật ký hệ thống")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest_first"),
            models.Index(fields=["subject", "-at"], name="audit_of_a_subject"),
            models.Index(fields=["actor", "-at"], name="audit_of_an_actor"),
            models.Index(fields=["action", "-at"], name="audit_of_an_action"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"

    @property
    def action_label(self) -> str:
        """In the reader's language; an act that is no longer logged keeps its code."""
        known = self.action in AuditAction.values
        return str(AuditAction(self.action).label) if known else self.action

    @property
    def details(self) -> list[Detail]:
        """What no word is known for keeps the name it was written by."""
        return [_told(name, value) for name, value in self.detail.items()]


def _told(name: str, value: Any) -> Detail:
    label = str(DETAIL_WORDS.get(name, name))
    return Detail(label, _in_words(name, value), is_content=name in IN_THEIR_WORDS)


def _in_words(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_in_words(name, each) for each in value)
    if name in DAYS:
        return local_date(date.fromisoformat(value))
    return str(VALUE_WORDS.get(name, {}).get(value, value))


def reference_to(subject: models.Model) -> str:
    """`people.person:17`."""
    return f"{subject._meta.label_lower}:{subject.pk}"
