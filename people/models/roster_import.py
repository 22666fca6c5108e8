"""A staff list on its way in: uploaded, its columns understood, compared, confirmed, applied.

What a list would do is stored first, a row a person, and counts nowhere. Applying it is one short
transaction of the database's own statements over those rows, so that all of it holds or nothing,
and so that a killed worker has lost nothing. The same rows say what was there before: undoing reads
them backwards.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from people.dates import start_of_day
from people.models.membership import MembershipStatus, Position, StaffGroup
from people.models.person import Person, Sex
from people.models.unit import Unit

if TYPE_CHECKING:
    from people.models.user import User

UNDOABLE = timedelta(days=365)  # after the day it was applied; then what was before is forgotten


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Chờ xác nhận cột")
    CHECKING = "checking", _("Đang đối chiếu")
    CHECKED = "checked", _("Chờ xác nhận")
    APPLYING = "applying", _("Đang áp dụng")
    APPLIED = "applied", _("Đã áp dụng")
    UNDONE = "undone", _("Đã hoàn tác")
    DISCARDED = "discarded", _("Đã bỏ")


class Verdict(models.TextChoices):
    """What becomes of one person; each counts once."""

    NEW = "new", _("Thêm mới")
    MOVED = "moved", _("Chuyển đơn vị")
    CHANGED = "changed", _("Thay đổi")
    UNCHANGED = "unchanged", _("Không đổi")
    LEFT = "left", _("Rời đơn vị")


class RosterImportQuerySet(models.QuerySet["RosterImport"]):
    def visible_to(self, viewer: User) -> RosterImportQuerySet:
        """One's own, and for superusers everybody's: a list shows people of several units."""
        if not viewer.is_active:
            return self.none()
        if viewer.is_superuser:
            return self
        return self.filter(uploaded_by=viewer)

    def unfinished(self) -> RosterImportQuerySet:
        """What a worker must take up again if nobody works on it."""
        is_untold = Q(state__in=[ImportState.APPLIED, ImportState.UNDONE], told_at=None)
        return self.filter(Q(state__in=[ImportState.CHECKING, ImportState.APPLYING]) | is_untold)

    def past_undoing(self, *, on: date) -> RosterImportQuerySet:
        """Applied so long ago that they can't be taken back that day."""
        return self.filter(applied_at__lt=_undoable_since(on))

    def untouched_since(self, instant: datetime) -> RosterImportQuerySet:
        """On which no worker has done anything since."""
        return self.filter(Q(worked_at=None) | Q(worked_at__lt=instant))


