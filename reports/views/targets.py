"""Targets: read by whoever has a scope, set by administrators and managers of the root."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from people.dates import local_day
from people.grants import grants_of
from reports.models import Target
from reports.queries.targets import may_set_targets, target_effects
from reports.services.targets import (
    TargetError,
    add_target,
    change_target,
    end_target,
    refusal_to_change,
)
from reports.target_forms import EndForm, TargetForm
from reports.views.asking import View, scope_required, viewer_of


def setting_targets(view: View) -> Callable[..., HttpResponseBase]:
    """Only for whoever may set them; to other managers the address is none."""

    @scope_required
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _may_set(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@scope_required
@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    targets = list(Target.objects.all())
    context = {
        "targets": [each for each in targets if each.is_in_use_on(today)],
        "ended": [each for each in targets if not each.is_in_use_on(today)],
        "today": today,
        "may_set": _may_set(request),
    }
    return render(request, "reports/targets/list.html", context)


@scope_required
@require_safe
def target_page(request: HttpRequest, code: str) -> HttpResponse:
    target = get_object_or_404(Target, code=code)
    may_set = _may_set(request)
    context = {
        "target": target,
        "courses": list(target.courses.all()),
        "changes": list(target.changes.select_related("changed_by__person")),
        "may_set": may_set,
        "refusal": refusal_to_change(target) if may_set else "",
        "today": timezone.localdate(),
    }
    return render(request, "reports/targets/target.html", context)


@setting_targets
def new_target(request: HttpRequest) -> HttpResponse:
    """`?like=CODE` begins from a target that there is."""
    like = Target.objects.filter(code=request.GET.get("like", "")).first()
    form = TargetForm(request.POST or None, target=None, like=like)
    return _asked_twice(request, form, _("Đặt chỉ tiêu mới"), None)


@setting_targets
def edit_target(request: HttpRequest, code: str) -> HttpResponse:
    target = get_object_or_404(Target, code=code)
    if refusal := refusal_to_change(target):
        messages.error(request, refusal)
        return redirect("reports:target", target.code)
    form = TargetForm(request.POST or None, target=target)
    return _asked_twice(request, form, _("Đổi chỉ tiêu %(code)s") % {"code": target.code}, target)


@setting_targets
def end_target_page(request: HttpRequest, code: str) -> HttpResponse:
    target, now = get_object_or_404(Target, code=code), timezone.now()
    initial = {"last_used_on": target.last_used_on or local_day(now)}
    form = EndForm(request.POST or None, initial=initial)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            end_target(
                target,
                chosen["last_used_on"],
                reason=chosen["reason"],
                by=viewer_of(request),
                at=now,
            )
        except TargetError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Đã ghi ngày cuối dùng chỉ tiêu."))
            return redirect("reports:target", target.code)
    return render(request, "reports/targets/end.html", {"target": target, "form": form})


def _asked_twice(
    request: HttpRequest, form: TargetForm, heading: str, target: Target | None
) -> HttpResponse:
    """First what moves, then, once exactly that was seen, it is done."""
    now, context = timezone.now(), {"form": form, "heading": heading, "target": target}
    if form.is_valid():
        effects = target_effects(form.draft(), target, today=local_day(now))
        seen = f"{form.fingerprint()}:{effects.fingerprint}"
        context |= {"effects": effects, "seen": seen}
        if request.POST.get("seen") == seen and request.POST.get("step") == "confirm":
            act = change_target if target else add_target
            try:
                done = act(
                    form.draft(), reason=form.cleaned_data["reason"], by=viewer_of(request), at=now
                )
            except TargetError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("Đã ghi chỉ tiêu %(code)s.") % {"code": done.code})
                return redirect("reports:target", done.code)
    return render(request, "reports/targets/form.html", context)


def _may_set(request: HttpRequest) -> bool:
    return may_set_targets(grants_of(request), on=timezone.localdate())
