"""After any act on a page, the catalogue follows. A page is never taken down by its failure."""

from __future__ import annotations

import logging
from threading import local
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from cms_pages.publishing import sync_catalogue

logger = logging.getLogger(__name__)
_thread = local()


@receiver(page_published, dispatch_uid="cms_pages.sync_published")
@receiver(page_unpublished, dispatch_uid="cms_pages.sync_unpublished")
@receiver(post_page_move, dispatch_uid="cms_pages.sync_moved")
@receiver(post_delete, sender=Page, dispatch_uid="cms_pages.sync_deleted")
def follow_page(**_kwargs: Any) -> None:
    """After the transaction, so that a branch that goes, goes at one instant.

    Deleting a branch deletes one row of `Page` for each page in it.
    """
    following = getattr(_thread, "following", None) or Following()
    _thread.following = following
    transaction.on_commit(following)


class Following:
    """Scheduled for each page of a transaction, done once for all of them.

    Scheduled more than once because a savepoint may take back what was scheduled within it.
    """

    def __init__(self) -> None:
        self.is_done = False

    def __call__(self) -> None:
        if self.is_done:
            return
        self.is_done = True
        _thread.following = None
        try:
            sync_catalogue(at=timezone.now())
        except Exception:
            logger.exception(
                "Pages changed but the catalogue could not follow: run `manage.py sync_catalogue`."
            )
