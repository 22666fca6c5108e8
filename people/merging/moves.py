"""What is written when two people become one, row by row, and how it is taken back exactly.

Rows are reached by the names of their models, so that rooms above can have theirs moved. This is
the one place that changes rows which are otherwise written once: whose a piece of evidence is may
turn out differently; what it says never does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

Values = dict[str, Any]  # by the names of columns' attributes: "person_id"; as JSON has them


class ChangedMeanwhileError(Exception):
    """A row is not as the journal, or the plan, says."""


@dataclass(frozen=True, slots=True)
class Move:
    """Rows that change alike: the fields before and after.

    `before` None: the row is made, and `keys` is empty until it is. `after` None: it is deleted,
    and `before` is all of it.
    """

    model: str
    keys: tuple[Any, ...]
    before: Values | None
    after: Values | None

    @property
    def inverse(self) -> Move:
        return Move(self.model, self.keys, self.after, self.before)

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "keys": list(self.keys),
            "before": self.before,
            "after": self.after,
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Move:
        return cls(content["model"], tuple(content["keys"]), content["before"], content["after"])


def changing(rows: Iterable[models.Model], after: Values) -> Iterator[Move]:
    """A move for the rows that are alike so far; those that say so already have none.

    In an order of their keys, so that the same plan reads the same.
    """
    alike: dict[tuple[Any, ...], tuple[str, Values, list[Any]]] = {}
    wanted = {name: plain(value) for name, value in after.items()}
    for row in rows:
        before = {name: plain(getattr(row, name)) for name in wanted}
        if before != wanted:
            label = row._meta.label_lower
            same = (label, *(repr(value) for value in before.values()))
            alike.setdefault(same, (label, before, []))[2].append(plain(row.pk))
    moves = [
        Move(label, tuple(sorted(keys, key=str)), before, wanted)
        for label, before, keys in alike.values()
    ]
    yield from sorted(moves, key=lambda move: str(move.keys[0]))


def deleting(row: models.Model) -> Move:
    return Move(row._meta.label_lower, (plain(row.pk),), values_of(row), None)


def making(row: models.Model) -> Move:
    """Of a row that is not stored; with a key if it bears one."""
    values = values_of(row)
    if row.pk is None:
        del values[_key_of(type(row))]
    return Move(row._meta.label_lower, (), None, values)


def values_of(row: models.Model) -> Values:
    return {field.attname: plain(getattr(row, field.attname)) for field in _fields(type(row))}


def plain(value: Any) -> Any:
    """As JSON keeps it, to the microsecond."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def values_from(model: type[models.Model], values: Values) -> Values:
    """As the model has them: the inverse of `plain`."""
    return {name: _field(model, name).to_python(value) for name, value in values.items()}


def apply(move: Move) -> Move:
    """Write it; returns it with the keys of what it made.

    Raises `ChangedMeanwhileError` when the rows are not as the move expects them.
    """
    model = _model(move.model)
    if move.before is None:
        row = model(**values_from(model, move.after or {}))
        model._base_manager.bulk_create([row])
        return Move(move.model, (plain(row.pk),), None, values_of(row))
    rows = model._base_manager.filter(pk__in=move.keys)
    found = {plain(row.pk): row for row in rows}
    for key in move.keys:
        if key not in found or not _says(found[key], move.before):
            raise ChangedMeanwhileError(f"{move.model} {key}")
    if move.after is None:
        rows.delete()
    else:
        rows.update(**values_from(model, move.after))
    return move


def changed_since(moves: Sequence[Move]) -> list[models.Model | None]:
    """Rows that are not as these moves left them; None for one that is no more.

    Looks only. Later moves of a row hide earlier ones.
    """
    stored = _stored(moves)
    said: dict[tuple[str, Any], Values | None] = {}
    found: list[models.Model | None] = []
    for move in reversed(moves):
        for key in move.keys:
            where = (move.model, key)
            row = stored.get(where)
            now = said[where] if where in said else (values_of(row) if row else None)
            if not _agree(now, move.after):
                found.append(row)
            said[where] = None if move.before is None else {**(now or {}), **move.before}
    return found


def leaning_on(moves: Sequence[Move]) -> list[models.Model]:
    """Rows, not of these moves, that refer to rows which these moves made."""
    made = [(move.model, key) for move in moves if move.before is None for key in move.keys]
    found: list[models.Model] = []
    for label, key in made:
        for relation in _model(label)._meta.related_objects:
            if relation.many_to_many:
                continue
            other = relation.related_model
            mine = [each for name, each in made if name == other._meta.label_lower]
            leaning = other._base_manager.filter(**{relation.field.name: key})
            found.extend(leaning.exclude(pk__in=mine)[:1])
    return found


def differences(before: dict[Any, models.Model], after: dict[Any, models.Model]) -> list[Move]:
    """Moves that lead from the rows as they were to the rows as they are, by their keys."""
    moves = [
        Move(row._meta.label_lower, (plain(key),), None, values_of(row))
        for key, row in after.items()
        if key not in before
    ]
    for key in before.keys() & after.keys():
        was, now = values_of(before[key]), values_of(after[key])
        changed = {name: value for name, value in now.items() if value != was[name]}
        moves.extend(changing([before[key]], changed))
    return moves


def _stored(moves: Iterable[Move]) -> dict[tuple[str, Any], models.Model]:
    keys: dict[str, set[Any]] = {}
    for move in moves:
        keys.setdefault(move.model, set()).update(move.keys)
    return {
        (label, plain(row.pk)): row
        for label, wanted in keys.items()
        for row in _model(label)._base_manager.filter(pk__in=wanted)
    }


def _agree(now: Values | None, expected: Values | None) -> bool:
    if now is None or expected is None:
        return now is expected
    return all(now.get(name) == value for name, value in expected.items())


def _says(row: models.Model, expected: Values) -> bool:
    return all(plain(getattr(row, name)) == value for name, value in expected.items())


def _model(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _fields(model: type[models.Model]) -> Sequence[models.Field[Any, Any]]:
    return model._meta.concrete_fields


def _field(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    return next(field for field in _fields(model) if field.attname == name)


def _key_of(model: type[models.Model]) -> str:
    key = model._meta.pk
    assert key is not None
    return key.attname
