"""Who: accounts, people, units and memberships (both dated), scopes, applied lists."""

from people.models.membership import Membership, MembershipStatus, Position, StaffGroup
from people.models.person import Person, Sex
from people.models.roster import RosterList
from people.models.scope import Scope, ScopeRole
from people.models.unit import Sector, Unit, UnitClosure, UnitKind, UnitVersion
from people.models.user import User

__all__ = [
    "Membership",
    "MembershipStatus",
    "Person",
    "Position",
    "RosterList",
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
