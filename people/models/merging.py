"""Two rows of one person made one, and taken apart again. Both are named acts, kept for good.

The row that goes stays where it was, points to the one that is kept (`Person.merged_into`) and is
shown nowhere. `PersonMerge.moves` is the exact journal of what the merge changed, from which
`people.services.unmerging.undo_merge` restores every row.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models.append_only import AppendOnly
from people.models.person import Person


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def standing(self) -> PersonMergeQuerySet:
        """Those that were not undone."""
        return self.filter(undoing__isnull=True)


class PersonMerge(AppendOnly):
    """`gone` became part of `kept`.

    `choices`: what was chosen where the two said different things, by the key of the question.
    `moves`: what was written, in order; see `people.merging.moves`. `guards`: what was there when
    all was done; anything new of it keeps the merge from being undone. `units`: keys of the units
    whose people it concerned: whoever undoes it must manage them all.
    """

    kept = models.ForeignKey(
        Person, verbose_name=_("hồ sơ giữ lại"), on_delete=models.PROTECT, related_name="merges"
    )
    gone = models.ForeignKey(
        Person, verbose_name=_("hồ sơ trùng"), on_delete=models.PROTECT, related_name="+"
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người gộp"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    merged_at = models.DateTimeField(_("gộp lúc"))
    reason = models.CharField(_("lý do"), max_length=300)
    choices = models.JSONField(default=dict, blank=True)
    moves = models.JSONField(default=list)
    guards = models.JSONField(default=list)
    units = models.JSONField(default=list)

    objects = PersonMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gộp hồ sơ")
        verbose_name_plural = _("các lần gộp hồ sơ")
        ordering = ["-merged_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_is_of_two_people"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"


class PersonUnmerge(AppendOnly):
    """A merge was undone: every row is as it was before."""

    merge = models.OneToOneField(PersonMerge, on_delete=models.PROTECT, related_name="undoing")
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("người hoàn tác"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"))
    reason = models.CharField(_("lý do"), max_length=300)

    class Meta:
        verbose_name = _("lần hoàn tác gộp hồ sơ")
        verbose_name_plural = _("các lần hoàn tác gộp hồ sơ")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="unmerge_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.undone_at:%Y-%m-%d}"
