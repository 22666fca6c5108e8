"""Who holds which scope; granting one, revoking one, moving its last day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from people.audit import AuditAction, record
from people.dates import local_day
from people.forms.scopes import GrantForm, LastDayForm, RevokeForm, ScopeFilterForm
from people.models import Scope, ScopeState, Unit, User
from people.queries.rights import refusal_to_end
from people.queries.scopes import (
    MOST_ACCOUNTS,
    ScopeFilter,
    accounts_to_grant_to,
    candidates,
    is_too_short,
    named,
    scopes_over,
    scopes_shown,
    units_called,
    units_to_grant,
)
from people.queries.unit_names import units_of
from people.services.scopes import (
    ScopeError,
    change_last_day,
    grant_scope,
    granted_through,
    revoke_scope,
)
from people.sheets.sending import sheet_response
from people.sheets.writing import Value
from people.views.access import manager_required, viewer_of

SCOPES_A_PAGE = 50
HEADINGS: list[Promise] = [
    gettext_lazy("Người"),
    gettext_lazy("Mã nhân sự"),
    gettext_lazy("Mã đơn vị"),
    gettext_lazy("Đơn vị"),
    gettext_lazy("Vai trò"),
    gettext_lazy("Ngành"),
    gettext_lazy("Từ ngày"),
    gettext_lazy("Đến hết ngày"),
    gettext_lazy("Tình trạng"),
    gettext_lazy("Người cấp"),
    gettext_lazy("Lý do"),
]


@manager_required
@require_safe
def scope_list(request: HttpRequest) -> HttpResponse:
    viewer, today = viewer_of(request), timezone.localdate()
    asked = _asked(request, viewer, today)
    page = Paginator(asked.scopes, SCOPES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": asked.form,
        "page": page,
        "rows": [(scope, scope.state_on(today)) for scope in page],
        "query": urlencode(asked.kept),
        "is_filtered": bool(asked.kept),
        "unit": asked.unit,
        "seers": list(scopes_over(asked.unit, on=today)) if asked.unit else [],
    }
    return render(request, "people/scopes/list.html", context)


@manager_required
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The list as it is shown, filter included; who took it is logged."""
    viewer, today = viewer_of(request), timezone.localdate()
    scopes = list(_asked(request, viewer, today).scopes)
    headings, rows = [str(heading) for heading in HEADINGS], _rows(scopes, today)
    name = f"pham-vi-quan-ly-{today:%Y%m%d}.{kind}"
    response = sheet_response(headings, rows, name=name, title=_("Phạm vi quản lý"))
    detail = {"list": "scopes", "entries": len(scopes), "kind": kind}
    record(AuditAction.EXPORT, actor=viewer, detail=detail)
    return response


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_scope(request: HttpRequest) -> HttpResponse:
    """First whom, then what: the account is chosen among those found."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    asked = request.GET.get("account", "")
    if not asked:
        words = request.GET.get("q", "").strip()[:100]
        return render(request, "people/scopes/find.html", _found(words, viewer, today))
    accounts = accounts_to_grant_to(viewer, on=today)
    account = get_object_or_404(accounts, pk=int(asked) if asked.isdecimal() else 0)
    form = GrantForm(
        request.POST or None,
        account=account,
        units=units_to_grant(viewer, on=today),
        held=_held(viewer),
        initial={"started_on": today},
    )
    if request.method == "POST" and form.is_valid():
        try:
            scope = grant_scope(form.scope(), by=viewer, at=now)
        except ScopeError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã cấp phạm vi cho %(name)s.") % {"name": account})
            return redirect("people:scope", scope.pk)
    holds = _holds(account, viewer, today)
    context: dict[str, Any] = {"account": account, "form": form, "holds": holds}
    return render(request, "people/scopes/new.html", context)


@manager_required
@require_http_methods(["GET", "HEAD", "POST"])
def scope_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was granted, what became of it, and how to end it."""
    viewer, now = viewer_of(request), timezone.now()
    today = local_day(now)
    scopes = named(Scope.objects.visible_to(viewer, on=today), on=today)
    scope = get_object_or_404(scopes, pk=pk)
    action = request.POST.get("action", "")
    forms = {
        "revoke": RevokeForm(
            request.POST if action == "revoke" else None,
            initial={"on": today},
            auto_id="revoke_%s",
        ),
        "change": LastDayForm(
            request.POST if action == "change" else None,
            initial={"ended_on": scope.ended_on},
            auto_id="change_%s",
        ),
    }
    if action in forms and forms[action].is_valid():
        try:
            messages.success(request, ACTS[action](scope, forms[action].cleaned_data, viewer, now))
            return redirect("people:scope", scope.pk)
        except ScopeError as error:
            forms[action].add_error(None, str(error))
    state = scope.state_on(today)
    context = {
        "scope": scope,
        "state": state,
        "changes": scope.changes.select_related("changed_by__person"),
        "refusal": "" if state is ScopeState.OVER else refusal_to_end(viewer, scope, on=today),
        "granted": list(named(granted_through(scope, on=today), on=today)),
        "forms": forms,
    }
    return render(request, "people/scopes/scope.html", context)


