"""The audit log: who did what to whom, and when. Written by `people.audit.record` alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.dates import start_of_day
from people.formats import local_date
from people.models.access import CodePurpose
from people.models.append_only import AppendOnly, AppendOnlyError
from people.models.requests import CorrectionField, Outcome

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
    PASSWORD_RESET = "password.reset", _("Đặt lại mật khẩu")
    PERSON_CORRECTED = "person.corrected", _("Sửa thông tin cá nhân")
    REQUEST_DECIDED = "request.decided", _("Trả lời yêu cầu")
    EXPORT = "export", _("Xuất tệp")
    VIEW_AS_STARTED = "view-as.started", _("Bắt đầu xem như người khác")
    VIEW_AS_ENDED = "view-as.ended", _("Thôi xem như người khác")
    DENIED = "denied", _("Bị từ chối")


# What details are called. Each that is written anywhere stands here: a test looks.
DETAIL_WORDS = {
    "as_of": _("Tính đến ngày"),
    "by": _("Thay bằng"),
    "certificate": _("Giấy chứng nhận"),
    "code": _("Mã"),
    "corrected": _("Mục đã sửa"),
    "course": _("Khóa"),
    "field": _("Mục"),
    "from": _("Từ ngày"),
    "how": _("Kết thúc do"),
    "kind": _("Loại tệp"),
    "method": _("Phương thức"),
    "outcome": _("Trả lời"),
    "path": _("Địa chỉ"),
    "people": _("Số người"),
    "purpose": _("Mục đích"),
    "quiz": _("Bài kiểm tra"),
    "reason": _("Lý do"),
    "request": _("Yêu cầu số"),
    "run": _("Đợt"),
    "status": _("Mã trả lời"),
    "target": _("Chỉ tiêu"),
}
# What their values are called, where those are codes.
VALUE_WORDS: dict[str, dict[str, Any]] = {
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
    "field": dict(CorrectionField.choices),
    "how": {
        "stopped": _("bấm thôi xem"),
        "expired": _("hết giờ"),
        "signed-out": _("đăng xuất"),
        "not-allowed": _("tài khoản thay đổi"),
    },
    "outcome": dict(Outcome.choices),
    "purpose": dict(CodePurpose.choices),
}
DAYS = {"as_of", "from"}
IN_THEIR_WORDS = {"reason", "quiz", "run"}  # what people wrote


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
        return self.filter(subject=reference_to(person)).exclude(
            actor__person=person, acting_as__isnull=True
        )

    def on_day(self, day: date) -> AuditEntryQuerySet:
        next_day = day + timedelta(days=1)
        return self.filter(at__gte=start_of_day(day), at__lt=start_of_day(next_day))

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
