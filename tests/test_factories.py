"""Every model has a factory, and its rows are valid."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation

from events.models import DisclosedParticipant
from partnerships.models import CurrentVerification
from publishing.models.change import Change
from publishing.publication import Publication, PublicationState
from recommendations.models import CurrentStatus, Reference
from tests import factories
from tests.factories import ActorFactory, recommendation_with_history

FACTORIES: dict[type[Model], Any] = {
    factory._meta.model: factory
    for factory in (getattr(factories, name) for name in factories.__all__ if name.endswith("Factory"))
}
WRITTEN_BY_THE_DATABASE = {Change, CurrentVerification, DisclosedParticipant, Reference, CurrentStatus}
MODELS = [
    model
    for label in ("publishing", "partnerships", "events", "recommendations")
    for model in apps.get_app_config(label).get_models()
    if not model.__name__.endswith("Version") and model not in WRITTEN_BY_THE_DATABASE and model._meta.managed
]
PUBLICATIONS = [model for model in MODELS if issubclass(model, Publication)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_has_a_factory_whose_rows_are_valid(model: type[Model]) -> None:
    row: Any = FACTORIES[model]()
    row.full_clean()
    assert model._default_manager.filter(pk=row.pk).exists()
    assert str(row)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["in_review", "published", "withdrawn"])
@pytest.mark.parametrize("model", PUBLICATIONS, ids=lambda model: model._meta.label)
def test_publication_of_each_state_is_valid(model: type[Publication], state: str) -> None:
    row: Any = FACTORIES[model](**{state: True})
    row.full_clean()
    row.refresh_from_db()
    assert row.state == PublicationState(state)
    assert row.reviewer is None or row.reviewer != row.author


@pytest.mark.django_db
def test_published_recommendation_with_history_names_nothing_unpublished() -> None:
    recommendation = recommendation_with_history(published=True)
    assert {named.state for named in recommendation.references()} == {PublicationState.PUBLISHED}
    assert recommendation.addressees.count() == 2


@pytest.mark.django_db
def test_text_is_written_in_the_original_language_whatever_is_active() -> None:
    with translation.override("ar"):
        actor = ActorFactory(name="Qatar", name_tr="Katar")
    actor.refresh_from_db()
    assert (actor.name_en, actor.name_tr, actor.name_ar) == ("Qatar", "Katar", None)
    turkish = ActorFactory(name="Umman", original_language="tr")
    assert (turkish.name_tr, turkish.name_en) == ("Umman", None)