@dataclass(frozen=True, slots=True)
class Asked:
    """`scopes` are what the filter leaves of those that the viewer may see; `unit` is the one unit
    that it names, of those in which she grants."""

    form: ScopeFilterForm
    kept: dict[str, str]
    scopes: QuerySet[Scope]
    unit: Unit | None


def _asked(request: HttpRequest, viewer: User, today: date) -> Asked:
    form = ScopeFilterForm(request.GET)
    form.is_valid()
    chosen = form.cleaned_data
    words = chosen.get("unit", "")
    found = units_called(words, units_to_grant(viewer, on=today)) if words else None
    wanted = ScopeFilter(
        person=chosen.get("person", ""),
        role=chosen.get("role", ""),
        state=chosen.get("state", ""),
        units=None if found is None else frozenset(unit.pk for unit in found),
    )
    return Asked(
        form=form,
        kept={name: value for name, value in chosen.items() if value},
        scopes=scopes_shown(viewer, wanted, on=today),
        unit=found[0] if found and len(found) == 1 else None,
    )


def _found(words: str, viewer: User, today: date) -> dict[str, Any]:
    """Each with the unit where she counts; empty for whoever counts nowhere."""
    found = candidates(words, viewer, on=today)
    units = units_of([each.person for each in found if each.person], on=today)
    rows = [(each, units.get(each.person.pk, "") if each.person else "") for each in found]
    is_short = bool(words) and is_too_short(words)
    return {
        "words": words,
        "found": rows[:MOST_ACCOUNTS],
        "is_cut": len(rows) > MOST_ACCOUNTS,
        "is_short": is_short,
    }


def _held(viewer: User) -> list[Scope]:
    """What confines the viewer; nothing does a superuser."""
    if viewer.is_superuser:
        return []
    return list(Scope.objects.granted_to(viewer).managing_people())


def _holds(account: User, viewer: User, today: date) -> list[Scope]:
    """What the account has already, as far as the viewer may know."""
    theirs = Scope.objects.visible_to(viewer, on=today).filter(user=account)
    over = Scope.objects.over_on(today)
    return list(named(theirs.exclude(pk__in=over.values("pk")), on=today).order_by("pk"))


def _revoked(scope: Scope, chosen: dict[str, Any], by: User, at: Any) -> str:
    revoked = revoke_scope(
        scope,
        on=chosen["on"],
        reason=chosen["reason"],
        with_granted=chosen["with_granted"],
        by=by,
        at=at,
    )
    return ngettext(
        "Đã thu hồi %(count)d phạm vi.", "Đã thu hồi %(count)d phạm vi.", len(revoked)
    ) % {"count": len(revoked)}


def _changed(scope: Scope, chosen: dict[str, Any], by: User, at: Any) -> str:
    change_last_day(scope, chosen["ended_on"], reason=chosen["reason"], by=by, at=at)
    return _("Đã đổi ngày cuối của phạm vi.")


ACTS = {"revoke": _revoked, "change": _changed}


def _rows(scopes: list[Scope], today: date) -> Iterator[list[Value]]:
    for scope in scopes:
        person = scope.user.person
        yield [
            str(scope.user),
            person.masked_code if person else scope.user.username,
            scope.unit.code,
            scope.unit_name,  # type: ignore[attr-defined]
            scope.get_role_display(),
            scope.get_sector_display(),
            scope.started_on,
            scope.ended_on,
            str(scope.state_on(today).label),
            str(scope.granted_by or ""),
            scope.reason,
        ]