class RosterImport(models.Model):
    """One uploaded list. `layout` is `people.imports.layout.Layout` as JSON, once it is chosen.

    `unit` is the unit whose list it is: where rows name none, that one is meant, and its way of
    arranging columns is remembered for it. The file itself is deleted once the list is applied or
    discarded: it holds more of people than we keep.

    - `counts`: people by verdict, `rejected` rows, possible `duplicates`.
    - `warnings`: {"kind": "leaving", "unit": code, "left": 20, "of": 45} where most of a unit
      would leave: perhaps it was only part of its list. {"kind": "known_elsewhere", "people": 2}:
      new people who may be known in units of others. {"kind": "contacts_kept", "rows": [4, 7],
      "of": 2}: whose e-mail and phone are not the importer's to change. {"kind": "codes_unread",
      "column": "Mã NV"}: a column of codes that nobody reads.
    - `uploaded_by` is None for the command, which may do everything, as superusers may.
    - `told_at` is None again when an applied list is undone, until that is told.
    """

    unit = models.ForeignKey(
        Unit,
        verbose_name=_("đơn vị"),
        on_delete=models.PROTECT,
        related_name="roster_imports",
        null=True,
        blank=True,
    )
    as_of = models.DateField(_("danh sách tính đến ngày"))
    is_partial = models.BooleanField(_("danh sách một phần"), default=False)
    file = models.FileField(_("tệp"), upload_to="imports/", blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    file_hash = models.CharField(max_length=64)
    beginning = models.JSONField(
        default=dict, blank=True, help_text="The first rows of the file, for choosing its columns."
    )
    layout = models.JSONField(default=dict, blank=True)
    skips_rejected = models.BooleanField(_("bỏ qua dòng lỗi"), default=False)
    state = models.CharField(
        _("tình trạng"), max_length=12, choices=ImportState, default=ImportState.UPLOADED
    )
    problem = models.TextField(_("vì sao dừng"), blank=True)
    counts = models.JSONField(_("số người theo kết quả"), default=dict, blank=True)
    warnings = models.JSONField(_("điều cần xem lại"), default=list, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(
        default=0, help_text="Of working on it: whoever takes it up again stops whoever had it."
    )
    tries = models.PositiveSmallIntegerField(
        default=0, help_text="Since somebody last decided something: too many, and it is given up."
    )
    worked_at = models.DateTimeField(
        null=True, blank=True, help_text="When a worker last got somewhere with it."
    )
    known_hash = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of what was known when the list was compared: if it has changed, compare again.",
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    uploaded_at = models.DateTimeField(_("tải lên lúc"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)
    applied_at = models.DateTimeField(_("áp dụng lúc"), null=True, blank=True)
    told_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When other rooms had been told whose memberships changed.",
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    undo_reason = models.CharField(_("lý do hoàn tác"), max_length=300, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhập danh sách")
        verbose_name_plural = _("các lần nhập danh sách")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.as_of})"

    @property
    def people_changed(self) -> int:
        """People whom the list changes in some way: so many `RosterChange` it has stored."""
        changing = (verdict for verdict in Verdict if verdict is not Verdict.UNCHANGED)
        return sum(self.counts.get(verdict.value, 0) for verdict in changing)

    def is_past_undoing(self, *, on: date) -> bool:
        """As `RosterImport.objects.past_undoing`."""
        return self.applied_at is not None and self.applied_at < _undoable_since(on)


def _undoable_since(day: date) -> datetime:
    """What was applied before can't be taken back that day."""
    return start_of_day(day - UNDOABLE)


class ListedUnit(models.Model):
    """A unit that the list names, so that it is reconciled with it.

    People are those who count in the unit on the day of the list. `is_noted` is False where the
    very last list of the unit was this one: then it is not noted again.
    """

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="listed_units"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    is_noted = models.BooleanField(default=True)
    people_before = models.PositiveIntegerField(default=0)
    people_after = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("đơn vị trong một danh sách")
        verbose_name_plural = _("các đơn vị trong một danh sách")
        constraints = [
            models.UniqueConstraint(
                fields=["roster_import", "unit"], name="unit_is_listed_once_an_import"
            )
        ]

    def __str__(self) -> str:
        return f"{self.roster_import_id}: {self.unit_id}"


class RosterChangeQuerySet(models.QuerySet["RosterChange"]):
    def moving_outsiders(self) -> RosterChangeQuerySet:
        """Of people taken over from where the importer doesn't manage, who come to count in her
        units: by a membership that is opened, or that began on the very day and is rewritten."""
        return self.filter(Q(opened_on__isnull=False) | Q(verdict=Verdict.MOVED), is_outside=True)


class RosterChange(models.Model):
    """What the list does to one person, with what was there before.

    - The person as she will be: `code` to `search_text`; `is_corrected` if a known person's differ.
    - `opened_*`: the membership to open; `opened_on` is None if there is none.
    - `closed_*`: how the membership `closed_id` will stand; None if none is rewritten.
    - `withdrawn_id`: the membership to delete.
    - `before`: JSON of the same names, for whatever is overwritten or deleted (days in ISO, units
      by key); of what is deleted `withdrawn_from`, `withdrawn_until`, `withdrawn_unit` and so on.

    `row` is the row of the file, 0 for somebody who is not in it. People whom the list leaves
    unchanged have none. `person` is None for somebody new, also once she is on the roster: she is
    the one of that code. `is_outside`: taken over from where whoever brings the list
    does not manage.
    """

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="changes", db_index=False
    )
    row = models.PositiveIntegerField(default=0)
    verdict = models.CharField(max_length=10, choices=Verdict)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    duplicate_of = models.CharField(
        max_length=40,
        blank=True,
        help_text="Code of somebody who may be the same person.",
    )
    is_outside = models.BooleanField(default=False)

    code = models.CharField(max_length=40)
    family_name = models.CharField(max_length=60, blank=True)
    middle_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=60)
    sex = models.CharField(max_length=6, choices=Sex)
    birth_date = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    sort_key = models.CharField(max_length=500)
    search_text = models.CharField(max_length=300)
    is_corrected = models.BooleanField(default=False)

    opened_on = models.DateField(null=True, blank=True)
    opened_until = models.DateField(null=True, blank=True)
    opened_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    opened_group = models.CharField(max_length=20, choices=StaffGroup, blank=True)
    opened_position = models.CharField(max_length=30, choices=Position, blank=True)
    opened_title = models.CharField(max_length=100, blank=True)
    opened_status = models.CharField(max_length=20, choices=MembershipStatus, blank=True)

    closed_id = models.BigIntegerField(null=True, blank=True)
    closed_from = models.DateField(null=True, blank=True)
    closed_until = models.DateField(null=True, blank=True)
    closed_unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
    )
    closed_group = models.CharField(max_length=20, choices=StaffGroup, blank=True)
    closed_position = models.CharField(max_length=30, choices=Position, blank=True)
    closed_title = models.CharField(max_length=100, blank=True)
    closed_status = models.CharField(max_length=20, choices=MembershipStatus, blank=True)

    withdrawn_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict, blank=True)

    objects = RosterChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thay đổi của một danh sách")
        verbose_name_plural = _("các thay đổi của một danh sách")
        ordering = ["roster_import", "verdict", "sort_key", "pk"]
        indexes = [
            models.Index(
                fields=["roster_import", "verdict", "sort_key"], name="roster_change_on_screen"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["roster_import", "code"], name="roster_change_of_a_person_once"
            ),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(opened_unit__isnull=False),
                name="roster_change_opens_in_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster_import_id}: {self.verdict} {self.code}"

    @property
    def unit_entered(self) -> Unit | None:
        """Where she comes to stand: in the membership opened, else in the one rewritten."""
        return self.opened_unit if self.opened_on else self.closed_unit

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.family_name, self.middle_name, self.given_name]))


class RosterRejection(models.Model):
    """A row that can't be taken as it is, and what to do about it. `row` 0: the whole file."""

    roster_import = models.ForeignKey(
        RosterImport, on_delete=models.CASCADE, related_name="rejections"
    )
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    message = models.TextField()
    cells = models.JSONField(default=list, help_text="The row as the file has it, for correcting.")

    class Meta:
        verbose_name = _("dòng bị từ chối")
        verbose_name_plural = _("các dòng bị từ chối")
        ordering = ["roster_import", "row", "pk"]

    def __str__(self) -> str:
        return f"{self.roster_import_id}: {self.row}"


class RosterLayout(models.Model):
    """How the lists of a unit are arranged, remembered from the last time somebody said so.

    `signature` is of the headers, so that another kind of list of the same unit has its own.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    signature = models.CharField(max_length=64)
    layout = models.JSONField()
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cách xếp cột")
        verbose_name_plural = _("các cách xếp cột")
        constraints = [
            models.UniqueConstraint("unit", "signature", name="layout_is_remembered_once_a_unit")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.signature[:8]}"
