"""From pages to the catalogue: what is published there is what must be learnt.

The whole tree is read each time and only what differs is written: a dozen queries when nothing
does. So it doesn't matter which signal came, was missed or came twice.
"""

from cms_pages.publishing.drift import Drift, find_drift
from cms_pages.publishing.syncing import sync_catalogue
from cms_pages.publishing.tree import published_tree

__all__ = ["Drift", "find_drift", "published_tree", "sync_catalogue"]
