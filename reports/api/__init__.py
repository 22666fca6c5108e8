"""Figures for machines of other bodies, under `/api/`: read only, with a token, each time noted."""

from reports.api.answers import register
from reports.api.app import api

register(api)

__all__ = ["api"]
