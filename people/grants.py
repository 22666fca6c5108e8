"""What the signed-in account was granted: its scopes, read once for the request that asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from people.dates import held_on
from people.models import Scope, UnitVersion, User
from people.models.scope import MANAGING_PEOPLE


@dataclass(frozen=True, slots=True)
class Grants:
    """The scopes that an account holds today. Superusers need none: nothing is closed to them."""

    viewer: User | AnonymousUser
    scopes: tuple[Scope, ...]

    def __bool__(self) -> bool:
        """Whether anything is this account's to look after."""
        return self.is_unlimited or bool(self.scopes)

    @property
    def is_unlimited(self) -> bool:
        return isinstance(self.viewer, User) and self.viewer.is_unlimited

    @property
    def shares_figures(self) -> bool:
        """Whether to give figures to other bodies is this account's: it manages a unit that has
        none above it."""
        return self.is_unlimited or any(
            scope.is_at_the_top and scope.role in MANAGING_PEOPLE  # type: ignore[attr-defined]
            for scope in self.scopes
        )

    @property
    def roles(self) -> set[str]:
        return {scope.role for scope in self.scopes}


def grants_of(request: HttpRequest) -> Grants:
    """Of whoever asks (1 query, the first time).

    They are kept on the request and end with it: a scope that is withdrawn is gone on the next one.
    Querysets ask for themselves (`visible_to`), so nothing that writes depends on this.
    """
    kept = getattr(request, "grants", None)
    if kept is None or kept.viewer is not request.user:
        kept = Grants(request.user, _scopes_of(request.user))
        request.grants = kept  # type: ignore[attr-defined]
    return cast(Grants, kept)


def _scopes_of(viewer: User | AnonymousUser) -> tuple[Scope, ...]:
    if not viewer.is_authenticated:
        return ()
    tops = UnitVersion.objects.filter(
        held_on(timezone.localdate()), unit=OuterRef("unit"), parent=None
    )
    return tuple(Scope.objects.granted_to(viewer).annotate(is_at_the_top=Exists(tops)))
