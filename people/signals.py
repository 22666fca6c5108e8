"""What this room tells those above it, which it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that changed memberships or the kind of a unit; for a whole list after
# it, a thousand people at a time, each in transactions of the receivers.
# Argument: person_ids, a set of primary keys.
memberships_changed = Signal()

# Sent when a person takes away her own record. Argument: person. A receiver returns the name of its
# part and what it holds of her, ready for JSON: ("certificates", [{"number": …}, …]).
personal_record_asked = Signal()

# Two rows turn out to be one person (`people.merging`). Argument: plan, a `MergePlan`.
#
# Inside the transaction, before anything is read: lock what others may write to meanwhile.
# Argument: people, their keys, instead of a plan.
people_locking = Signal()
# Nothing is written yet, and maybe never: say what is to be written of this room's rows, ask what
# must be chosen, tell what will follow, and name the foreign keys to people that were thought of.
people_merging = Signal()
# Inside the transaction, when all moves are written: what follows from them may be stored. Whatever
# that changes must have been announced by `plan.watch`.
people_merged = Signal()

# Asked before units close, for whoever decides it. Arguments: unit_ids, a set of primary keys; on,
# the first day without them. A receiver returns sentences that say what of its own that touches.
units_closing_asked = Signal()
