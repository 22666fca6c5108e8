"""Who: accounts, people, units and memberships (both dated), scopes, applied lists."""

from people.models.access import AccessCode, CodePurpose
from people.models.audit import AuditAction, AuditEntry
from people.models.membership import Membership, MembershipStatus, Position, StaffGroup
from people.models.person import Person, Sex
from people.models.requests import (
    CorrectionDecision,
    CorrectionField,
    CorrectionRequest,
    Outcome,
    RosterDecision,
    RosterRequest,
)
from people.models.roster import RosterList
from people.models.scope import Scope, ScopeRole
from people.models.unit import Sector, Unit, UnitClosure, UnitKind, UnitVersion
from people.models.user import Language, User

__all__ = [
    "AccessCode",
    "AuditAction",
    "AuditEntry",
    "CodePurpose",
    "CorrectionDecision",
    "CorrectionField",
    "CorrectionRequest",
    "Language",
    "Membership",
    "MembershipStatus",
    "Outcome",
    "Person",
    "Position",
    "RosterDecision",
    "RosterList",
    "RosterRequest",
    "Scope",
    "ScopeRole",
    "Sector",
    "Sex",
    "StaffGroup",
    "Unit",
    "UnitClosure",
    "UnitKind",
    "UnitVersion",
    "User",
]
