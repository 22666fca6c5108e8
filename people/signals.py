"""What this room tells those above it, which it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that changed memberships or the kind of a unit.
# Argument: person_ids, a set of primary keys.
memberships_changed = Signal()

# Sent when a person takes away her own record. Argument: person. A receiver returns the name of its
# part and what it holds of her, ready for JSON: ("certificates", [{"number": …}, …]).
personal_record_asked = Signal()
