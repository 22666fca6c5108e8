"""What a manager does about one person: asked, shown what it comes to, done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.dates import local_day
from people.forms.acts import (
    ActForm,
    ChangeForm,
    CorrectForm,
    DaysForm,
    EndForm,
    MoveForm,
    PostChangeForm,
    ReturnForm,
    WithdrawForm,
)
from people.models import Person
from people.queries.care import in_care_of, is_over, stays_of
from people.queries.own_record import memberships_of
from people.queries.people import units_managed
from people.services.people import (
    Act,
    change_memberships,
    correct_record,
    foresee,
    foresee_correction,
)
from people.services.roster import RosterError
from people.stays import Stay, held_on_day
from people.views.access import manager_required, viewer_of


@dataclass(frozen=True, slots=True)
class Asking:
    """A person in the viewer's care, and which row of her memberships, where it is about one."""

    request: HttpRequest
    person: Person
    stays: list[Stay]
    row: Stay | None
    at: datetime

    @property
    def post(self) -> Stay | None:
        """Where she counts today, else where she did last."""
        today = held_on_day(self.stays, local_day(self.at))
        return today or (self.stays[-1] if self.stays else None)


@dataclass(frozen=True, slots=True)
class Page:
    title: Any
    button: Any
    form: Callable[..., ActForm]
    is_grave: bool = False


def _move(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    return MoveForm(*args, units=_units(asking), **kwargs)


def _post(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    return PostChangeForm(*args, post=asking.post, **kwargs)


def _end(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    return EndForm(*args, **kwargs)


def _return(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    units = _units(asking)
    last = asking.post.unit if asking.post else ""
    initial = {"unit": last if last in {unit.code for unit in units} else ""}
    return ReturnForm(*args, units=units, post=asking.post, initial=initial, **kwargs)


def _days(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    assert asking.row is not None
    return DaysForm(*args, row=asking.row, **kwargs)


def _withdraw(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    assert asking.row is not None
    return WithdrawForm(*args, row=asking.row, **kwargs)


def _correct(asking: Asking, *args: Any, **kwargs: Any) -> ActForm:
    over = is_over(viewer_of(asking.request), asking.person, on=local_day(asking.at))
    return CorrectForm(*args, person=asking.person, is_over=over, **kwargs)


PAGES = {
    "move": Page(gettext_lazy("Chuyển đơn vị"), gettext_lazy("Chuyển đơn vị"), _move),
    "post": Page(
        gettext_lazy("Đổi nhóm, chức vụ, trạng thái"), gettext_lazy("Ghi thay đổi"), _post
    ),
    "end": Page(
        gettext_lazy("Cho rời đơn vị"), gettext_lazy("Cho rời đơn vị"), _end, is_grave=True
    ),
    "return": Page(gettext_lazy("Nhận trở lại"), gettext_lazy("Nhận trở lại"), _return),
    "days": Page(gettext_lazy("Sửa ngày của một dòng"), gettext_lazy("Sửa ngày"), _days),
    "withdraw": Page(
        gettext_lazy("Bỏ một dòng ghi sai"), gettext_lazy("Bỏ dòng này"), _withdraw, is_grave=True
    ),
    "correct": Page(gettext_lazy("Sửa thông tin"), gettext_lazy("Sửa thông tin"), _correct),
}


@manager_required
def act_page(request: HttpRequest, pk: int, *, act: str, row: int | None = None) -> HttpResponse:
    asking, page = _asking(request, pk, row), PAGES[act]
    form = page.form(asking, request.POST or None, today=local_day(asking.at))
    effect = ""
    if request.method == "POST" and form.is_valid():
        try:
            effect = _foreseen(asking, form)
            if form.cleaned_data["confirmed"] == _mark(effect):
                return _done(asking, form, effect)
        except RosterError as error:
            effect = ""
            form.add_error(None, str(error))
    seen(form, _mark(effect))
    context = {
        "person": asking.person,
        "page": page,
        "form": form,
        "effect": effect,
        "row": asking.row,
        "memberships": memberships_of(asking.person),
        "is_past": act == "return",
        "is_about_days": act == "days",
        "may_read": _may_read(asking),
    }
    return render(request, "people/people/act.html", context)


def _asking(request: HttpRequest, pk: int, row: int | None) -> Asking:
    now = timezone.now()
    person = get_object_or_404(in_care_of(viewer_of(request), on=local_day(now)), pk=pk)
    stays = stays_of(person)
    about = next((stay for stay in stays if stay.pk == row), None)
    if row is not None and about is None:
        raise Http404
    return Asking(request, person, stays, about, now)


def _foreseen(asking: Asking, form: ActForm) -> str:
    """What it comes to, in words. Raises `RosterError`."""
    if isinstance(form, CorrectForm):
        effect = foresee_correction(asking.person, form.facts)
        if not effect:
            raise RosterError(_("Không có gì khác với hồ sơ hiện tại: chưa ghi gì."))
        return effect
    assert isinstance(form, ChangeForm)
    viewer, today = viewer_of(asking.request), local_day(asking.at)
    return foresee(asking.person, form.change(), by=viewer, on=today)


def _done(asking: Asking, form: ActForm, effect: str) -> HttpResponse:
    """Raises `RosterError`."""
    viewer = viewer_of(asking.request)
    act = Act(viewer, asking.at, form.cleaned_data["reason"], cause=form.cause)
    if isinstance(form, CorrectForm):
        correct_record(asking.person, form.facts, act=act)
    elif isinstance(form, ChangeForm):
        change_memberships(asking.person, form.change(), act=act)
    words = {"name": asking.person.full_name, "effect": effect}
    messages.success(asking.request, _("%(name)s: đã ghi. %(effect)s") % words)
    if _may_read(asking):
        return redirect("reports:person", asking.person.pk)
    return redirect("people:people")


def _may_read(asking: Asking) -> bool:
    visible = Person.objects.visible_to(viewer_of(asking.request), on=local_day(asking.at))
    return visible.filter(pk=asking.person.pk).exists()


def _units(asking: Asking) -> list[Any]:
    return list(units_managed(viewer_of(asking.request), on=local_day(asking.at)))


def seen(form: Form, mark: str) -> None:
    """The form as it is sent next says what its reader was shown."""
    if form.is_bound:
        form.data = {**dict(form.data.items()), "confirmed": mark}


def _mark(effect: str) -> str:
    """Stands for the words that were shown: if they change meanwhile, it asks again."""
    return hashlib.sha256(effect.encode()).hexdigest()[:16] if effect else ""
