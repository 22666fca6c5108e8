"""Rows that are written once: evidence, decisions, the audit log."""

from typing import Any

from django.db import models


class AppendOnlyError(Exception):
    """The row is evidence or a decision: it can't be changed, only followed by another."""


class AppendOnly(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None and not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} {self.pk} can't be changed; add another.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError(f"{type(self).__name__} {self.pk} can't be deleted.")
