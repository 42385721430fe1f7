"""A briefing pack says what the database says, and nothing that its reader may not see."""

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from partnerships.models import Actor
from recommendations.briefing import selection
from recommendations.briefing.gathering import reference_order
from recommendations.briefing.selection import TooMuch
from recommendations.briefing.turn import Where
from recommendations.lifecycle.states import ImplementationState, ResponseKind, Turn
from recommendations.models import Addressee, Recommendation
from recommendations.querysets.rollup import addressees_with_status
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ConfirmationFactory,
    EventFactory,
    EvidenceFactory,
    InternalNoteFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
)
from tests.recommendations.briefing.reading import AT, pack_of

S, R = ImplementationState, ResponseKind

pytestmark = pytest.mark.django_db


def addressed(**attributes: object) -> Addressee:
    """A published recommendation's addressee, published too."""
    addressee: Addressee = AddresseeFactory(
        recommendation=RecommendationFactory(published=True), actor=ActorFactory(published=True), **attributes
    )
    return addressee


def a_whole_one() -> Recommendation:
    """A published recommendation with an answer, two entries, evidence, a confirmation and a submission."""
    event = EventFactory(published=True, series=SeriesFactory(published=True), edition=1)
    recommendation: Recommendation = RecommendationFactory(published=True, event=event)
    source = SourceFactory(published=True, publisher=ActorFactory(published=True), date="2025-05")
    for _ in range(2):
        addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
        ResponseFactory(addressee=addressee, accepted=True, source=source)
        entry = StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, cited=source, on_behalf_of=addressee.actor)
        InternalNoteFactory(entry=entry)
        SubmissionFactory(addressee=addressee)
    return recommendation


def test_item_says_both_axes_of_an_addressee() -> None:
    series = SeriesFactory(published=True, name="Annual dialogue")
    event = EventFactory(
        published=True, name="First roundtable", series=series, edition=1, start_date=dt.date(2025, 4, 1)
    )
    recommendation = RecommendationFactory(
        published=True,
        reference="R-2025-017",
        title="Meet each year",
        text="They should **meet** each year.",
        event=event,
        strength="key",
        target_date=dt.date(2025, 8, 1),
    )
    addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, name="Qatar"))
    ResponseFactory(addressee=addressee, accepted=True, as_of=dt.date(2025, 6, 2), source=SourceFactory(published=True))
    StatusEntryFactory(
        addressee=addressee,
        state=S.PARTLY_IMPLEMENTED,
        as_of=dt.date(2025, 7, 3),
        what_remains="The second meeting.",
        public_note="A first one was held.",
    )
    pack = pack_of()
    (group,) = pack.open_items
    (item,) = group.items
    assert group.addressee.words == "Qatar"
    assert item.asked.reference == "R-2025-017"
    assert (item.asked.title.words, item.asked.text.words) == ("Meet each year", "They should **meet** each year.")
    assert item.asked.address == "https://majlis.example/recommendations/R-2025-017/"
    assert (item.asked.event.words, item.asked.event_days) == ("First roundtable", "1 April 2025")
    assert (item.asked.series.words, item.asked.edition) == ("Annual dialogue", 1)
    assert (item.response, item.responded_date) == ("Accepted", dt.date(2025, 6, 2))
    assert (item.implementation, item.checked_date) == ("Partly implemented", dt.date(2025, 7, 3))
    assert (item.turn, item.next_step) == ("The addressee's", "What remains has to be done.")
    assert (item.is_overdue, item.is_stale, item.asked.is_draft) == (True, False, False)
    assert [(said.label, said.text.words) for said in item.said] == [
        ("Note", "A first one was held."),
        ("What remains", "The second meeting."),
    ]
    assert (pack.number, pack.states) == (1, (("Partly implemented", 1),))


def test_pack_of_one_partner_counts_what_is_its_own() -> None:
    """It counted what the recommendation came to over all who were asked, beside a table that said otherwise."""
    for own, others in ((S.IN_PROGRESS, S.NOT_STARTED), (S.STALLED, S.IN_PROGRESS), (S.STALLED, S.IN_PROGRESS)):
        recommendation = RecommendationFactory(published=True)
        actor = (
            ActorFactory.create(slug="one", published=True) if own is S.IN_PROGRESS else Actor.objects.get(slug="one")
        )
        StatusEntryFactory(addressee=AddresseeFactory(recommendation=recommendation, actor=actor), state=own)
        StatusEntryFactory(
            addressee=AddresseeFactory(recommendation=recommendation, actor__published=True), state=others
        )
    pack = pack_of("addressee=one")
    assert pack.states == (("In progress", 1), ("Stalled", 2))
    assert sorted(item.implementation for _addressee, item in pack.items()) == ["In progress", "Stalled", "Stalled"]
    assert pack_of().states == (("In progress", 3),)


