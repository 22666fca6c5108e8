"""Every named address of ours, and who may open it or send to it: the permission matrix.

A new address is a line of `ADDRESSES`; without it `test_every_address_is_placed` fails. Whoever is
not named finds nothing: see `tests/lms/test_matrix.py`. Roles and objects are those of `cast.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver, reverse

OURS = {"people", "courses", "quiz", "certificates", "reports", "administration", "api"}
Roles = frozenset[str]

# No session, or none any more.
OUT = frozenset({"signed-out", "closed"})
# Signed in, and nothing to look after: not any more, not yet, or never.
UNSCOPED = frozenset({"herself", "colleague", "trainer", "revoked", "future"})
SUPERUSER = frozenset({"superuser"})
# Over the learner's school: its principal, the commune, the sector of the city, administrators.
ABOVE = frozenset({"parent", "sector"}) | SUPERUSER
MANAGERS = ABOVE | {"principal"}
READERS = MANAGERS | {"monitor"}
COUNTERS = READERS | {"aggregate"}
# Over something: also the principal beside, another commune, the other sector.
ANY_MANAGER = MANAGERS | {"sibling", "foreign", "other-sector"}
ANY_READER = ANY_MANAGER | {"monitor"}
ANY_SCOPE = ANY_READER | {"aggregate"}
SIGNED_IN = ANY_SCOPE | UNSCOPED
EVERYBODY = SIGNED_IN | OUT
# On the roster, so that there is something to learn or to correct.
LISTED = frozenset({"herself", "colleague", "sibling", "principal"})
# Whose list it is that is on its way in.
UPLOADER = frozenset({"principal"}) | SUPERUSER
NOBODY: Roles = frozenset()


@dataclass(frozen=True, slots=True)
class Address:
    """Who gets past the door: reading (GET) and sending (POST).

    `arguments` are attributes of `hers`. `shows`: of a list, in whose the learner stands; None
    where it lists nobody.
    """

    reads: Roles = NOBODY
    sends: Roles = NOBODY
    arguments: tuple[str, ...] = ()
    query: str = ""
    shows: Roles | None = None

    def of(self, *arguments: str) -> Address:
        return replace(self, arguments=arguments)


def page(reads: Roles, *arguments: str, shows: Roles | None = None) -> list[Address]:
    """To read only."""
    return [Address(reads, NOBODY, arguments, shows=shows)]


def form(who: Roles, *arguments: str, shows: Roles | None = None) -> list[Address]:
    """To read and to send."""
    return [Address(who, who, arguments, shows=shows)]


def button(sends: Roles, *arguments: str) -> list[Address]:
    """To send only."""
    return [Address(NOBODY, sends, arguments)]


def place(reads: dict[str, Roles], *, is_form: bool = False, more: str = "") -> list[Address]:
    """The same address of one unit after another: hers, the one beside, those above."""
    rest = (more,) if more else ()
    return [
        Address(roles, roles if is_form else NOBODY, (unit, *rest)) for unit, roles in reads.items()
    ]


# By the units of `hers`: the learner's school, the one beside it, the commune and the city above
# them, a facility of the other sector.
MANAGED = {
    "unit": MANAGERS,
    "sibling_unit": ABOVE | {"sibling"},
    "parent_unit": SUPERUSER | {"parent"},
    "top_unit": SUPERUSER,
    "facility": SUPERUSER | {"parent", "other-sector"},
}
# Sector managers see the units of both sectors that stand above their own, and of these people
# their sector's.
READ = {
    "unit": READERS,
    "sibling_unit": ABOVE | {"sibling", "monitor"},
    "parent_unit": ABOVE | {"other-sector", "monitor"},
    "top_unit": SUPERUSER | {"sector", "other-sector"},
    "facility": SUPERUSER | {"parent", "other-sector", "monitor"},
}
COUNTED = {
    unit: roles | ({"aggregate"} if "monitor" in roles else NOBODY) for unit, roles in READ.items()
}
# Renamed, closed, split by whoever stands over the unit, never by whoever stands in it.
REORGANISED = {
    "unit": ABOVE,
    "sibling_unit": ABOVE,
    "parent_unit": SUPERUSER,
    "top_unit": SUPERUSER,
    "facility": SUPERUSER | {"parent", "other-sector"},
}
# Over a unit that has none above it.
SHARERS = SUPERUSER | {"sector", "other-sector"}
REORGANISERS = ABOVE | {"other-sector"}

ADDRESSES: dict[str, list[Address]] = {
    # The log and viewing as somebody are the administrator's.
    "administration:audit": page(SUPERUSER),
    "administration:audit-csv": page(SUPERUSER),
    "administration:audit-xlsx": page(SUPERUSER),
    "administration:stop-viewing": button(SIGNED_IN),
    "administration:view-as": form(SUPERUSER, "person"),
    # Open to everybody, or to everybody for what is her own.
    "people:activate": form(EVERYBODY),
    "people:activate-password": form(EVERYBODY),
    "people:forgotten": form(EVERYBODY),
    "people:language": button(EVERYBODY),
    "people:login": form(EVERYBODY),
    "people:logout": button(EVERYBODY),
    "people:not-listed": form(EVERYBODY),
    "people:not-listed-form": form(EVERYBODY, "unit"),
    "people:not-listed-sent": form(EVERYBODY),
    "people:second-step": form(EVERYBODY),
    "certificates:verify": page(EVERYBODY, "certificate"),
    "people:password": form(SIGNED_IN),
    "people:record": form(SIGNED_IN),
    "people:record-account": form(SIGNED_IN),
    "people:record-correction": form(LISTED),
    "people:record-json": form(SIGNED_IN),
    "people:second-factor": form(ANY_READER),
    "people:second-factor-set-up": form(ANY_READER),
    "people:sign-out-elsewhere": button(SIGNED_IN),
    "reports:my": form(SIGNED_IN),
    # Accounts and what people ask.
    "people:account": form(MANAGERS, "person"),
    "people:code": form(MANAGERS, "person"),
    "people:correction": form(MANAGERS, "correction"),
    "people:request": form(MANAGERS, "request"),
    "people:requests": form(ANY_MANAGER, shows=MANAGERS),
    "people:requests-csv": page(ANY_MANAGER, shows=MANAGERS),
    "people:requests-xlsx": page(ANY_MANAGER, shows=MANAGERS),
    "people:slips": place(MANAGED, is_form=True),
    "people:slips-mail": place(MANAGED, is_form=True),
    # People.
    "people:people": page(ANY_READER, shows=READERS),
    "people:people-csv": page(ANY_READER, shows=READERS),
    "people:people-xlsx": page(ANY_READER, shows=READERS),
    "people:person-correct": form(MANAGERS, "person"),
    "people:person-end": form(MANAGERS, "person"),
    "people:person-move": form(MANAGERS, "person"),
    "people:person-new": form(ANY_MANAGER),
    "people:person-post": form(MANAGERS, "person"),
    "people:person-return": form(MANAGERS, "person"),
    "people:post-days": form(MANAGERS, "person", "membership"),
    "people:post-withdraw": form(MANAGERS, "person", "membership"),
    "people:duplicates": page(ANY_MANAGER, shows=MANAGERS),
    "people:merge": page(MANAGERS, "person"),
    "people:merge-compare": form(MANAGERS, "person", "twin"),
    "people:merge-page": form(MANAGERS, "merge"),
    # Lists on their way in are their uploader's.
    "people:import": form(ANY_MANAGER),
    "people:import-changes": page(UPLOADER, "roster_import", "verdict"),
    "people:import-columns": form(UPLOADER, "roster_import"),
    "people:import-confirm": button(UPLOADER, "roster_import"),
    "people:import-current": place(MANAGED),
    "people:import-discard": button(UPLOADER, "roster_import"),
    "people:import-page": page(UPLOADER, "roster_import"),
    "people:import-progress": page(UPLOADER, "roster_import"),
    "people:import-rejected": page(UPLOADER, "roster_import"),
    "people:import-rejected-csv": page(UPLOADER, "roster_import"),
    "people:import-rejected-xlsx": page(UPLOADER, "roster_import"),
    "people:import-template": page(ANY_MANAGER),
    "people:import-undo": form(UPLOADER, "roster_import"),
    # Scopes.
    "people:scope": form(MANAGERS, "scope"),
    "people:scope-new": [
        *form(ANY_MANAGER),
        Address(MANAGERS, MANAGERS, query="?account={account}"),
    ],
    "people:scopes": page(ANY_MANAGER, shows=MANAGERS),
    "people:scopes-csv": page(ANY_MANAGER, shows=MANAGERS),
    "people:scopes-xlsx": page(ANY_MANAGER, shows=MANAGERS),
    # Units.
    "people:structure": page(ANY_READER),
    "people:structure-unit": place(READ),
    "people:unit-close": place(REORGANISED, is_form=True),
    "people:unit-correct": form(ABOVE, "unit", "version"),
    "people:unit-edit": place(REORGANISED, is_form=True),
    "people:unit-new": form(REORGANISERS),
    "people:unit-split": place(REORGANISED, is_form=True),
    "people:units-csv": page(ANY_READER),
    "people:units-import": form(REORGANISERS),
    "people:units-merge": form(REORGANISERS),
    "people:units-xlsx": page(ANY_READER),
    # Learning: each her own.
    "courses:evidence": button(LISTED),
    "courses:lesson-read": button(LISTED, "lesson"),
    "quiz:answer": button(frozenset({"herself"}), "attempt", "position"),
    "quiz:paper": page(frozenset({"herself"}), "attempt"),
    "quiz:result": page(frozenset({"herself"}), "attempt"),
    "quiz:start": form(SIGNED_IN, "quiz"),
    "quiz:submit": button(frozenset({"herself"}), "attempt"),
    # Runs. Of this one nobody confined to a sector may change the terms: it is for both.
    "courses:run": form(COUNTERS | {"trainer"}, "run"),
    "courses:run-add": form(MANAGERS - {"sector"}, "run"),
    "courses:run-edit": form(MANAGERS - {"sector"}, "run"),
    "courses:run-extend": form(MANAGERS - {"sector"}, "run"),
    "courses:run-new": form(ANY_MANAGER),
    "courses:runs": form(ANY_SCOPE | {"trainer"}),
    "quiz:grant": form(MANAGERS | {"trainer"}, "enrolment", "quiz"),
    "quiz:grants": form(ANY_MANAGER | {"trainer"}),
    "reports:run-csv": page(READERS | {"trainer"}, "run"),
    "reports:run-person": page(READERS | {"trainer"}, "run", "person"),
    "reports:run-progress": page(READERS | {"trainer"}, "run"),
    "reports:run-results": page(READERS | {"trainer"}, "run"),
    "reports:run-xlsx": page(READERS | {"trainer"}, "run"),
    # Figures and the people behind them.
    "certificates:download": page(READERS | {"herself"}, "certificate"),
    "reports:breakdown": place(COUNTED),
    "reports:forecast": place(COUNTED),
    "reports:index": form(ANY_SCOPE),
    "reports:modules": place(READ),
    "reports:people": place(READ, is_form=True),
    "reports:people-csv": place(READ),
    "reports:people-xlsx": place(READ),
    "reports:person": form(READERS, "person"),
    # Reports: whoever manages writes; what was sent is read by those above who see people.
    "reports:report": [
        Address(READERS, MANAGERS, ("report",)),
        Address(MANAGERS, MANAGERS, ("draft",)),
    ],
    "reports:report-docx": page(READERS, "report"),
    "reports:report-edit": form(MANAGERS, "draft"),
    "reports:report-new": form(ANY_MANAGER),
    "reports:report-pdf": page(READERS, "report"),
    "reports:report-xlsx": page(READERS, "report"),
    "reports:reports": page(ANY_READER),
    "reports:unit": place(COUNTED, is_form=True),
    "reports:unit-csv": place(COUNTED),
    "reports:indicators": page(ANY_SCOPE),
    # Figures for other bodies. No session opens the API: see tests/reports/test_api.py.
    "reports:sharing": page(SHARERS),
    "reports:sharing-log": page(SHARERS),
    "reports:sharing-new": form(SHARERS),
    "reports:sharing-token": form(SUPERUSER | {"sector"}, "token"),
    "reports:sharing-file": page(SUPERUSER | {"sector"}, "shared_file"),
    "reports:sharing-schedule": form(SUPERUSER | {"sector"}, "token"),
    "reports:sharing-stop": button(SUPERUSER | {"sector"}, "schedule"),
    "api:api-root": page(EVERYBODY),
    "api:coverage": page(NOBODY),
    "api:file": page(NOBODY, "shared_file"),
    "api:files": page(NOBODY),
    "api:indicators": page(NOBODY),
    "api:openapi-json": form(EVERYBODY),
    "api:root": page(EVERYBODY),
    "api:run-progress": page(NOBODY, "run"),
    "api:targets": page(NOBODY),
    "api:units": page(NOBODY),
    "api:unknown": page(NOBODY, "unit"),
    "reports:remind": place(MANAGED, is_form=True),
    "reports:target": page(ANY_SCOPE, "target"),
    # A target is everybody's: set by whoever manages the root for every sector.
    "reports:target-edit": form(SUPERUSER, "target"),
    "reports:target-end": form(SUPERUSER, "target"),
    "reports:target-new": form(SUPERUSER),
    "reports:targets": page(ANY_SCOPE),
    "reports:workplaces": place(READ),
    "reports:workplaces-csv": place(READ),
    "reports:workplaces-xlsx": place(READ),
}


def every_name() -> set[str]:
    return _names(get_resolver().url_patterns)


def _names(patterns: Iterable[URLPattern | URLResolver], namespace: str = "") -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= _names(pattern.url_patterns, pattern.namespace or namespace)
        elif pattern.name and namespace in OURS:
            found.add(f"{namespace}:{pattern.name}")
    return found


def path_of(name: str, address: Address, hers: SimpleNamespace) -> str:
    path = reverse(name, args=[getattr(hers, argument) for argument in address.arguments])
    return path + address.query.format(**vars(hers))


def first_path(name: str, hers: SimpleNamespace) -> str:
    """Of the objects that the address has lines for, the learner's own."""
    return path_of(name, ADDRESSES[name][0], hers)
