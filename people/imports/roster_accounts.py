"""What a list may not do to accounts: change how somebody is reached who is not the importer's to
help, or give somebody new a code that signs in another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db.models.functions import Lower

from people.backends import normalised_phone
from people.imports.roster_known import Importer, Known, in_chunks
from people.models import User
from people.queries.rights import reasons_not_to_act

MANY = 3000  # codes, above which reading every account once is quicker than asking for each
AT_ONCE = 400  # codes asked for in one query, each of which may be a phone number too


def know_accounts(known: Known, codes: Iterable[str], importer: Importer) -> None:
    """As of today, in a few queries a thousand people. The people are known already."""
    _know_reach(known, importer)
    _know_taken(known, set(codes) - known.people.keys() - {""})


def _know_reach(known: Known, importer: Importer) -> None:
    """By e-mail and phone somebody signs in, or gets a code. The importer's own are hers."""
    if known.hers is None or importer.user is None:
        return
    for chunk in in_chunks(sorted(known.hers)):
        accounts = User.objects.filter(person__in=chunk).exclude(pk=importer.user.pk)
        people = {account.pk: account.person_id for account in accounts}
        refused = reasons_not_to_act(importer.user, accounts, on=importer.today)
        known.unreachable |= {key for pk, key in people.items() if pk in refused and key}


def _know_taken(known: Known, codes: Collection[str]) -> None:
    """Like `people.backends.account_of`, of codes that nobody on the roster bears."""
    named = {code.lower(): code for code in codes}
    phones = {digits: code for code in codes if (digits := normalised_phone(code))}
    for name, phone in _accounts_like(named, phones):
        known.taken |= {named.get(name.lower(), ""), phones.get(phone, "")} - {""}


def _accounts_like(named: Collection[str], phones: Collection[str]) -> Iterator[tuple[str, str]]:
    """Names and phone numbers of accounts; others may be among them."""
    accounts = User.objects.order_by().values_list("username", "phone")
    if len(named) > MANY:
        yield from accounts.iterator(chunk_size=5000)
        return
    for names in in_chunks(named, AT_ONCE):
        yield from accounts.alias(lower=Lower("username")).filter(lower__in=names)
    for numbers in in_chunks(phones, AT_ONCE):
        yield from accounts.filter(phone__in=numbers)
