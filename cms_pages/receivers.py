"""After any act on a page, the catalogue follows. A page is never taken down by its failure."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
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
def follow_page(*, instance: Page, **_kwargs: Any) -> None:
    _sync_soon(instance.pk)


@receiver(post_delete, sender=Page, dispatch_uid="cms_pages.sync_deleted")
def follow_deletion(*, instance: Page, **_kwargs: Any) -> None:
    """Every page of a deleted branch has its row in `Page`; together they are followed once."""
    _sync_soon(instance.pk)


def _sync_soon(page_pk: int | None) -> None:
    """After the transaction, so that a branch that goes, goes at one instant."""
    transaction.on_commit(lambda: _sync(page_pk))


def _sync(page_pk: int | None) -> None:
    try:
        sync_catalogue(at=timezone.now())
    except Exception:
        logger.exception(
            "Page %s changed but the catalogue could not follow: run `manage.py sync_catalogue`.",
            page_pk,
        )
