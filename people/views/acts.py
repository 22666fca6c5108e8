"""What a manager does about one person: asked, shown what it comes to, done."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
    CorrectForm,
    DaysForm,
    EndForm,
    MoveForm,
    PostChangeForm,
    ReturnForm,
    WithdrawForm,
)
from people.forms.asking import ActForm, Asking
from people.models import Person
from people.queries.care import in_care_of, stays_of
from people.queries.own_record import memberships_of
from people.services.roster import RosterError
from people.views.access import manager_required, viewer_of


@dataclass(frozen=True, slots=True)
class Page:
    title: Any
    button: Any
    form: type[ActForm]
    is_grave: bool = False


PAGES = {
    "move": Page(gettext_lazy("Chuyển đơn vị"), gettext_lazy("Chuyển đơn vị"), MoveForm),
    "post": Page(
        gettext_lazy("Đổi nhóm, chức vụ, trạng thái"), gettext_lazy("Ghi thay đổi"), PostChangeForm
    ),
    "end": Page(
        gettext_lazy("Cho rời đơn vị"), gettext_lazy("Cho rời đơn vị"), EndForm, is_grave=True
    ),
    "return": Page(gettext_lazy("Nhận trở lại"), gettext_lazy("Nhận trở lại"), ReturnForm),
    "days": Page(gettext_lazy("Sửa ngày của một dòng"), gettext_lazy("Sửa ngày"), DaysForm),
    "withdraw": Page(
        gettext_lazy("Bỏ một dòng ghi sai"),
        gettext_lazy("Bỏ dòng này"),
        WithdrawForm,
        is_grave=True,
    ),
    "correct": Page(gettext_lazy("Sửa thông tin"), gettext_lazy("Sửa thông tin"), CorrectForm),
}


@manager_required
def act_page(request: HttpRequest, pk: int, *, act: str, row: int | None = None) -> HttpResponse:
    asking, page = _asking(request, pk, row), PAGES[act]
    form = page.form(request.POST or None, asking=asking)
    effect = ""
    if request.method == "POST" and form.is_valid():
        try:
            effect = form.foresee()
            if form.cleaned_data["confirmed"] == _mark(effect):
                return _done(request, form, effect)
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
    viewer, now = viewer_of(request), timezone.now()
    person = get_object_or_404(in_care_of(viewer, on=local_day(now)), pk=pk)
    stays = stays_of(person)
    about = next((stay for stay in stays if stay.pk == row), None)
    if row is not None and about is None:
        raise Http404
    return Asking(viewer, person, stays, about, now)


def _done(request: HttpRequest, form: ActForm, effect: str) -> HttpResponse:
    """Raises `RosterError`."""
    form.carry_out()
    person = form.asking.person
    words = {"name": person.full_name, "effect": effect}
    messages.success(request, _("%(name)s: đã ghi. %(effect)s") % words)
    if _may_read(form.asking):
        return redirect("reports:person", person.pk)
    return redirect("people:people")


def _may_read(asking: Asking) -> bool:
    visible = Person.objects.visible_to(asking.viewer, on=asking.today)
    return visible.filter(pk=asking.person.pk).exists()


def seen(form: Form, mark: str) -> None:
    """The form as it is sent next says what its reader was shown."""
    if form.is_bound:
        form.data = {**dict(form.data.items()), "confirmed": mark}


def _mark(effect: str) -> str:
    """Stands for the words that were shown: if they change meanwhile, it asks again."""
    return hashlib.sha256(effect.encode()).hexdigest()[:16] if effect else ""
