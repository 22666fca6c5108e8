"""Whom an act on pages would touch, told before it is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from wagtail.models import Locale, Page

from cms_pages.publishing.tree import PublishedTree, Supposing, published_tree
from courses.models import Activity, Module
from courses.queries import people_complete, people_in_progress

Place = tuple[UUID, UUID]  # keys of an activity and of its module


@dataclass(frozen=True, slots=True)
class Consequence:
    """Required activities that a change adds and removes, and the people of the modules it touches.

    `is_module_emptied`: nothing is left of a module, so that nobody can complete it until something
    is published there again or runs no longer name it.
    """

    added: int = 0
    removed: int = 0
    in_progress: int = 0
    complete: int = 0
    is_module_emptied: bool = False

    @property
    def touches_people(self) -> bool:
        return bool((self.added or self.removed) and (self.in_progress or self.complete))


def of_publishing(pages: Iterable[Page], *, with_descendants: bool = False) -> Consequence:
    shown = {page.pk for page in pages}
    if with_descendants:
        for page in pages:
            shown |= set(page.get_descendants().values_list("pk", flat=True))
    return _consequence(Supposing(shown=shown))


def of_removing(pages: Iterable[Page]) -> Consequence:
    """Of unpublishing or deleting: what is below a page goes with it."""
    return _consequence(Supposing(hidden=[page.path for page in pages if _is_structure(page)]))


def of_moving(pages: Iterable[Page], destination: Page) -> Consequence:
    moved = {page.path: destination.path for page in pages if _is_structure(page)}
    return _consequence(Supposing(moved=moved))


def _is_structure(page: Page) -> bool:
    return page.alias_of_id is None and page.locale_id == Locale.get_default().pk


def _consequence(supposing: Supposing) -> Consequence:
    """Before is what the catalogue says: a page being created is live before it is published."""
    before = _registered()
    after = _required(published_tree(supposing), before)
    added, removed = after - before, before - after
    keys = {module for _activity, module in added | removed}
    modules = list(Module.objects.filter(key__in=keys))
    left = {module for _activity, module in after}
    return Consequence(
        added=len(added),
        removed=len(removed),
        in_progress=people_in_progress(modules, at=timezone.now()),
        complete=people_complete(modules),
        is_module_emptied=any(module not in left for _activity, module in removed),
    )


def _registered() -> set[Place]:
    published = Activity.objects.filter(is_published=True, block_key="")
    return set(published.values_list("page_key", "module__key"))


def _required(tree: PublishedTree, registered: set[Place]) -> set[Place]:
    """What would be registered; pages that wait keep what they have."""
    kept = {place for place in registered if place[0] in tree.waiting_keys}
    return kept | {(activity.key, activity.module_key) for activity in tree.activities}
