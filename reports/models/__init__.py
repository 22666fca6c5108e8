"""Targets that coverage is measured against, and who was reminded of them."""

from reports.models.reminder import Reminder, ReminderMail
from reports.models.target import Target, TargetChange

__all__ = ["Reminder", "ReminderMail", "Target", "TargetChange"]
