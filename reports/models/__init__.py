"""Targets that coverage is measured against, and to whom figures are given."""

from reports.models.sharing import Share, SharedWhat, SharingToken, TokenState
from reports.models.target import Target

__all__ = ["Share", "SharedWhat", "SharingToken", "Target", "TokenState"]
