"""What this room tells those above it, which it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that changed memberships or the kind of a unit.
# Argument: person_ids, a set of primary keys.
memberships_changed = Signal()
