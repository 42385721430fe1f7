"""The illustration is not mixed with real content, unless somebody insists."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Recommendation, StatusEntry
from tests.factories import ActorFactory, RecommendationFactory

pytestmark = pytest.mark.long


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.django_db
def test_story_is_not_told_among_real_content(published: bool) -> None:
    ActorFactory(published=published)
    with pytest.raises(CommandError) as refused:
        call_command("tell_illustration")
    assert str(refused.value) == (
        "Nothing was told. There are publications in this database (1), and made-up ones would stand among them. "
        "Tell the illustration in a database of its own."
    )
    assert Recommendation.objects.count() == 0


@pytest.mark.django_db
def test_story_is_told_among_real_content_where_one_insists() -> None:
    ours = RecommendationFactory(published=True, reference="R-2022-001", title="Ours")
    call_command("tell_illustration", among_real_content=True, verbosity=0)
    assert Recommendation.objects.count() == 45
    assert Recommendation.objects.get(event__edition=1, event__slug="illustration-1", title_en__contains="every year")
    ours.refresh_from_db()
    assert (ours.reference, ours.title_en, ours.addressees.count()) == ("R-2022-001", "Ours", 0)
    assert StatusEntry.objects.earliest("as_of").as_of == dt.date(2022, 5, 30)
