"""Who: accounts, people, units and memberships (both dated), scopes, applied lists."""

from people.models.access import AccessCode, CodePurpose
from people.models.audit import AuditAction, AuditEntry
from people.models.code_mail import CodeMail, MailProblem, MailState
from people.models.membership import Membership, MembershipStatus, Position, StaffGroup
from people.models.merging import PersonMerge, PersonUnmerge
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
from people.models.roster_import import (
    ImportState,
    ListedUnit,
    RosterChange,
    RosterImport,
    RosterLayout,
    RosterRejection,
    Verdict,
)
from people.models.scope import Scope, ScopeChange, ScopeRole, ScopeState
from people.models.second_factor import AuthenticatorApp, RecoveryCodes
from people.models.unit import (
    Attribute,
    Level,
    Sector,
    Unit,
    UnitClosure,
    UnitKind,
    UnitVersion,
)
from people.models.user import Language, User

__all__ = [
    "AccessCode",
    "Attribute",
    "AuditAction",
    "AuditEntry",
    "AuthenticatorApp",
    "CodeMail",
    "CodePurpose",
    "CorrectionDecision",
    "CorrectionField",
    "CorrectionRequest",
    "ImportState",
    "Language",
    "Level",
    "ListedUnit",
    "MailProblem",
    "MailState",
    "Membership",
    "MembershipStatus",
    "Outcome",
    "Person",
    "PersonMerge",
    "PersonUnmerge",
    "Position",
    "RecoveryCodes",
    "RosterChange",
    "RosterDecision",
    "RosterImport",
    "RosterLayout",
    "RosterList",
    "RosterRejection",
    "RosterRequest",
    "Scope",
    "ScopeChange",
    "ScopeRole",
    "ScopeState",
    "Sector",
    "Sex",
    "StaffGroup",
    "Unit",
    "UnitClosure",
    "UnitKind",
    "UnitVersion",
    "User",
    "Verdict",
]
