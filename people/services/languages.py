"""Which language the interface speaks to whom."""

from __future__ import annotations

from people.models import Language, User


def keep_language(account: User, language: Language) -> None:
    """From the next request on, on every device she signs in on."""
    account.language = language
    account.save(update_fields=["language"])
