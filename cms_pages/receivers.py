"""After any act on a page, the catalogue follows. A page is never taken down by its failure."""

from __future__ import annotations

import logging
from typing import Any

from django.db import connection, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms_pages.publishing import sync_catalogue

logger = logging.getLogger(__name__)


@receiver(page_published, dispatch_uid="cms_pages.sync_published")
@receiver(page_unpublished, dispatch_uid="cms_pages.sync_unpublished")
@receiver(post_page_move, dispatch_uid="cms_pages.sync_moved")
@receiver(post_delete, sender=Page, dispatch_uid="cms_pages.sync_deleted")
def follow_page(**_kwargs: Any) -> None:
    """Once, after the transaction, so that a branch that goes, goes at one instant.

    Deleting a branch deletes one row of `Page` for each page in it.
    """
    if not _is_scheduled():
        transaction.on_commit(_sync)


def _is_scheduled() -> bool:
    """By this transaction and at this depth of it: what a savepoint scheduled may yet be undone."""
    depth = set(connection.savepoint_ids)
    return any(
        callback is _sync and savepoints == depth
        for savepoints, callback, *_ in connection.run_on_commit
    )


def _sync() -> None:
    try:
        sync_catalogue(at=timezone.now())
    except Exception:
        logger.exception(
            "Pages changed but the catalogue could not follow: run `manage.py sync_catalogue`."
        )
