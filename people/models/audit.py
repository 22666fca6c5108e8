"""The audit log: who did what to whom, and when. Written by `people.audit.record` alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.dates import start_of_day
from people.models.append_only import AppendOnly, AppendOnlyError

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
    SCOPE_GRANTED = "scope.granted", _("Giao phạm vi quản lý")
    SCOPE_ENDED = "scope.ended", _("Thu phạm vi quản lý")
    EXPORT = "export", _("Xuất tệp")
    VIEW_AS_STARTED = "view-as.started", _("Bắt đầu xem như người khác")
    VIEW_AS_ENDED = "view-as.ended", _("Thôi xem như người khác")
    DENIED = "denied", _("Bị từ chối")


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


def reference_to(subject: models.Model) -> str:
    """`people.person:17`."""
    return f"{subject._meta.label_lower}:{subject.pk}"
