"""Core trainers: a group of accounts, beside the scopes."""

from __future__ import annotations

from people.models import User

TRAINERS = "Giảng viên nguồn"  # the name of the Django group


def is_trainer(viewer: User) -> bool:
    return viewer.is_active and viewer.groups.filter(name=TRAINERS).exists()