@pytest.mark.parametrize(
    ("language", "actor", "title", "state"),
    [
        ("en", "Gulf Cooperation Council", "Meet each year", "In progress"),
        ("tr", "Körfez İşbirliği Konseyi", "Her yıl buluşulmalı", "Sürüyor"),
        ("ar", "مجلس التعاون", "عقد لقاء سنوي", "قيد التنفيذ"),
    ],
)
def test_pack_is_in_its_language_whatever_the_page_is(language: str, actor: str, title: str, state: str) -> None:
    recommendation = RecommendationFactory(
        published=True, title="Meet each year", title_tr="Her yıl buluşulmalı", title_ar="عقد لقاء سنوي"
    )
    asked = ActorFactory(
        published=True, name="Gulf Cooperation Council", name_tr="Körfez İşbirliği Konseyi", name_ar="مجلس التعاون"
    )
    StatusEntryFactory(addressee=AddresseeFactory(recommendation=recommendation, actor=asked), state=S.IN_PROGRESS)
    with translation.override("tr" if language == "en" else "en"):
        (group,) = pack_of(language=language).open_items
    assert (group.addressee.words, group.items[0].asked.title.words) == (actor, title)
    assert group.items[0].implementation == state
    assert group.items[0].asked.address.endswith(
        f"/{language}/recommendations/{recommendation.reference}/".replace("/en/", "/")
    )


def test_missing_translation_is_shown_in_its_original_language() -> None:
    recommendation: Any = addressed().recommendation
    item = pack_of(language="ar").open_items[0].items[0]
    assert (item.asked.title.words, item.asked.title.language) == (recommendation.title_en, "en")


def test_addressees_stand_in_the_order_of_the_language() -> None:
    recommendation = RecommendationFactory(published=True)
    for name, turkish in (("Izmir Institute", "İzmir Enstitüsü"), ("Isparta Institute", "Isparta Enstitüsü")):
        AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True, name=name, name_tr=turkish))
    names = {
        language: [group.addressee.words for group in pack_of(language=language).open_items]
        for language in ("en", "tr")
    }
    assert names == {
        "en": ["Isparta Institute", "Izmir Institute"],
        "tr": ["Isparta Enstitüsü", "İzmir Enstitüsü"],  # ı comes before i
    }


def test_references_stand_in_the_order_of_their_numbers() -> None:
    references = ["R-2025-1000", "R-2024-002", "R-2025-999"]
    rows = sorted((Recommendation(reference=reference) for reference in references), key=reference_order)
    assert [row.reference for row in rows] == ["R-2024-002", "R-2025-999", "R-2025-1000"]


def test_pack_on_one_addressee_tells_of_no_other() -> None:
    recommendation = a_whole_one()
    one, other = recommendation.addressees.order_by("pk")
    pack = pack_of(f"addressee={one.actor.slug}")
    assert [group.addressee.words for group in pack.open_items] == [one.actor.name]
    assert {change.addressee.words for change in pack.changes} - {""} == {one.actor.name}
    assert {shown.addressee.words for shown in pack.evidence} == {one.actor.name}
    assert pack.about.words == one.actor.name
    assert other.actor.name not in repr(pack)


def test_what_has_ended_is_no_open_item() -> None:
    for state in (S.NOT_IMPLEMENTED, S.WITHDRAWN, S.NO_LONGER_APPLICABLE):
        StatusEntryFactory(addressee=addressed(), state=state)
    done = StatusEntryFactory(addressee=addressed(), state=S.IMPLEMENTED)
    unconfirmed = StatusEntryFactory(addressee=addressed(), state=S.IMPLEMENTED)
    ConfirmationFactory(entry=done)
    pack = pack_of()
    assert [item.asked.reference for _addressee, item in pack.items()] == [
        unconfirmed.addressee.recommendation.reference
    ]
    assert pack.number == 5


def test_recommendation_to_nobody_is_not_forgotten() -> None:
    whole = RecommendationFactory(published=True)
    part = RecommendationFactory(published=True, parent=whole)
    (group,) = pack_of().open_items
    assert group.addressee.words == ""
    assert [item.asked.reference for item in group.items] == [part.reference]
    assert group.items[0].next_step == "An addressee has to be found."


# Changes


