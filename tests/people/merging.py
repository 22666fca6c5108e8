"""Merging people, in the tests' words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils import timezone

from people.models import Person, PersonMerge, PersonUnmerge, User
from people.services.merging import merge_people
from people.services.unmerging import undo_merge

OURS = {"people", "courses", "quiz", "certificates", "reports"}
# That it happened is written, whatever is undone.
OF_THE_ACT = {"people.auditentry", "people.personmerge", "people.personunmerge"}


def merge(kept: Person, gone: Person, *, by: User, **choices: str) -> PersonMerge:
    return merge_people(
        kept, gone, choices=choices, by=by, at=timezone.now(), reason="Một người, hai mã"
    )


def undo(merged: PersonMerge, *, by: User) -> PersonUnmerge:
    return undo_merge(merged, by=by, at=timezone.now(), reason="Hai người khác nhau")


def everything() -> Mapping[str, dict[Any, Any]]:
    """Every row of ours, by model and key, but for what tells of the act itself."""
    return {
        model._meta.label_lower: {
            row["pk"]: row for row in model._base_manager.values("pk", *names)
        }
        for model in apps.get_models()
        if model._meta.app_label in OURS and model._meta.label_lower not in OF_THE_ACT
        for names in [[field.attname for field in model._meta.concrete_fields]]
    }
