"""Which recommendations a pack is about: those of the list, and never more than the maximum."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import QueryDict

from recommendations.briefing.selection import MAX_RECOMMENDATIONS, TooMuch, UnreadableList, bounded, of_the_tracker
from recommendations.models import Recommendation
from tests.factories import ActorFactory, AddresseeFactory, EventFactory, RecommendationFactory, SeriesFactory

pytestmark = pytest.mark.django_db

PUBLIC = AnonymousUser()


def test_two_thousand_fit_and_one_more_does_not() -> None:
    first = RecommendationFactory(published=True)
    fields = {
        name: getattr(first, name)
        for name in ("event", "author", "reviewer", "state", "published_at", "strength", "title_en", "text_en")
    }
    Recommendation.objects.bulk_create(
        Recommendation(**fields, reference=f"R-1999-{number:04}") for number in range(MAX_RECOMMENDATIONS - 1)
    )
    assert len(of_the_tracker(QueryDict(), user=PUBLIC).keys) == 2_000
    Recommendation.objects.bulk_create([Recommendation(**fields, reference="R-1998-001")])
    with pytest.raises(TooMuch) as refused:
        of_the_tracker(QueryDict(), user=PUBLIC)
    assert refused.value.messages == [
        "These are more than 2000 recommendations, which is too much for one pack. Narrow the list, for example to one"
        " edition, one addressee or one state, and make one pack of each."
    ]


def test_filters_are_the_trackers(editor: User) -> None:
    series = SeriesFactory(published=True, name="Annual dialogue")
    event = EventFactory(published=True, series=series, edition=1, name="First edition")
    chosen = RecommendationFactory(published=True, event=event, strength="key")
    RecommendationFactory(published=True, event=event)
    RecommendationFactory(published=True, strength="key")
    choice = of_the_tracker(QueryDict(f"event={event.slug}&strength=key&after=R-1-1"), user=PUBLIC)
    assert choice.keys == (chosen.pk,)
    assert choice.about.words == "First edition"
    assert choice.in_words() == [("Made at", "First edition"), ("Strength", "Key")]


def test_partner_is_what_the_pack_is_about() -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(published=True), actor__published=True)
    choice = of_the_tracker(QueryDict(f"addressee={addressee.actor.slug}"), user=PUBLIC)
    assert (choice.addressee, choice.thing) == (addressee.actor, addressee.actor)


def test_draft_neither_chooses_nor_is_named(editor: User) -> None:
    event = EventFactory(name="Secret event", slug="secret-event")
    RecommendationFactory(event=event)
    assert of_the_tracker(QueryDict("event=secret-event"), user=editor).about.words == "Secret event"
    with pytest.raises(UnreadableList) as unreadable:
        of_the_tracker(QueryDict("event=secret-event"), user=PUBLIC)
    (problem,) = unreadable.value.problems
    assert (problem.parameter, problem.value) == ("event", "secret-event")
    assert problem.advice == (
        "The pack has nothing to tell of it: there is no recommendation, or none that its reader may see."
    )


@pytest.mark.parametrize("query", ["state=done", "as_of=2099-01-01", "as_of=0000-01-01", "stale=maybe", "topic=nil"])
def test_unknown_filter_is_refused(query: str) -> None:
    with pytest.raises(UnreadableList) as unreadable:
        of_the_tracker(QueryDict(query), user=PUBLIC)
    assert [problem.parameter for problem in unreadable.value.problems] == [query.partition("=")[0]]


def test_bounded_keys_are_those_of_the_rows() -> None:
    rows = {RecommendationFactory().pk, RecommendationFactory().pk}
    ActorFactory()
    assert set(bounded(Recommendation.objects.all())) == rows