def test_changes_are_what_was_recorded_since_the_day() -> None:
    addressee = addressed()
    ResponseFactory(addressee=addressee, awaiting=True, as_of=dt.date(2025, 5, 14))
    ResponseFactory(
        addressee=addressee,
        noted=True,
        as_of=dt.date(2025, 5, 10),  # true of the world before, and known after
        recorded_at=dt.datetime(2025, 5, 15, tzinfo=dt.UTC),
    )
    entry = StatusEntryFactory(addressee=addressee, state=S.IMPLEMENTED, as_of=dt.date(2025, 6, 1))
    ConfirmationFactory(entry=entry, recorded_at=dt.datetime(2025, 6, 5, tzinfo=dt.UTC))
    assert [(change.recorded_date, change.as_of, change.axis, change.value) for change in pack_of().changes] == [
        (dt.date(2025, 5, 15), dt.date(2025, 5, 10), "Response", "Noted"),
        (dt.date(2025, 6, 1), dt.date(2025, 6, 1), "Implementation", "Implemented"),
        (dt.date(2025, 6, 5), dt.date(2025, 6, 1), "Implementation", "Implemented: confirmed by a second person"),
    ]


def test_correction_is_told_and_what_it_sets_right_is_not() -> None:
    addressee = addressed()
    wrong = StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS)
    StatusEntryFactory(addressee=addressee, state=S.NOT_STARTED, corrects=wrong)
    pack = pack_of()
    assert [(change.value, change.is_correction) for change in pack.changes] == [("Not started", True)]
    assert [item.implementation for _addressee, item in pack.items()] == ["Not started"]


def test_new_recommendation_is_a_change() -> None:
    RecommendationFactory(published=True)
    new = RecommendationFactory(published=True, published_at=dt.datetime(2025, 7, 1, tzinfo=dt.UTC))
    assert [(change.asked.reference, change.axis, change.value) for change in pack_of().changes] == [
        (new.reference, "Recommendation", "Published")
    ]


def test_past_day_knows_nothing_of_later_records() -> None:
    addressee = addressed()
    StatusEntryFactory(addressee=addressee, state=S.NOT_STARTED, as_of=dt.date(2025, 6, 1))
    StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, as_of=dt.date(2025, 7, 1))
    pack = pack_of("as_of=2025-06-30")
    assert (pack.known_on, pack.is_of_the_past) == (dt.date(2025, 6, 30), True)
    assert [item.implementation for _addressee, item in pack.items()] == ["Not started"]
    assert [change.value for change in pack.changes] == ["Not started"]
    assert pack.evidence == ()
    assert [item.implementation for _addressee, item in pack_of().items()] == ["In progress"]


# Evidence


def test_evidence_is_what_a_reader_finds() -> None:
    addressee = addressed()
    source = SourceFactory(
        published=True,
        title="Joint communiqué",
        publisher=ActorFactory(published=True, name="Foreign Ministry"),
        author_name="News desk",
        date="2025-06",
        url="https://example.org/communique",
        accessed_date=dt.date(2025, 6, 9),
    )
    entry = StatusEntryFactory(addressee=addressee, state=S.IN_PROGRESS, cited=False)
    EvidenceFactory(entry=entry, source=source, locator="p. 4", quotation="They agreed.")
    (shown,) = pack_of().evidence
    assert (shown.title.words, shown.publisher.words, shown.author) == (
        "Joint communiqué",
        "Foreign Ministry",
        "News desk",
    )
    assert (shown.date, shown.locator, shown.quotation.words) == ("June 2025", "p. 4", "They agreed.")
    assert (shown.url, shown.accessed_date, shown.has_copy) == (
        "https://example.org/communique",
        dt.date(2025, 6, 9),
        False,
    )
    assert (shown.value, shown.stance, shown.grade) == ("In progress", "Supports", "B2")
    assert shown.nature == "Independent: reported by somebody other than the addressee"


# What its reader may see


def test_pack_for_the_public_holds_no_draft(editor: User) -> None:
    hidden = ActorFactory(name="Hidden Institute")
    recommendation = RecommendationFactory(published=True)
    AddresseeFactory(recommendation=recommendation, actor=hidden)
    draft = RecommendationFactory(title="Draft title")
    response = ResponseFactory(
        addressee=addressed(), accepted=True, source=SourceFactory(title="Hidden source", url="https://hidden.example")
    )
    secrets = ("Hidden Institute", "Draft title", draft.reference, "Hidden source", "hidden.example")
    public = repr(pack_of())
    assert [secret for secret in secrets if secret in public] == []
    assert response.addressee.recommendation.reference in public
    with_drafts = pack_of(user=editor, with_drafts=True)
    assert [secret for secret in secrets if secret not in repr(with_drafts)] == []
    assert {item.asked.reference: item.asked.address for _addressee, item in with_drafts.items()}[draft.reference] == ""


def test_withdrawn_recommendation_is_in_no_pack_for_the_public() -> None:
    kept = addressed()
    AddresseeFactory(recommendation=RecommendationFactory(withdrawn=True), actor=ActorFactory(published=True))
    assert [item.asked.reference for _addressee, item in pack_of().items()] == [kept.recommendation.reference]


