"""Who was reminded of what, by whom: a line on the page of her training, and a mail."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Person, Unit
from people.models.append_only import AppendOnlyError
from reports.models.target import Target

PAUSE = timedelta(days=7)  # nobody is reminded twice within it


class ReminderMail(models.TextChoices):
    NONE = "none", _("Không có địa chỉ thư")
    WAITING = "waiting", _("Đang chờ gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def lately(self, *, on: date) -> ReminderQuerySet:
        """So that whom they name is not to be reminded again yet."""
        return self.filter(reminded_on__gt=on - PAUSE, reminded_on__lte=on)


class Reminder(models.Model):
    """Of one person that a target still waits for her. Of each person at most one a week, whoever
    reminds: `week` is the Monday, and the database holds that; the service keeps seven days between
    two. Afterwards only what became of the mail is filled in.
    """

    person = models.ForeignKey(
        Person, verbose_name=_("nhân sự"), on_delete=models.PROTECT, related_name="reminders"
    )
    target = models.ForeignKey(Target, verbose_name=_("chỉ tiêu"), on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT)
    reminded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người nhắc"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    reminded_on = models.DateField(_("ngày nhắc"))
    week = models.DateField(editable=False)
    mail = models.CharField(_("thư"), max_length=10, choices=ReminderMail)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("lời nhắc")
        verbose_name_plural = _("lời nhắc")
        ordering = ["-reminded_on", "-pk"]
        constraints = [
            models.UniqueConstraint("person", "week", name="person_is_reminded_once_a_week"),
        ]
        indexes = [models.Index(fields=["unit", "-reminded_on"], name="reminders_of_a_unit")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.reminded_on}"

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"Reminder {self.pk} can't be deleted.")
