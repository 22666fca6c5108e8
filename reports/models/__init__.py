"""Targets that coverage is measured against."""

from reports.models.target import Target

__all__ = ["Target"]
