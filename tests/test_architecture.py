"""What import-linter can't see: foreign keys given as strings, rooms nobody declared, cascades."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from people.constraints import CONSTRAINTS

ROOT = Path(__file__).resolve().parent.parent
RANK = {
    "people": 0,
    "courses": 1,
    "activities": 2,
    "certificates": 2,
    "cms_pages": 3,
    "reports": 3,
    "lms": 4,
}
LEARNER_RECORDS = {
    "Enrolment",
    "Evidence",
    "ActivityCompletion",
    "ModuleCompletion",
    "CourseCompletion",
    "Attempt",
    "AttemptQuestion",
    "AttemptGrant",
    "Certificate",
    "CertificateModule",
    "Revocation",
    "Membership",
}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if room_of(model) in RANK]


def room_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[0]


def relations(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.get_fields() if field.is_relation and field.concrete]


def test_relations_point_down_only():
    upward = [
        f"{model.__name__}.{field.name} → {field.related_model.__name__}"
        for model in our_models()
        for field in relations(model)
        if room_of(field.related_model) in RANK
        and RANK[room_of(field.related_model)] > RANK[room_of(model)]
    ]
    assert upward == []


def test_neighbours_on_one_floor_hold_no_relations_to_each_other():
    sideways = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in relations(model)
        if room_of(field.related_model) in RANK
        and RANK[room_of(field.related_model)] == RANK[room_of(model)]
        and room_of(field.related_model) != room_of(model)
    ]
    assert sideways == []


def test_every_room_is_declared_to_import_linter():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == set(declared["root_packages"])


def test_nothing_a_learner_did_is_deleted_with_something_else():
    records = [model for model in our_models() if model.__name__ in LEARNER_RECORDS]
    assert {model.__name__ for model in records} == LEARNER_RECORDS
    cascading = [
        f"{model.__name__}.{field.name}"
        for model in records
        for field in relations(model)
        if not field.many_to_many and field.remote_field.on_delete is not models.PROTECT
    ]
    assert cascading == []


def test_no_record_refers_to_a_page():
    pages = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        if room_of(model) != "cms_pages"
        for field in relations(model)
        if field.related_model.__module__.startswith("wagtail")
    ]
    assert pages == []


@pytest.mark.django_db
def test_the_database_holds_what_meta_cannot_say():
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'x'")
            wanted = {constraint.name for constraint in CONSTRAINTS}
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = {f"{c.name}_{event}" for c in CONSTRAINTS for event in ("insert", "update")}
        found = {row[0] for row in cursor.fetchall()}
    assert wanted <= found
