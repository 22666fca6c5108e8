"""What making one person of two would come to: what is written, what must be chosen, in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models

from people.merging.moves import Move, changing, deleting, making, plain
from people.models import Membership, Person

KEPT, GONE = "kept", "gone"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the two rows say differently. `chosen` is empty until somebody chooses; what
    has a default is only asked, never demanded."""

    key: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str
    hint: str = ""

    @property
    def is_open(self) -> bool:
        return not self.chosen

    @property
    def answer(self) -> str:
        """What was chosen, in words; empty while the question is open."""
        return dict(self.options).get(self.chosen, "")


@dataclass(frozen=True, slots=True)
class Guard:
    """Rows of which nothing new may have come when the merge is undone.

    `lookup` is for `filter`, by keys alone; `words` are in Vietnamese and marked for translation.
    """

    model: str
    lookup: Mapping[str, Any]
    words: str
    keys: tuple[Any, ...] = ()

    def rows(self) -> models.QuerySet[Any]:
        return apps.get_model(self.model)._base_manager.filter(**self.lookup)

    def with_keys(self) -> Guard:
        """As of now."""
        keys = tuple(plain(key) for key in self.rows().order_by("pk").values_list("pk", flat=True))
        return Guard(self.model, self.lookup, self.words, keys)

    def count_new(self) -> int:
        return self.rows().exclude(pk__in=self.keys).count()

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "lookup": dict(self.lookup),
            "words": self.words,
            "keys": list(self.keys),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Guard:
        return cls(content["model"], content["lookup"], content["words"], tuple(content["keys"]))


@dataclass(slots=True)
class MergePlan:
    """Filled in by this room and by those that receive `people_merging`.

    `memberships` are those of the one person, as they will be (rows that nobody saved yet);
    `units` are keys of the units whose people it concerns; `moves_account` tells that somebody else
    will sign in as the kept person.
    """

    kept: Person
    gone: Person
    at: datetime
    choices: Mapping[str, str]
    moves: list[Move] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    consequences: list[str] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    watched: list[models.QuerySet[Any]] = field(default_factory=list)
    handled: set[str] = field(default_factory=set)
    memberships: list[Membership] = field(default_factory=list)
    units: set[int] = field(default_factory=set)
    moves_account: bool = False

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.is_open]

    @property
    def both(self) -> tuple[Person, Person]:
        return self.kept, self.gone

    @property
    def digest(self) -> str:
        """The same while the same would be written, whenever that is."""
        moves = json.dumps([each.as_json() for each in self.moves], sort_keys=True)
        said = moves.replace(plain(self.at), "now")
        return hashlib.sha256(said.encode()).hexdigest()

    def handle(self, *fields: str) -> None:
        """Foreign keys ("courses.Enrolment.person") of which the caller has thought."""
        self.handled.update(each.lower() for each in fields)

    def tell(self, sentence: str) -> None:
        if sentence not in self.consequences:
            self.consequences.append(sentence)

    def ask(
        self,
        key: str,
        label: str,
        options: Sequence[tuple[str, str]],
        *,
        default: str = "",
        hint: str = "",
    ) -> str:
        """What was chosen, or the default; empty while the question is open."""
        chosen = self.choices.get(key, "")
        if chosen not in dict(options):
            chosen = default
        self.questions.append(Question(key, label, options, chosen, hint))
        return chosen

    def change(self, rows: Iterable[models.Model], **after: Any) -> None:
        """By the names of attributes: `person_id=…`."""
        self.moves.extend(changing(rows, after))

    def delete(self, rows: Iterable[models.Model]) -> None:
        self.moves.extend(deleting(row) for row in rows)

    def make(self, rows: Iterable[models.Model]) -> None:
        """Rows that are not stored."""
        self.moves.extend(making(row) for row in rows)

    def guard(self, model: type[models.Model], words: str, **lookup: Any) -> None:
        """New rows of these keep the merge from being undone. `words` name them in Vietnamese and
        are marked by `gettext_noop`."""
        self.guards.append(Guard(model._meta.label_lower, lookup, words))

    def watch(self, rows: models.QuerySet[Any]) -> None:
        """Rows that may change when all that was planned is written; the journal takes it in."""
        self.watched.append(rows)