# Rules that are the roll-up's too


def test_turn_and_confirmation_agree_with_the_roll_up() -> None:
    """For a single addressee, the roll-up and the pack judge the same thing: over all pairs of state and answer."""
    answers = {"not_sent": {}, "awaiting": {"awaiting": True}, "accepted": {"accepted": True}}
    expected = {}
    for state, (kind, traits), day in product(S, answers.items(), (dt.date(2025, 8, 25), dt.date(2025, 1, 1))):
        addressee = addressed()
        if traits:
            ResponseFactory(addressee=addressee, as_of=day, **traits)
        if state != S.NOT_ASSESSED:
            StatusEntryFactory(addressee=addressee, state=state, as_of=day)
        expected[addressee.recommendation.reference] = (state, kind, day)
    chosen = Recommendation.objects.filter(reference__in=expected).with_rollup(as_of=AT.date())
    rows = {row.reference: row for row in chosen}
    items = {item.asked.reference: item for _addressee, item in pack_of(f"as_of={AT.date()}").items()}
    assert len(rows) == len(expected) == 72
    for reference, row in rows.items():
        if row.turn == Turn.NOBODY:
            assert reference not in items, expected[reference]
        else:
            item = items[reference]
            assert (item.turn, item.is_stale, item.is_overdue) == (
                str(Turn(row.turn).label),
                row.is_stale,
                row.is_overdue,
            ), expected[reference]


def test_series_sets_its_own_patience() -> None:
    patient = SeriesFactory(published=True, stale_months=24, no_response_days=1000)
    for series in (None, patient):
        recommendation = RecommendationFactory(published=True, event__series=series)
        addressee = AddresseeFactory(recommendation=recommendation, actor=ActorFactory(published=True))
        ResponseFactory(addressee=addressee, awaiting=True, as_of=dt.date(2025, 1, 5))
        StatusEntryFactory(addressee=addressee, as_of=dt.date(2025, 1, 6))
    assert [(item.response, item.is_stale) for _addressee, item in pack_of().items()] == [
        ("No response", True),
        ("Awaiting a response", False),
    ]


def test_where_one_stands_is_open_until_it_is_confirmed() -> None:
    facts: dict[str, Any] = {"response": "accepted", "is_stale": False, "is_overdue": False, "target_date": None}
    assert Where(state="implemented", is_confirmed=False, **facts).is_open
    assert not Where(state="implemented", is_confirmed=True, **facts).is_open
    assert not Where(state="superseded", is_confirmed=False, **facts).is_open
    assert Where(state="reversed", is_confirmed=True, **facts).is_open


# How much


def test_reading_costs_the_same_for_one_and_for_three(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    a_whole_one()
    with django_assert_num_queries(13):
        assert pack_of().number == 1
    a_whole_one()
    a_whole_one()
    with django_assert_num_queries(13):
        assert pack_of().number == 3


def test_nothing_chosen_is_an_empty_pack() -> None:
    pack = pack_of("strength=key")
    assert (pack.number, pack.open_items, pack.changes, pack.evidence, pack.states) == (0, (), (), (), ())


def test_too_many_lines_are_refused_and_the_way_out_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    a_whole_one()
    monkeypatch.setattr("recommendations.briefing.gathering.MAX_LINES", 3)
    assert selection.MAX_LINES == 20_000
    with pytest.raises(TooMuch) as refused:
        pack_of()
    assert refused.value.messages == [
        "There are 4 lines of this: changes. One pack has room for 3: narrow the list, or choose a later day for the"
        " changes."
    ]


def test_status_of_addressees_is_read_once_for_all() -> None:
    """The pack's own reading of what stands agrees with the query set's."""
    a_whole_one()
    states = set(addressees_with_status(None, on=AT.date()).values_list("state", flat=True))
    assert {str(S(state).label) for state in states} == {item.implementation for _addressee, item in pack_of().items()}


def test_item_says_how_many_editions_running_asked() -> None:
    series = SeriesFactory(published=True)
    earlier, later = (
        RecommendationFactory(published=True, event=EventFactory(published=True, series=series, edition=edition))
        for edition in (1, 2)
    )
    RecommendationLinkFactory(source=later, target=earlier, type="reiterates")
    AddresseeFactory(recommendation=later, actor=ActorFactory(published=True))
    found = {item.asked.reference: item for group in pack_of().open_items for item in group.items}
    assert (found[earlier.reference].asked.editions_running, found[later.reference].asked.editions_running) == (1, 2)
    assert "It has been asked at 2 editions running: what has kept it from being settled?" in [
        question.words for question in found[later.reference].questions
    ]
