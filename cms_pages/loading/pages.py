"""Writing one page from its source: made once, updated when the source changed, else left alone."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID, uuid5

from django.core.serializers.json import DjangoJSONEncoder
from wagtail.fields import StreamField
from wagtail.models import Locale, Page

from cms_pages.models import LoadedPage, QuizPage

# Never change it: learners' records are found by the keys made from it.
_PAGES = UUID("0f6b1c1e-0f0d-4f0e-9a53-6d1f0a5b7c11")
_EDITORS_KEY = re.compile(r' data-block-key="[^"]*"')
_BLANK_AFTER_START = re.compile(r"(<[bi]>)( +)")
_BLANK_BEFORE_END = re.compile(r"( +)(</[bi]>)")
_BLOCKS = UUID("7c1f8ad4-50c3-4a53-8d0a-2c0f5f1f9e02")


def page_key(name: str) -> UUID:
    """Translation key of a page that comes from files; `name` is its code."""
    return uuid5(_PAGES, name)


def block_id(path: str) -> str:
    """Id of a block: the same for as long as it keeps its place, `KH6-B1/bullets/1`."""
    return str(uuid5(_BLOCKS, path))


@dataclass(frozen=True, slots=True)
class PageSource:
    """What a page should say. `fields` are as the page model takes them.

    `beside` is what the files say and the page has no field for; see `LoadedPage`.
    """

    model: type[Page]
    name: str
    slug: str
    fields: dict[str, Any]
    beside: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> UUID:
        return page_key(self.name)


@dataclass(slots=True)
class PageLoader:
    """Loads pages one after the other and keeps count."""

    at: datetime
    overwrite: bool = False
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: list[str] = field(default_factory=list)
    _known: dict[UUID, LoadedPage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known = {each.page_key: each for each in LoadedPage.objects.all()}

    def load(self, parent: Page | None, source: PageSource) -> Any:
        """The page, in whatever state it is; None if it or its parent was deleted on purpose."""
        page = source.model.objects.filter(
            translation_key=source.key, locale=Locale.get_default(), alias_of=None
        ).first()
        if page is None:
            return self._create(parent, source)
        known = self._known.get(source.key)
        if known and known.source_hash == _source_hash(source) and not self.overwrite:
            self.unchanged += 1
            self._keep_beside(source, known)
        else:
            self._update(page, source, known)
        return page

    def _create(self, parent: Page | None, source: PageSource) -> Page | None:
        if parent is None or (source.key in self._known and not self.overwrite):
            self.kept.append(f"{source.name}: trang đã bị xóa nên không tạo lại")
            return None
        page = source.model(
            slug=source.slug,
            translation_key=source.key,
            locale=Locale.get_default(),
            live=False,
            **source.fields,
        )
        _add_below(parent, page)
        page.save_revision(log_action=True).publish()
        self.created += 1
        self._remember(source, _content_hash(page, source))
        return page

    def _update(self, page: Page, source: PageSource, known: LoadedPage | None) -> None:
        latest = page.get_latest_revision_as_object()
        before, said = _content_hash(latest, source), _said(latest, source)
        for name, value in source.fields.items():
            setattr(latest, name, value)
        if page.live and said == _said(latest, source):
            self.unchanged += 1
            self._remember(source, before)
            return
        if not self.overwrite and (known is None or before != known.content_hash):
            self.kept.append(f"{source.name}: trang đã được sửa khi biên soạn nên giữ nguyên")
            return
        if not self.overwrite and not page.live:
            self.kept.append(f"{source.name}: trang đã được gỡ xuống nên giữ nguyên")
            return
        latest.save_revision(log_action=True).publish()
        self.updated += 1
        self._remember(source, _content_hash(latest, source))

    def _keep_beside(self, source: PageSource, known: LoadedPage) -> None:
        if known.beside != source.beside:
            LoadedPage.objects.filter(pk=known.pk).update(beside=source.beside)

    def _remember(self, source: PageSource, content_hash: str) -> None:
        LoadedPage.objects.update_or_create(
            page_key=source.key,
            defaults={
                "content_hash": content_hash,
                "source_hash": _source_hash(source),
                "beside": source.beside,
                "loaded_at": self.at,
            },
        )


def _add_below(parent: Page, page: Page) -> None:
    """Last, but a lesson that is new goes before the quiz."""
    quiz = QuizPage.objects.child_of(parent).order_by("path").first()
    if quiz is not None and not isinstance(page, QuizPage):
        quiz.add_sibling(pos="left", instance=page)
    else:
        parent.add_child(instance=page)


def _content_hash(page: Page, source: PageSource) -> str:
    return _hash(_stored(page, source))


def _said(page: Page, source: PageSource) -> Any:
    """What a reader sees of it: without ids of blocks and of the editor's paragraphs."""
    return _without_ids(_stored(page, source))


def _stored(page: Page, source: PageSource) -> dict[str, Any]:
    """The fields that the source fills, as the page would store them.

    A stream's JSON is compared as a value: PostgreSQL gives back its keys in another order.
    """
    stored = page.serializable_data()
    return {
        name: json.loads(stored[name])
        if isinstance(page._meta.get_field(name), StreamField)
        else stored[name]
        for name in source.fields
    }


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(each) for key, each in value.items() if key != "id"}
    if isinstance(value, list):
        return [_without_ids(each) for each in value]
    if isinstance(value, str):
        return _as_read(value)
    return value


def _as_read(html: str) -> str:
    """The same for texts that read alike: keys of the editor and odd blanks don't count."""
    text = _EDITORS_KEY.sub("", unescape(html)).replace("\xa0", " ")
    return _BLANK_BEFORE_END.sub(r"\2\1", _BLANK_AFTER_START.sub(r"\2\1", text))


def _source_hash(source: PageSource) -> str:
    return _hash(source.fields)


def _hash(fields: dict[str, Any]) -> str:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()
