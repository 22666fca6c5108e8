"""The cast of the permission matrix, for whoever asks about every role."""

from tests.lms.cast import accounts, hers

__all__ = ["accounts", "hers"]
