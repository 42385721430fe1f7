"""All check constraints are asked about at once, and the errors are those of Django."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.forms import modelform_factory
from django.test.utils import CaptureQueriesContext

from partnerships.models import Actor
from publishing.desk.forms import DeskForm
from tests.factories import ActorFactory, ReviewFactory

pytestmark = pytest.mark.django_db

NO_NOTE = "Say what this version changed; the note is public."
NO_LANGUAGE = "English, Turkish or Arabic."


def questions(captured: CaptureQueriesContext) -> int:
    """How often the database was asked what a row's constraints say."""
    return sum('"_check"' in query["sql"] for query in captured.captured_queries)


def said(validate: Any, *given: Any, **named: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refusal:
        validate(*given, **named)
    return {field: sorted(messages) for field, messages in refusal.value.message_dict.items()}


@pytest.mark.parametrize(("factory", "asked"), [(ReviewFactory, 1), (ActorFactory, 1 + 2)])
def test_row_that_keeps_its_checks_costs_one_question_for_all(factory: Any, asked: int) -> None:
    """And one for each condition of a unique constraint, of which an actor has two."""
    row = factory()
    assert sum(isinstance(one, models.CheckConstraint) for one in row._meta.constraints) > 3
    with CaptureQueriesContext(connection) as captured:
        row.validate_constraints()
    assert questions(captured) == asked


def test_form_of_the_desk_costs_as_little() -> None:
    actor = ActorFactory()
    form = modelform_factory(Actor, form=DeskForm, fields=["name_en", "slug"])(
        {"name_en": "A", "slug": "a"}, instance=actor
    )
    with CaptureQueriesContext(connection) as captured:
        assert form.is_valid()
    assert questions(captured) == 1 + 2


def test_everything_broken_is_said_as_django_says_it() -> None:
    actor = ActorFactory()
    actor.version, actor.original_language = 2, "xx"
    broken = said(actor.validate_constraints)
    assert (broken["what_changed"], broken["original_language"]) == ([NO_NOTE], [NO_LANGUAGE])
    assert broken == said(models.Model.validate_constraints, actor)


def test_field_that_is_not_looked_at_hides_no_other() -> None:
    actor = ActorFactory()
    actor.version, actor.original_language = 2, "xx"
    assert said(actor.validate_constraints, exclude={"original_language"}) == {"what_changed": [NO_NOTE]}


def test_unique_constraints_are_judged_where_every_check_is_kept() -> None:
    first, second = ActorFactory(kind="state", iso_code="QA"), ActorFactory(kind="state")
    second.iso_code = first.iso_code
    with pytest.raises(ValidationError) as refusal:
        second.validate_constraints()
    assert refusal.value.message_dict == said(models.Model.validate_constraints, second)


def test_what_the_database_cannot_tell_of_one_constraint_hides_no_other() -> None:
    actor = ActorFactory()
    actor.version, actor.withdrawal_note = 2, "\0"  # PostgreSQL takes no such character
    assert said(actor.validate_constraints) == {"what_changed": [NO_NOTE]}
