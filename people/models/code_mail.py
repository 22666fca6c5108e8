"""Codes sent by e-mail: who asked for them, and what became of it. The code itself is nowhere."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.models.access import AccessCode
from people.models.person import Person
from people.models.unit import Unit


class MailState(models.TextChoices):
    WAITING = "waiting", _("Đang chờ gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")


class MailProblem(models.TextChoices):
    """Why a mail did not go out, as its sender reads it."""

    NO_SERVER = "no_server", _("Máy chủ thư không trả lời")
    REFUSED = "refused", _("Địa chỉ không nhận thư")
    NO_ADDRESS = "no_address", _("Không còn địa chỉ riêng trong danh sách")
    REPLACED = "replaced", _("Đã dùng mã, hoặc đã cấp mã khác")
    NO_RIGHT = "no_right", _("Người nhờ gửi không còn được cấp mã cho người này")


class CodeMailQuerySet(models.QuerySet["CodeMail"]):
    def due_at(self, instant: datetime) -> CodeMailQuerySet:
        return self.filter(state=MailState.WAITING, next_try_at__lte=instant)


class CodeMail(models.Model):
    """One code for one person. A person waits for one mail at a time.

    `access_code` is what was issued for it: a task that runs twice sends the same code again.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("nhân sự"), on_delete=models.PROTECT, related_name="code_mails"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nhờ gửi"),
        on_delete=models.PROTECT,
        related_name="code_mails_asked",
    )
    asked_at = models.DateTimeField(_("nhờ gửi lúc"))
    state = models.CharField(
        _("tình trạng"), max_length=10, choices=MailState, default=MailState.WAITING
    )
    problem = models.CharField(_("vì sao"), max_length=20, choices=MailProblem, blank=True)
    tries = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    next_try_at = models.DateTimeField(_("thử lại lúc"))
    ended_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    access_code = models.OneToOneField(
        AccessCode,
        verbose_name=_("mã đăng nhập"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mail",
    )

    objects = CodeMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("thư gửi mã đăng nhập")
        verbose_name_plural = _("thư gửi mã đăng nhập")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="waiting"),
                name="one_waiting_code_mail_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "asked_at"], name="code_mails_of_a_manager"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state}"
