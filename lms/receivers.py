"""Wagtail's admin has a language setting of its own: it and ours are one choice, made in either."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from wagtail.users.models import UserProfile

from people.models import Language, User


@receiver(pre_save, sender=UserProfile, dispatch_uid="lms.new_profile_speaks_chosen_language")
def speak_chosen_language(instance: UserProfile, **_kwargs: Any) -> None:
    if not instance.preferred_language:
        instance.preferred_language = instance.user.language


@receiver(post_save, sender=UserProfile, dispatch_uid="lms.language_chosen_in_admin")
def follow_profile(instance: UserProfile, *, raw: bool = False, **_kwargs: Any) -> None:
    language = instance.preferred_language
    if language in Language.values and not raw:
        User.objects.filter(pk=instance.user_id).exclude(language=language).update(
            language=language
        )


@receiver(post_save, sender=User, dispatch_uid="lms.language_chosen_on_site")
def follow_account(
    instance: User,
    *,
    created: bool,
    update_fields: frozenset[str] | None,
    **_kwargs: Any,
) -> None:
    """A new account has no profile yet; signing in saves `last_login` alone."""
    if created or (update_fields is not None and "language" not in update_fields):
        return
    UserProfile.objects.filter(user=instance).update(preferred_language=instance.language)
