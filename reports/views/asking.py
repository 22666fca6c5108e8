"""What every manager's page begins with: may this account ask, and what is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from people.models import User
from reports.forms import AskForm, default_target
from reports.models import Target
from reports.queries.reach import has_scope

View = Callable[..., HttpResponse]


def scope_required(view: View) -> View:
    """Only for accounts with a scope; others learn whom to ask, and nothing of what exists."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_scope(viewer_of(request)):
            return render(request, "reports/no_permission.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def viewer_of(request: HttpRequest) -> User:
    return cast(User, request.user)


@dataclass(frozen=True, slots=True)
class Asked:
    """`target` is None only when there is no target at all."""

    form: AskForm
    target: Target | None
    targets: list[Target]
    as_of: date

    @property
    def query(self) -> str:
        """For links that keep what was asked."""
        code = self.target.code if self.target else ""
        return urlencode({"target": code, "as_of": self.as_of.isoformat()})

    @property
    def ticks(self) -> list[int]:
        """Thresholds to draw on a bar."""
        return sorted({target.percent for target in self.targets})


def ask(request: HttpRequest) -> Asked:
    """What can't be read falls back to the default and is said beside the field."""
    today = timezone.localdate()
    targets = list(Target.objects.all())
    usual = default_target(targets, day=today)
    form = AskForm(request.GET, targets=targets, usual=usual, today=today)
    form.is_valid()
    code = form.cleaned_data.get("target")
    return Asked(
        form=form,
        target=next((target for target in targets if target.code == code), usual),
        targets=targets,
        as_of=form.cleaned_data.get("as_of") or today,
    )
