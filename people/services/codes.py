"""Issuing and using the codes by which somebody sets her password."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.utils import reset as unlock_sign_in
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from people.audit import AuditAction, record, record_each
from people.backends import account_of
from people.codes import digest, grouped, new_code, normalised
from people.dates import local_day
from people.models import AccessCode, CodePurpose, Person, User
from people.queries.rights import CodeRight, accounts_of, reasons_not_to_act, rights_to_issue
from people.services.accounts import create_account, set_identifiers


class CodeRefusedError(Exception):
    """The code can't be issued or used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is handed over on paper. The only place where the code is readable, and only once."""

    person: Person
    sign_in_name: str
    code: str
    expires_at: datetime
    purpose: str


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of those for whom codes were asked."""

    slips: list[Slip]
    refused: list[tuple[Person, CodeRight]]


def issue_code(person: Person, *, issued_by: User, at: datetime) -> Slip:
    """A new code; the one before is withdrawn. The password of today stays valid until it is used.

    Raises `CodeRefusedError` when the account is not the issuer's to open.
    """
    issued = issue_codes([person], issued_by=issued_by, at=at)
    for _person, right in issued.refused:
        raise CodeRefusedError(right.reason)
    return issued.slips[0]


@transaction.atomic
def issue_codes(
    people: Collection[Person],
    *,
    issued_by: User,
    at: datetime,
    make_code: Callable[[], str] = new_code,
) -> Issued:
    """For each whose account is the issuer's to open; the others are named.

    As many queries for a whole unit as for one: meanwhile nobody else writes.
    """
    keys = [person.pk for person in people]
    # Two issuers take turns, in one order.
    list(Person.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    rights = rights_to_issue(issued_by, people, on=local_day(at))
    accounts = accounts_of(people)
    allowed = [person for person in people if rights[person.pk]]
    AccessCode.objects.filter(
        person__in=allowed, used_at__isnull=True, withdrawn_at__isnull=True
    ).update(withdrawn_at=at)
    made = [
        _new_slip(each, accounts.get(each.pk), make_code(), by=issued_by, at=at) for each in allowed
    ]
    AccessCode.objects.bulk_create([row for row, _slip in made])
    record_each(
        AuditAction.CODE_ISSUED,
        actor=issued_by,
        subjects=[(slip.person, {"purpose": slip.purpose}) for _row, slip in made],
    )
    refused = [(person, rights[person.pk]) for person in people if not rights[person.pk]]
    return Issued(slips=[slip for _row, slip in made], refused=refused)


def person_called(identifier: str) -> Person | None:
    """Whom a slip names: by staff code, else by what her account signs in with.

    The code of a row that was merged means the person it was merged into.
    """
    identifier = identifier.strip()
    people = Person.objects.select_related("merged_into")
    if person := people.filter(code=identifier).first():
        return person.survivor
    if account := account_of(identifier):
        return account.person
    alike = people.filter(code__iexact=identifier)[:2]
    return alike[0].survivor if len(alike) == 1 else None


def check_code(person: Person | None, typed: str, *, at: datetime) -> AccessCode | None:
    """The live code that was typed. None for whatever is wrong, so that nobody learns what.

    A wrong guess is counted on the code that it was meant for.
    """
    live = AccessCode.objects.live_at(at).filter(person=person).first() if person else None
    if live is None:
        return None
    code = normalised(typed)
    wanted = digest(code, person_id=live.person_id, purpose=live.purpose)
    if code and constant_time_compare(wanted, live.digest) and _still_opens(live, at=at):
        return live
    AccessCode.objects.filter(pk=live.pk).update(attempts=F("attempts") + 1)
    return None


@transaction.atomic
def use_code(
    code: AccessCode, *, password: str, at: datetime, email: str = "", phone: str = ""
) -> User:
    """Sets the password, makes the account if there is none, and ends the lock on signing in.

    Every session of the account ends: sessions carry a digest of the password. E-mail and phone
    are set where they are given. Raises `CodeRefusedError` when the code opens nothing any more,
    `IdentifierTakenError` when those are not to be had: then nothing is done.
    """
    Person.objects.select_for_update().get(pk=code.person_id)
    live = AccessCode.objects.live_at(at).filter(pk=code.pk).select_related("person").first()
    if live is None or not _still_opens(live, at=at):
        raise CodeRefusedError(_("Mã này không còn dùng được. Hãy xin người quản lý một mã mới."))
    account = User.objects.filter(person=live.person).first() or create_account(live.person)
    account.set_password(password)
    account.save(update_fields=["password"])
    if email or phone:
        set_identifiers(account, email=email or account.email, phone=phone or account.phone)
    live.used_at = at
    live.save(update_fields=["used_at"])
    for name in {account.username, live.person.code.casefold()}:
        unlock_sign_in(username=name)
    is_first = live.purpose == CodePurpose.ACTIVATION
    act = AuditAction.CODE_USED if is_first else AuditAction.PASSWORD_RESET
    record(act, actor=account, subject=live.person, detail={"code": live.pk})
    return account


def _new_slip(
    person: Person, account: User | None, code: str, *, by: User, at: datetime
) -> tuple[AccessCode, Slip]:
    """The row to store, and what is readable of it this once."""
    purpose = _purpose_for(account)
    row = AccessCode(
        person=person,
        purpose=purpose,
        digest=digest(code, person_id=person.pk, purpose=purpose),
        issued_by=by,
        issued_at=at,
        expires_at=at + timedelta(days=settings.ACCESS_CODE_DAYS),
    )
    slip = Slip(
        person=person,
        sign_in_name=account.username if account else person.code,
        code=grouped(code),
        expires_at=row.expires_at,
        purpose=purpose,
    )
    return row, slip


def _purpose_for(account: User | None) -> str:
    is_in_use = account is not None and account.has_usable_password()
    return CodePurpose.NEW_PASSWORD if is_in_use else CodePurpose.ACTIVATION


def _still_opens(code: AccessCode, *, at: datetime) -> bool:
    """Whether what was true when the code was issued still is.

    A first activation never replaces a password set meanwhile; and whoever was given more rights
    since then is out of the issuer's reach.
    """
    account = User.objects.filter(person=code.person_id).first()
    if account is None:
        return True
    if not account.is_active or (account.is_demo and not settings.DEMO):
        return False
    if code.purpose == CodePurpose.ACTIVATION and account.has_usable_password():
        return False
    return not reasons_not_to_act(code.issued_by, [account], on=local_day(at))
