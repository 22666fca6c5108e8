"""What every template may use."""

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from lms.sections import SECTIONS, Section, section_at
from lms.styles import PRELOADED_FONTS, base_css
from people.grants import grants_of
from people.models.scope import MANAGING_PEOPLE, ScopeRole
from people.queries.requests import open_requests
from people.queries.second_factor import may_have_second_factor
from people.trainers import TRAINERS


def site(request: HttpRequest) -> dict[str, object]:
    """Name and contact (may be empty), styles and fonts; and, each asked for when first used,
    `is_manager`, `is_author`, `is_trainer`, `has_second_factor` (or may have one), `sees_people`,
    `manages_people`, `open_requests` (how many wait), `sections` (of `/manage/`, empty elsewhere)
    and `section` (where this page is)."""
    viewer = Viewer(request)
    return {
        "SITE_NAME": settings.WAGTAIL_SITE_NAME,
        "SUPPORT_CONTACT": settings.SUPPORT_CONTACT,
        "QUICK_EXIT_URL": settings.QUICK_EXIT_URL,
        "BASE_CSS": base_css(),
        "PRELOADED_FONTS": PRELOADED_FONTS,
        "is_manager": lambda: viewer.is_manager,
        "is_author": lambda: viewer.is_author,
        "is_trainer": lambda: viewer.is_trainer,
        "has_second_factor": lambda: viewer.has_second_factor,
        "sees_people": lambda: viewer.sees_people,
        "manages_people": lambda: viewer.manages_people,
        "open_requests": lambda: viewer.open_requests,
        "sections": lambda: viewer.sections,
        "section": lambda: viewer.section,
    }


class Viewer:
    """What the navigation offers the signed-in person; the pages check rights for themselves."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        user = getattr(request, "user", None)
        self.user = user if user is not None and user.is_authenticated else None

    @property
    def roles(self) -> set[str]:
        """Of the scopes that hold today, which the view may have asked for already."""
        return grants_of(self.request).roles if self.user else set()

    @cached_property
    def groups(self) -> set[str]:
        """Names of the account's groups (1 query); learners are in none."""
        return set(self.user.groups.values_list("name", flat=True)) if self.user else set()

    @property
    def is_superuser(self) -> bool:
        return self.user is not None and self.user.is_superuser

    @property
    def is_manager(self) -> bool:
        return self.is_superuser or bool(self.roles)

    @property
    def has_second_factor(self) -> bool:
        """Or may have one: then her menu leads to it."""
        return self.user is not None and (
            bool(getattr(self.user, "app_key", None))
            or may_have_second_factor(grants_of(self.request))
        )

    @property
    def sees_people(self) -> bool:
        return self.is_superuser or bool(self.roles - {ScopeRole.AGGREGATE_VIEWER})

    @property
    def manages_people(self) -> bool:
        return self.is_superuser or bool(self.roles & MANAGING_PEOPLE)

    @property
    def shares_figures(self) -> bool:
        return self.user is not None and grants_of(self.request).shares_figures

    @property
    def is_author(self) -> bool:
        return self.is_superuser or bool(self.groups)

    @property
    def is_trainer(self) -> bool:
        return TRAINERS in self.groups

    @cached_property
    def open_requests(self) -> int:
        return open_requests(self.user, on=timezone.localdate()) if self.user else 0

    @property
    def section(self) -> Section | None:
        return section_at(self.request.path)

    @property
    def sections(self) -> list[Section]:
        """Where a manager may go from here; whoever only learns is offered none."""
        if self.section is None or not self.is_manager:
            return []
        return [each for each in SECTIONS if getattr(self, each.needs)]
