"""Texts are checked for names of participants, in every way in which they can become public."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation

from events.models import Event, NameRefusal, Participant, Point, PublicName
from events.names.check import (
    REFUSALS_A_DAY,
    REFUSALS_OF_AN_EVENT,
    AskedTooOften,
    NamesSomebody,
    NotYetPublic,
    digest_of,
    refuse_names,
    rooms_of,
    where_named,
)
from partnerships.models import Claim, Source
from publishing import actions
from publishing.acting import Act
from publishing.actions import publish, revise, withdraw
from publishing.models.change import Change
from publishing.public_texts import PublicText
from publishing.publication import Publication, PublicationState
from publishing.refusals import NotAllowed
from publishing.roles import CONVENORS, EDITORS, REVIEWERS
from recommendations.actions import accept_submission, record_response, record_status
from tests import factories
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    ConsentFactory,
    EventFactory,
    NameRefusalFactory,
    ObjectiveFactory,
    OrganiserFactory,
    ParticipantFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    SeriesFactory,
    SessionFactory,
    SourceFactory,
    SubmissionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

NAME = "Nurettin Kızılkaya"
MENTION = "As Dr. Kızılkaya put it, trust grows slowly."
CLEAN = "Trust grows slowly."
LONG_AGO = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def event() -> Event:
    """A public event at which one person was."""
    event: Event = EventFactory(published=True)
    ParticipantFactory(event=event, name=NAME, affiliation="Institute for Delta Studies (IDELS)")
    return event


@pytest.fixture
def reviewing_convenor(db: None) -> User:
    """Knows who was there, and reviews."""
    user: User = UserFactory(username="reviewing_convenor", groups=(CONVENORS, REVIEWERS))
    return user


@pytest.fixture
def editing_convenor(db: None) -> User:
    user: User = UserFactory(username="editing_convenor", groups=(CONVENORS, EDITORS))
    return user


def report_of(event: Event, **said: Any) -> Any:
    return ReportFactory(event=event, **said)


def refusal(act: Callable[[], object]) -> NamesSomebody:
    """The refusal that `act` meets; everything that it did is taken back."""
    with pytest.raises(NamesSomebody) as caught, transaction.atomic():
        act()
    return caught.value


def told(act: Callable[[], object]) -> NamesSomebody:
    """The same, as a page of the desk answers it: the answer is kept."""
    error = refusal(act)
    error.keep()
    return error


# Every way out


def test_report_that_names_somebody_is_not_published(event: Event, reviewer: User) -> None:
    report = report_of(event, summary_ar="الثقة تنمو ببطء.", summary=CLEAN)
    PointFactory(report=report, position=3, text=CLEAN, text_tr="Kızılkaya'nın sözü: güven yavaş büyür.")
    error = refusal(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    assert str(error.findings[0][0].place) == "point 3, text (Turkish)"
    report.refresh_from_db()
    assert report.state == PublicationState.DRAFT


def test_clean_report_is_published(event: Event, reviewer: User) -> None:
    report = report_of(event, summary=CLEAN)
    PointFactory(report=report, text=CLEAN)
    publish(report, act=Act(by=reviewer, at=timezone.now()))
    assert report.state == PublicationState.PUBLISHED


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"title": "A talk with Kızılkaya"}, "title (English)"),
        ({"title_tr": "Kızılkaya ile sohbet"}, "title (Turkish)"),
        ({"summary": "The Institute for Delta Studies disagreed."}, "summary (English)"),
        ({"summary_tr": "IDELS'in görüşü farklıydı."}, "summary (Turkish)"),
        ({"key": "talk-with-kizilkaya"}, "key"),
    ],
)
def test_every_text_of_a_report_is_read(event: Event, reviewing_convenor: User, said: Any, place: str) -> None:
    report = report_of(event, **said)
    error = refusal(lambda: publish(report, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [str(public_text.place) for public_text, _words in error.findings] == [place]


def test_event_is_read_with_its_sessions(reviewing_convenor: User) -> None:
    event = EventFactory(summary=CLEAN, slug="kizilkaya-lecture")
    ParticipantFactory(event=event, name=NAME)
    SessionFactory(event=event, position=2, name="Kızılkaya speaks")
    error = refusal(lambda: publish(event, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [str(public_text.place) for public_text, _words in error.findings] == ["slug", "session 2, name (English)"]


def test_series_is_read_for_everybody_who_was_at_any_of_its_events(reviewing_convenor: User) -> None:
    series = SeriesFactory(description=MENTION)
    EventFactory(series=series, edition=1)
    second = EventFactory(series=series, edition=2)
    ParticipantFactory(event=second, name=NAME)
    error = refusal(lambda: publish(series, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [str(public_text.place) for public_text, _words in error.findings] == ["description (English)"]


def test_recommendation_is_read_with_all_that_hangs_on_it(event: Event, reviewing_convenor: User) -> None:
    recommendation = RecommendationFactory(event=event, text=MENTION, test_of_done_ar="أن يوافق كيزيلكايا على ذلك.")
    ObjectiveFactory(recommendation=recommendation, position=1, text="What Kızılkaya wants.")
    addressee = AddresseeFactory(recommendation=recommendation, actor__published=True)
    record_status(
        addressee,
        state="not_started",
        as_of=dt.date(2025, 6, 1),
        act=Act(by=reviewing_convenor, at=timezone.now()),
        public_note="Asked N. Kızılkaya.",
        internal_note="Kızılkaya is to be asked again.",
    )
    error = refusal(lambda: publish(recommendation, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [str(public_text.place) for public_text, _words in error.findings] == [
        "text (English)",
        "test of done (Arabic)",
        "objective 1, text (English)",
        "status entry, public note",
    ]


def test_what_is_published_along_is_read_too(reviewer: User) -> None:
    event = EventFactory(summary=MENTION)
    ParticipantFactory(event=event, name=NAME)
    report = report_of(event, summary=CLEAN)
    error = refusal(lambda: publish(report, act=Act(by=reviewer, at=timezone.now()), together=True))
    assert error.of == event
    event.refresh_from_db()
    assert event.state == PublicationState.DRAFT


def test_edit_of_what_is_public_is_read_with_its_parts_and_its_note(event: Event, editing_convenor: User) -> None:
    report = ReportFactory(event=event, published=True)

    def add_point() -> None:
        PointFactory(report=report, position=1, text=MENTION)

    error = refusal(lambda: revise(report, by=editing_convenor, note="Kızılkaya asked for it.", parts=add_point))
    assert [str(public_text.place) for public_text, _words in error.findings] == [
        "what changed",
        "point 1, text (English)",
    ]
    assert not Point.objects.exists()


def test_edit_under_an_embargo_is_read(event: Event, editing_convenor: User) -> None:
    report = ReportFactory(event=event, published=True, embargo_until=timezone.now() + dt.timedelta(days=9))
    report.summary_en = MENTION
    assert (
        refusal(lambda: revise(report, by=editing_convenor, note="More.")).shown[0].public_text.column == "summary_en"
    )


@pytest.mark.parametrize("who", ["editor", "reviewer", "administrator", "superuser"])
def test_under_an_embargo_nobody_else_is_told_who_was_there_nor_who_was_not(
    event: Event, request: pytest.FixtureRequest, who: str
) -> None:
    """A text that nobody else sees yet would tell for nothing."""
    person, later = request.getfixturevalue(who), timezone.now() + dt.timedelta(days=9)
    report = ReportFactory(event=event, published=True, embargo_until=later)
    draft = report_of(event, embargo_until=later)
    recommendation = RecommendationFactory(event=event, published=True, embargo_until=later)
    addressee = AddresseeFactory(recommendation=recommendation, actor__published=True)
    said = []
    for words in (MENTION, MENTION.replace("Kızılkaya", "Xylander"), CLEAN):
        report.summary_en = draft.summary_en = words
        actions.save_draft(draft, by=person)
        ways: list[Callable[[], object]] = [
            lambda: revise(report, by=person, note="More."),
            partial(
                record_status, addressee, state="not_started", as_of=dt.date(2025, 6, 1), public_note=words,
                act=Act(by=person, at=timezone.now()),
            ),
        ]  # fmt: skip
        if who != "editor":
            ways.append(lambda: publish(draft, act=Act(by=person, at=timezone.now())))
        for way in ways:
            with pytest.raises(NotYetPublic) as caught, transaction.atomic():
                way()
            caught.value.keep()
            said.append((caught.value.messages, caught.value.findings, caught.value.may_be_overruled))
    ways_each = len(said) // 3
    assert said[:ways_each] == said[ways_each : 2 * ways_each] == said[2 * ways_each :]
    assert not NameRefusal.objects.exists()


@pytest.mark.parametrize("hidden_by", ["the event's withdrawal", "the event's rule", "the session's rule"])
def test_of_what_the_public_cannot_read_nobody_else_is_told(event: Event, editor: User, hidden_by: str) -> None:
    """An answer that costs nothing, for nobody reads the words: the same as under an embargo."""
    session = SessionFactory(event=event)
    report = ReportFactory(event=event, published=True)
    point = PointFactory(report=report, session=session)
    if hidden_by == "the event's withdrawal":
        withdrawn = {"state": "withdrawn", "withdrawn_at": timezone.now(), "withdrawal_note": "Wrong."}
        Event.objects.filter(pk=event.pk).update(**withdrawn)
    elif hidden_by == "the event's rule":
        Event.objects.filter(pk=event.pk).update(attribution_rule="off_record", version_note="Stricter.")
    else:
        type(session).objects.filter(pk=session.pk).update(attribution_rule="off_record")
    for words in (MENTION, CLEAN):

        def reword(words: str = words) -> None:
            point.text_en = words
            point.save()

        with pytest.raises(NotYetPublic), transaction.atomic():
            revise(report, by=editor, note="More.", parts=reword)
    assert not NameRefusal.objects.exists()


def test_note_of_a_withdrawal_is_read(event: Event, reviewing_convenor: User) -> None:
    report = ReportFactory(event=event, published=True, summary=MENTION)
    error = refusal(
        lambda: withdraw(report, act=Act(by=reviewing_convenor, at=timezone.now()), note="Kızılkaya objected.")
    )
    assert [str(public_text.place) for public_text, _words in error.findings] == ["withdrawal note"]
    withdraw(report, act=Act(by=reviewing_convenor, at=timezone.now()), note="It named somebody.")
    assert (report.state, report.withdrawal_note) == (PublicationState.WITHDRAWN, "It named somebody.")


def test_note_that_names_somebody_does_not_stop_a_withdrawal(event: Event, reviewer: User) -> None:
    report = ReportFactory(event=event, published=True, summary=MENTION)
    withdraw(report, act=Act(by=reviewer, at=timezone.now()), note="Kızılkaya objected.")
    report.refresh_from_db()
    assert (report.state, report.withdrawal_note) == (PublicationState.WITHDRAWN, "The reason is not given here.")
    assert "ızılkaya" not in " ".join(Change.objects.values_list("note", flat=True))
    assert NameRefusal.objects.get().by == reviewer


EVERY_KIND = [
    factory
    for factory in (getattr(factories, name) for name in factories.__all__)
    if isinstance(getattr(getattr(factory, "_meta", None), "model", None), type)
    and issubclass(factory._meta.model, Publication)
]


@pytest.mark.parametrize("factory", EVERY_KIND, ids=lambda factory: factory.__name__)
@pytest.mark.parametrize("embargo", [None, dt.timedelta(days=9)])
def test_whatever_was_refused_before_every_kind_can_be_taken_down(
    event: Event, reviewer: User, factory: Any, embargo: dt.timedelta | None
) -> None:
    now = timezone.now()
    NameRefusalFactory.create_batch(REFUSALS_A_DAY, by=reviewer, recorded_at=now)
    NameRefusalFactory.create_batch(REFUSALS_OF_AN_EVENT, events=[event.pk], recorded_at=now)
    own = {"event": event} if any(field.name == "event" for field in factory._meta.model._meta.fields) else {}
    publication = factory(published=True, embargo_until=None if embargo is None else now + embargo, **own)
    if factory._meta.model is Source:
        ReportFactory(event=event, source=publication)
    if factory._meta.model is Claim:
        source = SourceFactory(published=True)
        ReportFactory(event=event, source=source)
        CitationFactory(claim=publication, source=source)
    withdraw(publication, act=Act(by=reviewer, at=timezone.now()), note="It was wrong.")
    publication.refresh_from_db()
    comes_out_of_an_event = bool(list(rooms_of(publication)))
    said = "The reason is not given here." if embargo and comes_out_of_an_event else "It was wrong."
    assert (publication.state, publication.withdrawal_note) == (PublicationState.WITHDRAWN, said)


def test_text_that_would_no_longer_be_taken_does_not_stop_a_withdrawal(event: Event, reviewer: User) -> None:
    """As where a rule was made stricter since: a link whose form is no longer one."""
    source = SourceFactory(published=True)
    Source.objects.filter(pk=source.pk).update(url="no address", version=2, version_note="A link.")
    withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It was wrong.")
    assert source.state == PublicationState.WITHDRAWN


def test_records_of_a_public_recommendation_are_read(event: Event, editor: User) -> None:
    addressee = AddresseeFactory(
        recommendation=RecommendationFactory(event=event, published=True), actor__published=True
    )
    day, now = dt.date(2025, 6, 1), timezone.now()
    response = refusal(
        lambda: record_response(
            addressee,
            kind="awaiting",
            as_of=day,
            channel="Letter",
            recipient="Prof. Kızılkaya",
            act=Act(by=editor, at=now),
        )
    )
    status = refusal(
        lambda: record_status(
            addressee, state="not_started", as_of=day, public_note=MENTION, act=Act(by=editor, at=now)
        )
    )
    submission = SubmissionFactory(addressee=addressee, proposed_state="not_started", note=MENTION)
    taken_over = refusal(lambda: accept_submission(submission, act=Act(by=editor, at=now)))
    assert [str(error.findings[0][0].place) for error in (response, status, taken_over)] == [
        "response, recipient",
        "status entry, public note",
        "status entry, public note",
    ]
    assert not addressee.responses.exists()
    assert not addressee.entries.exists()


def test_records_of_a_draft_wait_for_its_publication(event: Event, editor: User) -> None:
    addressee = AddresseeFactory(recommendation=RecommendationFactory(event=event))
    record_status(
        addressee,
        state="not_started",
        as_of=dt.date(2025, 6, 1),
        public_note=MENTION,
        act=Act(by=editor, at=timezone.now()),
    )
    assert addressee.entries.count() == 1


def test_source_of_a_report_and_claims_on_its_word_are_read_for_names(event: Event, reviewing_convenor: User) -> None:
    source = SourceFactory(note="Signed by N. Kızılkaya of the Institute for Delta Studies.")
    ReportFactory(event=event, source=source)
    claim = ClaimFactory(statement="Nurettin Kizilkaya doubts it.", context="The Institute for Delta Studies does.")
    CitationFactory(claim=claim, source=source)
    for publication in (source, claim):
        error = refusal(partial(publish, publication, act=Act(by=reviewing_convenor, at=timezone.now()), together=True))
        assert (error.of, [one.found.words for one in error.shown]) == (source, ["Kızılkaya"])
    source.note_en = ""
    actions.save_draft(source, by=reviewing_convenor)
    error = refusal(lambda: publish(claim, act=Act(by=reviewing_convenor, at=timezone.now()), together=True))
    assert [one.found.words for one in error.shown] == ["Nurettin Kizilkaya"]


def test_claims_from_elsewhere_may_name_whom_they_like(event: Event, reviewer: User) -> None:
    claim = ClaimFactory(statement=MENTION)
    publish(claim, act=Act(by=reviewer, at=timezone.now()))
    assert claim.state == PublicationState.PUBLISHED


def test_draft_may_say_what_it_likes(event: Event, editor: User) -> None:
    report = report_of(event)
    report.summary_en = MENTION
    actions.save_draft(report, by=editor)
    assert report.state == PublicationState.DRAFT


# Whom it looks for


@pytest.mark.parametrize("spelling", ["Nurettin", "\nNureddin Kizilqaya \n\n نور الدين قزل قايا"])
def test_other_spellings_are_looked_for(reviewer: User, spelling: str) -> None:
    event = EventFactory(summary="نور الدين قزل قايا شكر الحضور." if "\n" in spelling else "Nurettin Bey thanked all.")
    ParticipantFactory(event=event, name="Somebody Else", other_spellings=spelling)
    refusal(lambda: publish(event, act=Act(by=reviewer, at=timezone.now())))


def test_affiliation_that_is_an_actor_is_looked_for_under_all_its_names(reviewing_convenor: User) -> None:
    ActorFactory(
        kind="research_institute",
        name="Centre for Delta Research",
        name_ar="مركز أبحاث الدلتا",
        short_name="CDR",
        short_name_tr="DAM",
    )
    event = EventFactory(summary="CDR", summary_ar="رأي مركز أبحاث الدلتا", summary_tr="DAM'ın görüşü")
    ParticipantFactory(event=event, affiliation="Fellow, Centre for Delta Research")
    error = refusal(lambda: publish(event, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [one.found.words for one in error.shown] == ["CDR", "DAM'ın", "مركز أبحاث الدلتا"]


def test_who_invites_is_no_secret(reviewer: User) -> None:
    host = ActorFactory(kind="research_institute", name="Centre for Delta Research", short_name="CDR", published=True)
    event = EventFactory(name="CDR roundtable", summary="At the Centre for Delta Research.")
    OrganiserFactory(event=event, actor=host)
    ParticipantFactory(event=event, affiliation="Centre for Delta Research (CDR), Doha")
    publish(event, act=Act(by=reviewer, at=timezone.now()))
    assert event.state == PublicationState.PUBLISHED


def test_states_name_is_no_affiliation(reviewer: User) -> None:
    ActorFactory(kind="state", name="Republic of Deltania", iso_code="DE")
    event = EventFactory(summary="The Republic of Deltania votes.")
    ParticipantFactory(event=event, affiliation="Republic of Deltania")
    publish(event, act=Act(by=reviewer, at=timezone.now()))
    assert event.state == PublicationState.PUBLISHED


def consent(participant: Participant, *kinds: str, given: bool = True) -> None:
    for kind in kinds:
        ConsentFactory(participant=participant, disclosure=kind, given=given)


@pytest.mark.parametrize(
    ("rule", "kinds", "may"),
    [
        ("chatham_house", ["attendance", "name"], False),
        ("chatham_house", ["attendance", "name", "quotation"], True),
        ("not_stated", ["attendance"], False),
        ("on_record", ["attendance"], True),
        ("on_record", ["name"], False),
    ],
)
def test_who_consented_may_be_named(reviewer: User, rule: str, kinds: list[str], may: bool) -> None:
    event = EventFactory(summary=MENTION, attribution_rule=rule)
    consent(ParticipantFactory(event=event, name=NAME), *kinds)
    if may:
        publish(event, act=Act(by=reviewer, at=timezone.now()))
    else:
        refusal(lambda: publish(event, act=Act(by=reviewer, at=timezone.now())))


def test_consent_that_was_taken_back_and_stricter_session_count(reviewer: User) -> None:
    event = EventFactory(summary=MENTION, attribution_rule="on_record")
    participant = ParticipantFactory(event=event, name=NAME)
    consent(participant, "attendance")
    consent(participant, "attendance", given=False)
    refusal(lambda: publish(event, act=Act(by=reviewer, at=timezone.now())))
    consent(participant, "attendance")
    SessionFactory(event=event, attribution_rule="chatham_house")
    refusal(lambda: publish(event, act=Act(by=reviewer, at=timezone.now())))


# What it answers, and to whom


def test_convenor_is_shown_the_words_and_all_places(event: Event, reviewing_convenor: User) -> None:
    report = report_of(event, title="Kızılkaya", summary=MENTION)
    error = refusal(lambda: publish(report, act=Act(by=reviewing_convenor, at=timezone.now())))
    assert [(str(public_text.place), words) for public_text, words in error.findings] == [
        ("title (English)", "Kızılkaya"),
        ("summary (English)", "As Dr. Kızılkaya put it, trust grows slowly."),
    ]


@pytest.mark.parametrize("who", ["editor", "reviewer", "administrator", "superuser"])
def test_nobody_else_is_told_words_or_more_than_one_place(
    event: Event, request: pytest.FixtureRequest, who: str
) -> None:
    """Somebody who writes a list of names into a text must not learn which of them were there."""
    person = request.getfixturevalue(who)
    report = ReportFactory(event=event, published=True)
    suspects = [f"Suspect{chr(65 + n)} Xylander{chr(97 + n)}" for n in range(20)]
    report.summary_en = "; ".join([*suspects, NAME])
    report.summary_tr = "Institute for Delta Studies"
    error = refusal(lambda: revise(report, by=person, note="More."))
    assert [(str(public_text.place), words) for public_text, words in error.findings] == [("summary (English)", "")]
    assert error.messages == [
        f"“{report}” names somebody who was there, or their affiliation: summary (English). A convenor can tell you more."
    ]


def test_message_never_has_the_words(event: Event, reviewing_convenor: User) -> None:
    report = report_of(event, title="What Kızılkaya said")
    report.title_en = "Talk"
    error = refusal(
        lambda: refuse_names(
            event, [PublicText("page 1", MENTION)], of=report, act=Act(by=reviewing_convenor, at=timezone.now())
        )
    )
    assert "ızılkaya" not in " ".join(error.messages)


def test_place_is_said_in_the_language_of_the_desk(event: Event, reviewer: User) -> None:
    report = report_of(event, title=MENTION)
    with translation.override("tr"):
        error = refusal(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
        assert str(error.findings[0][0].place) == "başlık (İngilizce)"


def test_answers_are_kept_without_saying_whom(event: Event, editor: User) -> None:
    report = ReportFactory(event=event, published=True)
    report.summary_en = MENTION
    told(lambda: revise(report, by=editor, note="More."))
    kept = NameRefusal.objects.get()
    assert (kept.kind, kept.public_id, kept.by, kept.digests) == (
        "events.report",
        report.public_id,
        editor,
        [digest_of(MENTION)],
    )


def test_after_some_answers_in_a_day_there_are_no_more(event: Event, editor: User) -> None:
    report = ReportFactory(event=event, published=True)
    for _n in range(REFUSALS_A_DAY):
        report.summary_en = MENTION
        told(lambda: revise(report, by=editor, note="More."))
    for summary in (MENTION, CLEAN):
        report.summary_en = summary
        with pytest.raises(AskedTooOften) as caught, transaction.atomic():
            revise(report, by=editor, note="More.")
        assert caught.value.findings == ()


def test_all_together_are_told_only_so_much_about_one_event(
    event: Event, editor: User, reviewer: User, editing_convenor: User
) -> None:
    """Several accounts, and several kinds of texts, do not each begin anew."""
    report = ReportFactory(event=event, published=True)
    NameRefusalFactory.create_batch(REFUSALS_OF_AN_EVENT - 1, events=[0, event.pk], recorded_at=timezone.now())
    NameRefusalFactory.create_batch(3, events=[event.pk], by=editing_convenor, recorded_at=timezone.now())
    NameRefusalFactory.create_batch(3, events=[event.pk], recorded_at=timezone.now() - dt.timedelta(hours=25))
    NameRefusalFactory.create_batch(3, events=[event.pk + 1], recorded_at=timezone.now())
    report.summary_en = MENTION
    assert told(lambda: revise(report, by=editor, note="More.")).events == [event.pk]
    for person in (editor, reviewer):
        with pytest.raises(AskedTooOften), transaction.atomic():
            revise(report, by=person, note="More.")
    refusal(lambda: revise(report, by=editing_convenor, note="More."))


def test_answers_of_yesterday_and_of_others_do_not_count(event: Event, editor: User) -> None:
    NameRefusalFactory.create_batch(REFUSALS_A_DAY, by=editor, recorded_at=timezone.now() - dt.timedelta(hours=25))
    NameRefusalFactory.create_batch(REFUSALS_A_DAY, recorded_at=timezone.now())
    report = ReportFactory(event=event, published=True)
    report.summary_en = CLEAN
    revise(report, by=editor, note="More.")
    assert report.version == 2


def test_convenor_may_ask_as_often_as_they_like(event: Event, editing_convenor: User) -> None:
    NameRefusalFactory.create_batch(REFUSALS_A_DAY, by=editing_convenor, recorded_at=timezone.now())
    report = ReportFactory(event=event, published=True)
    report.summary_en = CLEAN
    revise(report, by=editing_convenor, note="More.")
    assert report.version == 2


# Names that are public anyway

REASON = "He gave the opening speech, which was broadcast."


def test_reviewer_lets_a_name_stand_with_a_reason_that_is_kept(event: Event, reviewer: User) -> None:
    report = report_of(event, summary=MENTION)
    told(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    publish(
        report,
        act=Act(by=reviewer, at=timezone.now(), names_override_reason=f" {REASON} "),
    )
    kept = PublicName.objects.values_list("kind", "public_id", "place", "words", "digest", "reason", "by")
    assert list(kept) == [
        ("events.report", report.public_id, "summary (English)", "kizilkaya", digest_of(MENTION), REASON, reviewer.pk)
    ]
    assert report.state == PublicationState.PUBLISHED


def test_reason_counts_only_for_what_one_was_shown(event: Event, reviewer: User) -> None:
    report = report_of(event, summary=MENTION)
    refusal(
        lambda: publish(
            report,
            act=Act(by=reviewer, at=timezone.now(), names_override_reason=REASON),
        )
    )
    assert not PublicName.objects.exists()


def test_reviewer_is_asked_about_one_passage_after_the_other(event: Event, reviewer: User) -> None:
    report = report_of(event, title="Kızılkaya", summary="The Institute for Delta Studies, says Kızılkaya.")
    first = told(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    second = told(
        lambda: publish(
            report,
            act=Act(by=reviewer, at=timezone.now(), names_override_reason=REASON),
        )
    )
    publish(
        report,
        act=Act(by=reviewer, at=timezone.now(), names_override_reason=REASON),
    )
    assert [str(error.findings[0][0].place) for error in (first, second)] == ["title (English)", "summary (English)"]
    assert set(PublicName.objects.values_list("place", "words")) == {
        ("title (English)", "kizilkaya"),
        ("summary (English)", "kizilkaya"),
        ("summary (English)", "institute for delta studies"),
    }


def test_kept_reason_holds_until_the_passage_changes(event: Event, reviewer: User, editor: User) -> None:
    report = report_of(event, summary=MENTION)
    told(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    publish(
        report,
        act=Act(by=reviewer, at=timezone.now(), names_override_reason=REASON),
    )
    report.title_en = "Another title"
    revise(report, by=editor, note="Another title.")
    report.summary_en = MENTION.replace("slowly", "fast")
    refusal(lambda: revise(report, by=editor, note="Another word."))


def test_kept_reason_is_of_its_publication(event: Event, reviewer: User) -> None:
    report, other = report_of(event, summary=MENTION), report_of(event, summary=MENTION)
    told(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    publish(
        report,
        act=Act(by=reviewer, at=timezone.now(), names_override_reason=REASON),
    )
    refusal(lambda: publish(other, act=Act(by=reviewer, at=timezone.now())))


def test_editor_lets_nothing_stand(event: Event, editor: User, editing_convenor: User) -> None:
    report = ReportFactory(event=event, published=True)
    for person in (editor, editing_convenor):
        report.summary_en = MENTION
        assert told(partial(revise, report, by=person, note="More.")).may_be_overruled is False
        with pytest.raises(NotAllowed), transaction.atomic():
            revise(report, by=person, note="More.", names_override_reason=REASON)
    assert not PublicName.objects.exists()


def test_convenor_who_reviews_lets_all_stand_at_once(event: Event, reviewing_convenor: User) -> None:
    report = report_of(event, title="Kızılkaya", summary="The Institute for Delta Studies.")
    assert told(lambda: publish(report, act=Act(by=reviewing_convenor, at=timezone.now()))).may_be_overruled is True
    publish(
        report,
        act=Act(by=reviewing_convenor, at=timezone.now(), names_override_reason=REASON),
    )
    assert PublicName.objects.count() == 2


def test_reason_leads_to_no_participant(event: Event) -> None:
    for model in (PublicName, NameRefusal):
        assert {field.related_model for field in model._meta.get_fields() if field.is_relation} == {User}


# After publication


def test_participant_recorded_later_is_told_where_the_name_stands(reviewer: User) -> None:
    series = SeriesFactory(published=True, description=MENTION)
    event = EventFactory(published=True, series=series, edition=1, summary=CLEAN)
    report = ReportFactory(event=event, published=True, summary=MENTION)
    PointFactory(report=report, position=7, text_tr="Kızılkaya'ya göre yavaş.")
    RecommendationFactory(event=event, published=True, text=MENTION)
    RecommendationFactory(event=event, text=MENTION)
    ReportFactory(published=True, summary=MENTION)
    participant = ParticipantFactory(event=event, name=NAME)
    ParticipantFactory(event=event, name="Somebody Different")
    found = [
        (publication._meta.model_name, str(named.public_text.place)) for publication, named in where_named(participant)
    ]
    assert found == [
        ("series", "description (English)"),
        ("report", "summary (English)"),
        ("report", "point 7, text (Turkish)"),
        ("recommendation", "text (English)"),
    ]


def test_notes_of_earlier_versions_are_looked_at(editor: User) -> None:
    event = EventFactory(published=True)
    report = ReportFactory(event=event, published=True)
    revise(report, by=editor, note="Corrects what Kızılkaya said.")
    revise(report, by=editor, note="Another word.")
    participant = ParticipantFactory(event=event, name=NAME)
    assert [str(named.public_text.place) for _publication, named in where_named(participant)] == ["note of version 2"]


def test_number_of_queries_does_not_grow_with_participants_and_texts(
    event: Event, django_assert_num_queries: Any
) -> None:
    reviewer = UserFactory(groups=(REVIEWERS,))
    public_texts = [PublicText("here", CLEAN)]
    refuse_names(event, public_texts, of=event, act=Act(by=reviewer, at=timezone.now()))  # and its groups are known
    ParticipantFactory.create_batch(2, event=event, affiliation="Somewhere Institute")
    for _n in range(2):
        with django_assert_num_queries(10):
            refuse_names(event, public_texts, of=event, act=Act(by=reviewer, at=timezone.now()))
        public_texts *= 3
        ParticipantFactory.create_batch(3, event=event, affiliation="Elsewhere Institute")


def test_recorded_reason_needs_a_reason(event: Event, reviewer: User) -> None:
    report = report_of(event, summary=MENTION)
    told(lambda: publish(report, act=Act(by=reviewer, at=timezone.now())))
    refusal(
        lambda: publish(
            report,
            act=Act(by=reviewer, at=timezone.now(), names_override_reason="  "),
        )
    )
    assert not PublicName.objects.exists()
