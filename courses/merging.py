"""The training of two rows that are one person.

Her work in a run is that of both: all evidence counts, each completion by the earliest instant, and
what the work of both completes together is complete. Where only the row that goes was in a run, its
enrolment becomes the kept person's. Where both were, evidence and completions that she lacks move
over; what she has already stays behind with the enrolment of the row that went, which counts for
nobody any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Min
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from courses.facts import facts_of_memberships, people_facts, run_facts
from courses.models import (
    ActivityCompletion,
    CourseCompletion,
    Enrolment,
    Evidence,
    ModuleCompletion,
    RunAddition,
)
from courses.rules import decide
from courses.services.decisions import decide_all, locked
from courses.services.storing import store
from people.merging.plan import MergePlan
from people.models import Person
from people.signals import people_locking, people_merged, people_merging

EVIDENCE = gettext_noop("kết quả học tập")
ENROLMENTS = gettext_noop("đợt bồi dưỡng mới bắt đầu")
COMPLETIONS = (
    (ActivityCompletion, "activity_id"),
    (ModuleCompletion, "module_id"),
    (CourseCompletion, None),
)

Pair = tuple[Enrolment, Enrolment]  # the kept person's and the other's, of one run


@receiver(people_locking, dispatch_uid="courses.lock_enrolments")
def lock_enrolments(people: list[int], **_kwargs: Any) -> None:
    enrolments = Enrolment.objects.filter(person__in=people).order_by("pk")
    list(enrolments.select_for_update(of=("self",)))


@receiver(people_merging, dispatch_uid="courses.plan_training")
def plan_training(plan: MergePlan, **_kwargs: Any) -> None:
    plan.handle(
        "courses.Enrolment.person",
        "courses.RunAddition.person",
        "courses.Evidence.enrolment",
        *(f"courses.{model.__name__}.enrolment" for model, _key in COMPLETIONS),
    )
    _plan_additions(plan)
    pairs = pairs_of(plan.kept, plan.gone)
    for ours, theirs in pairs:
        _plan_pair(plan, ours, theirs)
    alone = _enrolments(plan.gone).exclude(run__in=[ours.run_id for ours, _theirs in pairs])
    for enrolment in alone:
        plan.change([enrolment], person_id=plan.kept.pk)
        plan.tell(
            _("Đợt “%(run)s”: việc học chuyển sang hồ sơ giữ lại.") % {"run": enrolment.run.title}
        )
    _foretell_completions(plan, pairs)
    _guard(plan)


@receiver(people_merged, dispatch_uid="courses.decide_together")
def decide_together(plan: MergePlan, **_kwargs: Any) -> None:
    """What the work of both completes, or completes earlier than either alone had it."""
    joined = {ours.pk for ours, _theirs in pairs_of(plan.kept, plan.gone)}
    for enrolment in locked(list(_enrolments(plan.kept).values_list("pk", flat=True))):
        decided = decide_all(run_facts(enrolment.run), [enrolment], at=plan.at)
        first = _first_evidence(enrolment) if enrolment.pk in joined else None
        store(decided, evidence_at=first)


def pairs_of(kept: Person, gone: Person) -> list[Pair]:
    """Of each run in which both are enrolled, by run."""
    theirs = {each.run_id: each for each in _enrolments(gone)}
    return [(ours, theirs[ours.run_id]) for ours in _enrolments(kept) if ours.run_id in theirs]


def touched_enrolments(plan: MergePlan) -> list[int]:
    """Keys of those that hold work of the row that goes, before or after."""
    mine = _enrolments(plan.gone).values_list("pk", flat=True)
    return [*mine, *(ours.pk for ours, _theirs in pairs_of(plan.kept, plan.gone))]


def _enrolments(person: Person) -> Any:
    return Enrolment.objects.filter(person=person).select_related("run").order_by("run_id")


def _plan_additions(plan: MergePlan) -> None:
    """Who is added to a run by name twice is added once."""
    known = set(RunAddition.objects.filter(person=plan.kept).values_list("run", flat=True))
    additions = list(RunAddition.objects.filter(person=plan.gone).order_by("pk"))
    plan.delete(each for each in additions if each.run_id in known)
    plan.change((each for each in additions if each.run_id not in known), person_id=plan.kept.pk)


def _plan_pair(plan: MergePlan, ours: Enrolment, theirs: Enrolment) -> None:
    plan.change([ours], began_at=min(ours.began_at, theirs.began_at))
    plan.change(theirs.evidence.all(), enrolment_id=ours.pk)
    for model, key in COMPLETIONS:
        known = {getattr(each, key) if key else None: each for each in _of(model, ours)}
        for each in _of(model, theirs):
            mine = known.get(getattr(each, key) if key else None)
            if mine is None:
                plan.change([each], enrolment_id=ours.pk)
            elif each.completed_at < mine.completed_at:
                plan.change([mine], **_dated_like(each))
    plan.tell(
        _(
            "Đợt “%(run)s”: cả hai hồ sơ đều học. Kết quả được cộng lại, ngày hoàn thành lấy ngày "
            "sớm nhất."
        )
        % {"run": ours.run.title}
    )


def _of(model: Any, enrolment: Enrolment) -> Iterable[Any]:
    return model.objects.filter(enrolment=enrolment).order_by("pk")


def _dated_like(earlier: Any) -> dict[str, Any]:
    """A run was complete with the modules that were required then."""
    if isinstance(earlier, CourseCompletion):
        return {"completed_at": earlier.completed_at, "modules": earlier.modules}
    return {"completed_at": earlier.completed_at}


def _foretell_completions(plan: MergePlan, pairs: list[Pair]) -> None:
    """Says beforehand what can't be taken back: a certificate for what neither completed alone."""
    members = facts_of_memberships(plan.memberships)
    rivals = {theirs.run_id: theirs for _ours, theirs in pairs}
    enrolments = {each.run_id: each for each in [*_enrolments(plan.gone), *_enrolments(plan.kept)]}
    for run, enrolment in enrolments.items():
        hers = [enrolment, *([rivals[run]] if run in rivals else [])]
        if CourseCompletion.objects.filter(enrolment__in=hers).exists():
            continue
        evidence = people_facts(hers).evidence.values()
        facts = run_facts(enrolment.run).of([fact for part in evidence for fact in part], members)
        if decide(facts, until=plan.at).course is not None:
            plan.tell(
                _(
                    "Đợt “%(run)s”: kết quả của hai hồ sơ cộng lại đủ để hoàn thành. Giấy chứng "
                    "nhận sẽ được cấp ngay; sau đó không hoàn tác việc gộp được nữa."
                )
                % {"run": enrolment.run.title}
            )


def _guard(plan: MergePlan) -> None:
    """What she does later in these runs can't be told apart any more; nor can anything, once she
    signs in by the other's account."""
    touched = touched_enrolments(plan)
    for model in (Evidence, ActivityCompletion, ModuleCompletion, CourseCompletion):
        plan.guard(model, EVIDENCE, enrolment__in=touched)
        plan.watch(model.objects.filter(enrolment__person=plan.kept))
    if plan.moves_account:
        plan.guard(Enrolment, ENROLMENTS, person=plan.kept.pk)


def _first_evidence(enrolment: Enrolment) -> datetime | None:
    first: datetime | None = enrolment.evidence.aggregate(first=Min("received_at"))["first"]
    return first
