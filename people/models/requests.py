"""What people ask of whoever keeps their roster: to be put on it, or to be put right on it.

A request is written once; that it was answered is another row.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.formats import local_date
from people.models.append_only import AppendOnly
from people.models.membership import MembershipStatus, Position, StaffGroup
from people.models.person import Person, Sex
from people.models.unit import Unit

if TYPE_CHECKING:
    from people.models.user import User


class Outcome(models.TextChoices):
    ACCEPTED = "accepted", _("Đã chấp nhận")
    REFUSED = "refused", _("Đã từ chối")


class CorrectionField(models.TextChoices):
    """What a person may ask to have corrected."""

    FULL_NAME = "full_name", _("Họ và tên")
    BIRTH_DATE = "birth_date", _("Ngày sinh")
    SEX = "sex", _("Giới tính")
    UNIT = "unit", _("Đơn vị công tác")
    STAFF_GROUP = "staff_group", _("Nhóm")
    POSITION = "position", _("Chức vụ")
    STATUS = "status", _("Trạng thái công tác")

    @property
    def is_dated(self) -> bool:
        """Whether it is true from a day on; what is not was always so, and written wrong."""
        return self in (self.UNIT, self.STAFF_GROUP, self.POSITION, self.STATUS)

    def in_words(self, kept: str) -> str:
        """For a reader what a decision keeps: a choice by its label, a day as days are written."""
        if self == self.BIRTH_DATE and kept:
            return local_date(date.fromisoformat(kept))
        return str(_LABELS.get(self, {}).get(kept, kept))


_LABELS = {
    CorrectionField.SEX: dict(Sex.choices),
    CorrectionField.STAFF_GROUP: dict(StaffGroup.choices),
    CorrectionField.POSITION: dict(Position.choices),
    CorrectionField.STATUS: dict(MembershipStatus.choices),
}


class RosterRequestQuerySet(models.QuerySet["RosterRequest"]):
    def open(self) -> RosterRequestQuerySet:
        return self.filter(decision__isnull=True)

    def decidable_by(self, viewer: User, *, on: date) -> RosterRequestQuerySet:
        """Requests to join units whose people the viewer manages that day."""
        return self.filter(unit__in=Unit.objects.managed_by(viewer, on=on).values("pk"))


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def open(self) -> CorrectionRequestQuerySet:
        return self.filter(decision__isnull=True)

    def decidable_by(self, viewer: User, *, on: date) -> CorrectionRequestQuerySet:
        """Requests of people whom the viewer manages that day; never her own."""
        people = Person.objects.managed_by(viewer, on=on)
        return self.filter(person__in=people.values("pk")).exclude(person=viewer.person_id)


class RosterRequest(AppendOnly):
    """Somebody says that she works in a unit and is not on its list. Sent without signing in.

    `key` comes with the form: sending the same form again is the same request.
    """

    key = models.UUIDField(unique=True, editable=False)
    unit = models.ForeignKey(
        Unit, verbose_name=_("đơn vị"), on_delete=models.PROTECT, related_name="roster_requests"
    )
    full_name = models.CharField(_("họ và tên"), max_length=120)
    name_folded = models.CharField(max_length=120, editable=False)
    birth_date = models.DateField(_("ngày sinh"))
    sex = models.CharField(_("giới tính"), max_length=6, choices=Sex)
    staff_group = models.CharField(_("nhóm"), max_length=20, choices=StaffGroup)
    position_title = models.CharField(_("chức vụ"), max_length=100, blank=True)
    staff_code = models.CharField(_("mã nhân sự"), max_length=40, blank=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"))

    objects = RosterRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("yêu cầu vào danh sách")
        verbose_name_plural = _("yêu cầu vào danh sách")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["unit", "sent_at"], name="roster_request_of_unit")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(phone="") | ~Q(email=""), name="roster_request_can_be_answered"
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name} → {self.unit_id}"


class CorrectionRequest(AppendOnly):
    """A person says that one field of her record is wrong, and what is right, in her words."""

    key = models.UUIDField(unique=True, editable=False)
    person = models.ForeignKey(
        Person,
        verbose_name=_("nhân sự"),
        on_delete=models.PROTECT,
        related_name="correction_requests",
    )
    field = models.CharField(_("mục cần sửa"), max_length=20, choices=CorrectionField)
    value = models.CharField(_("nội dung đúng"), max_length=200)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)
    sent_at = models.DateTimeField(_("gửi lúc"))

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("đề nghị sửa thông tin")
        verbose_name_plural = _("đề nghị sửa thông tin")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["person", "sent_at"], name="correction_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.field}"


class Decision(AppendOnly):
    """The one answer to a request. Refusing takes a reason, which the person reads."""

    outcome = models.CharField(_("trả lời"), max_length=10, choices=Outcome)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người trả lời"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("trả lời lúc"))
    reason = models.CharField(_("lý do"), max_length=300, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""),
                name="%(class)s_refusal_has_a_reason",
            )
        ]


class RosterDecision(Decision):
    """`person` is whom the request turned out to be: put on the roster, or there already."""

    request = models.OneToOneField(RosterRequest, on_delete=models.PROTECT, related_name="decision")
    person = models.ForeignKey(
        Person,
        verbose_name=_("nhân sự"),
        on_delete=models.PROTECT,
        related_name="roster_decisions",
        null=True,
    )

    class Meta(Decision.Meta):
        verbose_name = _("trả lời yêu cầu vào danh sách")
        verbose_name_plural = _("trả lời yêu cầu vào danh sách")
        constraints = [
            *Decision.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="accepted", person__isnull=False)
                | Q(outcome="refused", person__isnull=True),
                name="accepted_roster_request_names_the_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.outcome}"


class CorrectionDecision(Decision):
    """What an accepted one changed: `value` in place of `before`, from `holds_from` on if dated.

    Choices and days are kept by their codes, a unit by code and name, all else as it is written.
    """

    request = models.OneToOneField(
        CorrectionRequest, on_delete=models.PROTECT, related_name="decision"
    )
    before = models.CharField(_("trước khi sửa"), max_length=250, blank=True)
    value = models.CharField(_("đã sửa thành"), max_length=250, blank=True)
    holds_from = models.DateField(_("đúng từ ngày"), null=True, blank=True)

    class Meta(Decision.Meta):
        verbose_name = _("trả lời đề nghị sửa")
        verbose_name_plural = _("trả lời đề nghị sửa")

    def __str__(self) -> str:
        return f"{self.request_id}: {self.outcome}"

    @property
    def before_in_words(self) -> str:
        return CorrectionField(self.request.field).in_words(self.before)

    @property
    def value_in_words(self) -> str:
        return CorrectionField(self.request.field).in_words(self.value)
