"""The trainers' group: writes and publishes courses, deletes nothing."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from people.trainers import TRAINERS

PAGES = ["add_page", "change_page", "publish_page"]
FILES = ["add_image", "change_image", "choose_image", "add_document", "choose_document"]


def ensure_trainers(index: Page) -> Group:
    """What an administrator took from the group since stays taken: only a new group is filled."""
    group, is_new = Group.objects.get_or_create(name=TRAINERS)
    if is_new:
        _fill(group, index)
    return group


def _fill(group: Group, index: Page) -> None:
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        Permission.objects.get(codename="submit_translation"),
    )
    pages = Permission.objects.filter(
        content_type__app_label="wagtailcore", content_type__model="page", codename__in=PAGES
    )
    for permission in pages:
        GroupPagePermission.objects.create(group=group, page=index, permission=permission)
    files = Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILES
    )
    for permission in files:
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )
