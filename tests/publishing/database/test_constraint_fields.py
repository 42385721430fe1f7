"""A constraint knows the field at which its violation is shown, and migrations do not store that."""

from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model

from partnerships.models import Actor, Membership
from publishing.database.constraints import FieldConstraint
from tests.factories import ActorFactory

OURS = ("partnerships", "events", "recommendations")
OF_THE_FORM = {"what_changed"}
"""Fields of forms alone."""


def constraints() -> list[tuple[type[Model], Any]]:
    models = [model for model in apps.get_models() if model._meta.app_label in OURS]
    return [(model, constraint) for model in models for constraint in model._meta.constraints]


def test_every_constraint_names_a_field_that_there_is() -> None:
    for model, constraint in constraints():
        assert isinstance(constraint, FieldConstraint), constraint.name
        known = {field.name for field in model._meta.get_fields()} | OF_THE_FORM
        assert set(constraint.error_fields(model)) <= known, constraint.name


def test_migrations_hear_nothing_of_the_field() -> None:
    for _model, constraint in constraints():
        path, _args, kwargs = constraint.deconstruct()
        assert path.startswith("django."), constraint.name
        assert "field" not in kwargs
        assert constraint.clone().field == constraint.field


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_text_that_is_missing_is_told_at_the_field_of_its_language(language: str) -> None:
    constraint = next(one for one in Actor._meta.constraints if one.name.endswith("_name_has_original"))
    assert isinstance(constraint, FieldConstraint)
    assert constraint.error_fields(Actor, Actor(original_language=language)) == [f"name_{language}", "name"]


@pytest.mark.django_db
def test_model_tells_a_violation_at_its_field() -> None:
    bloc = ActorFactory(kind="bloc")
    with pytest.raises(ValidationError) as refusal:
        Membership(bloc=bloc, member=bloc).full_clean()
    assert refusal.value.message_dict == {"bloc": ["This cannot be linked to itself."]}
