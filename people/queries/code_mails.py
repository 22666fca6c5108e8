"""Who can be sent a code by e-mail, and what became of those that were asked for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from people.models import CodeMail, MailState, Person, Unit, User
from people.queries.signing_in import cannot_sign_in

HOUR = timedelta(hours=1)


def with_own_address(people: Collection[Person]) -> list[Person]:
    """Those whose address on the roster is nobody else's: a school's own is read by many (1 query).

    A code for somebody's account is that account, so it goes to an address of hers alone.
    """
    addresses = {person.email.lower() for person in people if person.email}
    if not addresses:
        return []
    listed = Person.objects.unmerged().annotate(address=Lower("email"))
    everybody = listed.filter(address__in=addresses)
    counted = everybody.order_by().values_list("address").annotate(count=Count("pk"))
    own = {address for address, count in counted if count == 1}
    return [person for person in people if person.email.lower() in own]


def asked_lately(manager: User, *, at: datetime) -> int:
    return CodeMail.objects.filter(asked_by=manager, asked_at__gt=at - HOUR).count()


def mailed_lately(people: Collection[Person], *, at: datetime) -> set[int]:
    """Keys of those for whom a mail waits, or went out less than an hour ago."""
    is_lately = Q(state=MailState.WAITING) | Q(state=MailState.SENT, asked_at__gt=at - HOUR)
    mails = CodeMail.objects.filter(is_lately, person__in=people)
    return set(mails.values_list("person", flat=True))


def mails_of(unit: Unit, people: QuerySet[Person]) -> QuerySet[CodeMail]:
    """Of the unit, newest first, to these people."""
    return CodeMail.objects.filter(unit=unit, person__in=people).select_related("person")


def latest_failed(mails: QuerySet[CodeMail]) -> list[CodeMail]:
    """Those whose last mail failed and who can't sign in yet."""
    newest = CodeMail.objects.filter(person=OuterRef("person")).order_by("-pk").values("pk")[:1]
    return list(
        mails.filter(cannot_sign_in("person__"), pk=Subquery(newest), state=MailState.FAILED)
    )


def count_by_state(mails: QuerySet[CodeMail]) -> dict[str, int]:
    counted = mails.order_by().values_list("state").annotate(count=Count("pk"))
    return {MailState.WAITING: 0, MailState.SENT: 0, MailState.FAILED: 0, **dict(counted)}
