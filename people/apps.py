from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = _("Nhân sự")

    def ready(self) -> None:
        post_migrate.connect(_restore_triggers, sender=self)


def _restore_triggers(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """SQLite drops a table's triggers whenever a migration remakes the table."""
    from people.constraints import hold_on_sqlite

    if connections[using].vendor == "sqlite":
        hold_on_sqlite(connections[using])
