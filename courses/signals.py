"""What this room tells those above it, which it does not know."""

from django.dispatch import Signal

# Sent inside the transaction that stores a `CourseCompletion`, once for each. Argument: completion.
course_completed = Signal()
