"""The desk for recommendations: references, addressees, their responses and what they did."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publishing.desk.addresses import add_address, change_address, list_address
from recommendations.models import (
    Addressee,
    Confirmation,
    Evidence,
    Fulfilment,
    InternalNote,
    Recommendation,
    Response,
    StatusEntry,
    Submission,
)
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ConfirmationFactory,
    EventFactory,
    EvidenceFactory,
    InternalNoteFactory,
    PointFactory,
    RecommendationFactory,
    ResponseFactory,
    SeriesFactory,
    SourceFactory,
    StatusEntryFactory,
    SubmissionFactory,
    UserFactory,
    recommendation_with_history,
)
from tests.support.desk import Page

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.django_db


def published(factory: Any, **attributes: Any) -> Any:
    """Published a day ago, so that what is published now is public at the same time."""
    return factory(published=True, published_at=timezone.now() - dt.timedelta(days=1), **attributes)


def add_evidence(page: Page, source: Any) -> None:
    """Fills in the row of evidence that the page begins with."""
    page.fields |= {
        "evidence-0-source": str(source.pk),
        "evidence-0-nature": "primary",
        "evidence-0-stance": "supports",
        "evidence-0-independence_group": "communique",
        "evidence-0-source_reliability": "A",
        "evidence-0-information_credibility": "1",
    }


# Recommendations


def test_next_reference_is_proposed(desk: Desk, editor: User) -> None:
    year = timezone.now().year
    RecommendationFactory(reference=f"R-{year}-007")
    assert desk(editor, Recommendation).fields["reference"] == f"R-{year}-008"


def test_recommendation_is_written_with_its_parts(desk: Desk, editor: User) -> None:
    actor, series = ActorFactory(), SeriesFactory()
    page = desk(editor, Recommendation)
    page.add_row("objectives", position="1", text_en="Trust.", text_ar="الثقة")
    page.add_row("addressees", actor=actor.pk, role="lead", basis="inferred")
    page.add_row("fulfilments", series=series.pk)
    page.send(
        reference="R-2025-001",
        title_en="An annual dialogue",
        text_en="Hold it each year.",
        event=EventFactory().pk,
        strength="key",
    )
    assert page.errors == {}
    recommendation = Recommendation.objects.get()
    assert (recommendation.author, recommendation.objectives.get().text_ar) == (editor, "الثقة")
    assert (recommendation.addressees.get().actor, recommendation.fulfilments.get().series) == (actor, series)


def test_reference_is_permanent(desk: Desk, editor: User) -> None:
    assert "reference" not in desk(editor, RecommendationFactory()).fields


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("R-25-1", "For example R-2025-001."),
        ("R-2025-001", "A first one</a>” has this already (R-2025-001)."),
        ("R-2025-002", "This reference was given before, and is never given again."),
    ],
)
def test_refused_reference_is_told_at_the_reference(desk: Desk, editor: User, reference: str, message: str) -> None:
    RecommendationFactory(reference="R-2025-001", title="A first one")
    RecommendationFactory(reference="R-2025-002").delete()
    page = desk(editor, Recommendation)
    page.send(reference=reference, title_en="A dialogue", text_en="Hold it.", event=EventFactory().pk, strength="key")
    assert message in " ".join(page.errors["reference"])
    assert Recommendation.objects.count() == 1


def test_point_of_another_event_is_refused_at_the_point(desk: Desk, editor: User) -> None:
    page = desk(editor, RecommendationFactory()).send(point=str(PointFactory().pk))
    assert page.errors == {"point": ["The point was made at another event."]}


def test_circle_of_parts_is_refused_at_the_parent(desk: Desk, editor: User) -> None:
    whole = RecommendationFactory()
    part = RecommendationFactory(parent=whole)
    page = desk(editor, whole).send(parent=str(part.pk))
    assert page.errors == {"parent": ["This would lead in a circle back to where it starts."]}


def test_circle_of_links_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    earlier, later = RecommendationFactory(), RecommendationFactory()
    later.links.create(target=earlier, type="reiterates")
    page = desk(editor, earlier)
    page.add_row("links", type="reiterates", target=later.pk)
    assert page.send().errors == {"links-0-target": ["This would lead in a circle back to where it starts."]}


def test_fulfilment_by_two_things_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    page = desk(editor, RecommendationFactory())
    page.add_row("fulfilments", series=SeriesFactory().pk, event=EventFactory().pk)
    assert page.send().errors == {"fulfilments-0-series": ["Name exactly one thing that fulfilled it."]}
    assert not Fulfilment.objects.exists()


def test_text_in_no_language_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    page = desk(editor, RecommendationFactory())
    page.add_row("objectives", position="1")
    assert page.send().errors == {"objectives-0-text_en": ["Write this text in at least one language."]}


def test_page_of_a_recommendation_shows_both_axes_of_each_addressee(desk: Desk, editor: User) -> None:
    recommendation = recommendation_with_history()
    lead, support = recommendation.addressees.order_by("id")
    (panel,) = desk(editor, recommendation).response.context["panels"]
    # The supporter was asked in June 2025, and has not answered since.
    assert [[str(cell) for cell in row.cells[1:4]] for row in panel.rows] == [
        ["Lead", "Accepted", "Implemented"],
        ["Support", "No response", "Not started"],
    ]
    assert [[tool.url for tool in row.tools] for row in panel.rows] == [
        [
            change_address(addressee),
            reverse("admin:recommendations_addressee_update", args=[addressee.pk]),
            add_address(Response, addressee=addressee.pk),
            add_address(StatusEntry, addressee=addressee.pk),
        ]
        for addressee in (lead, support)
    ]


def test_addressee_of_something_public_is_added_with_a_note(desk: Desk, editor: User) -> None:
    recommendation = published(RecommendationFactory, event=published(EventFactory))
    page = desk(editor, recommendation)
    page.add_row("addressees", actor=published(ActorFactory).pk, role="lead", basis="stated")
    assert page.send().errors == {"what_changed": ["Say what changed; the note is public."]}
    assert page.send(what_changed="Names whom it asks.").errors == {}
    recommendation.refresh_from_db()
    assert (recommendation.version, recommendation.addressees.count()) == (2, 1)


# What an addressee answered, and what it did


def test_response_is_recorded(desk: Desk, editor: User) -> None:
    addressee = AddresseeFactory()
    page = desk(editor, Response, addressee=addressee.pk)
    page.send("_save", kind="awaiting", as_of="2025-06-01", channel="letter", recipient="Ministry of Defence")
    assert page.response.redirect_chain == [(change_address(addressee), 302)]
    response = Response.objects.get()
    assert (response.addressee, response.by, response.kind) == (addressee, editor, "awaiting")


@pytest.mark.parametrize(
    ("typed", "refused"),
    [
        (
            {"kind": "awaiting"},
            {"channel": ["Say how it was sent."], "recipient": ["Say to which office it was sent."]},
        ),
        (
            {"kind": "accepted"},
            {"office": ["Say which office accepted."], "source": ["An acceptance needs its source."]},
        ),
        ({"kind": "noted"}, {"words": ["Noted needs the words; it is never inferred from silence."]}),
        ({"kind": "rejected"}, {"reason": ["A rejection needs its reason, or that none was given."]}),
        (
            {"kind": "not_sent", "no_reason_given": "on"},
            {"no_reason_given": ["“No reason given” is for a rejection without a reason."]},
        ),
        ({"kind": "not_sent", "as_of": "2090-01-01"}, {"as_of": ["The as-of date lies in the future."]}),
    ],
)
def test_what_a_response_lacks_is_told_at_each_field(
    desk: Desk, editor: User, typed: dict[str, str], refused: dict[str, list[str]]
) -> None:
    page = desk(editor, Response, addressee=AddresseeFactory().pk)
    assert page.send(**{"as_of": "2025-06-01", **typed}).errors == refused
    assert not Response.objects.exists()


def test_status_is_recorded_with_evidence_and_an_internal_note(desk: Desk, editor: User) -> None:
    addressee, source = AddresseeFactory(), SourceFactory(date="2025-05")
    page = desk(editor, StatusEntry, addressee=addressee.pk)
    add_evidence(page, source)
    page.send("_save", state="in_progress", as_of="2025-06-01", confidence="documented", internal_note="Heard it.")
    assert page.response.redirect_chain == [(change_address(addressee), 302)]
    entry = StatusEntry.objects.get()
    assert (entry.addressee, entry.by, entry.state, entry.confidence) == (
        addressee,
        editor,
        "in_progress",
        "documented",
    )
    evidence, note = Evidence.objects.get(), InternalNote.objects.get()
    assert (evidence.entry, evidence.source, evidence.nature, evidence.grade) == (entry, source, "primary", "A1")
    assert (note.entry, note.text, note.by) == (entry, "Heard it.", editor)


def test_what_refuses_an_entry_is_told_at_its_field(desk: Desk, editor: User) -> None:
    addressee = AddresseeFactory(recommendation__event__start_date=dt.date(2025, 5, 1))
    page = desk(editor, StatusEntry, addressee=addressee.pk)
    (forbidden,) = page.send(state="implemented", as_of="2025-06-01").errors["state"]
    assert forbidden.startswith("After “Not assessed” this cannot come.")
    assert page.send(state="not_started", as_of="2025-04-30").errors == {
        "as_of": ["The event at which this was recommended was on 1 May 2025: give that day or a later one."]
    }
    assert page.send(state="in_progress", as_of="2025-06-01").errors == {
        "__all__": ["Cite a source that supports it and has a date."]
    }
    assert not StatusEntry.objects.exists()
    StatusEntryFactory(addressee=addressee, state="withdrawn", as_of=dt.date(2025, 6, 1))
    assert page.send(state="not_started", as_of="2025-05-31").errors == {
        "as_of": [
            "“Withdrawn (2025-06-01)” is recorded already. Give that day or a later one, "
            "or correct that entry if it is wrong."
        ]
    }
    assert page.send(state="not_started", as_of="2025-06-02").errors == {
        "__all__": ["Follow-up had ceased: only a reviewer takes it up again."],
        "reason": ["Say why."],
    }
    assert StatusEntry.objects.count() == 1


def test_correction_begins_with_the_evidence_of_what_it_corrects(desk: Desk, editor: User) -> None:
    wrong = StatusEntryFactory(state="in_progress", public_note="It begun.", as_of=dt.date(2025, 6, 1))
    cited = wrong.evidence.get()
    page = desk(editor, StatusEntry, addressee=wrong.addressee_id, corrects=wrong.pk)
    assert (page.fields["evidence-0-source"], page.fields["evidence-0-nature"]) == (str(cited.source_id), "independent")
    page.send("_save", public_note="It began.")
    assert page.response.redirect_chain == [(change_address(wrong.addressee), 302)]
    right = StatusEntry.objects.get(corrects=wrong)
    assert (right.public_note, right.evidence.get().source) == ("It began.", cited.source)


def test_status_without_evidence_needs_no_row(desk: Desk, editor: User) -> None:
    page = desk(editor, StatusEntry, addressee=AddresseeFactory().pk)
    assert page.send(state="not_started", as_of="2025-06-01").errors == {}
    assert (StatusEntry.objects.count(), Evidence.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("partly_implemented", {"what_remains": ["Say what remains to be done."]}),
        ("stalled", {"reason": ["Say why."], "last_movement_date": ["Say when something last moved."]}),
        ("implemented_otherwise", {"how_intent_is_met": ["Say how the intent is met."]}),
        ("superseded", {"successor": ["Name the recommendation that takes its place."]}),
    ],
)
def test_what_a_status_lacks_is_told_at_each_field(
    desk: Desk, editor: User, state: str, refused: dict[str, list[str]]
) -> None:
    page = desk(editor, StatusEntry, addressee=AddresseeFactory().pk)
    add_evidence(page, SourceFactory())
    assert page.send(state=state, as_of="2025-06-01").errors == refused
    assert not StatusEntry.objects.exists()
    assert not Evidence.objects.exists()


def test_draft_successor_of_a_public_recommendation_is_refused(desk: Desk, editor: User) -> None:
    recommendation = published(RecommendationFactory, event=published(EventFactory))
    addressee = AddresseeFactory(recommendation=recommendation, actor=published(ActorFactory))
    StatusEntryFactory(addressee=addressee, as_of=dt.date(2025, 5, 30))
    draft = RecommendationFactory(title="Secret talks")
    page = desk(editor, StatusEntry, addressee=addressee.pk)
    page.send(state="superseded", as_of="2025-06-01", successor=draft.pk)
    assert page.errors == {
        "__all__": [
            f'This is public, and names what is not: <a href="{change_address(draft)}">{draft}</a>. Publish that first.'
        ]
    }
    assert StatusEntry.objects.count() == 1


def test_page_of_an_addressee_shows_the_records_of_both_axes(desk: Desk, editor: User) -> None:
    recommendation = recommendation_with_history()
    lead = recommendation.addressees.order_by("id")[0]
    responses, entries, _letters = desk(editor, lead).response.context["panels"]
    assert [str(row.cells[1]) for row in responses.rows] == ["Accepted", "Awaiting a response"]
    assert [str(row.cells[1]) for row in entries.rows] == ["Implemented", "In progress", "Not started"]
    confirmation = Confirmation.objects.get()
    assert [str(row.cells[4]) for row in entries.rows] == [confirmation.by.username, "–", "–"]


def test_page_of_an_entry_shows_its_evidence_and_the_notes_of_the_desk(desk: Desk, editor: User) -> None:
    evidence = EvidenceFactory()
    InternalNoteFactory(entry=evidence.entry, text="Heard on the telephone.")
    html = desk(editor, evidence.entry).response.content.decode()
    assert evidence.source.title in html
    assert "Heard on the telephone." in html


def test_evidence_of_an_entry_is_added_with_it_only(desk: Desk, client_of: ClientOf, administrator: User) -> None:
    evidence = EvidenceFactory()
    page = desk(administrator, evidence.entry)
    assert "evidence-0-source" not in page.fields
    assert client_of(administrator).post(change_address(evidence.entry), {}).status_code == 403


def test_entry_that_says_implemented_is_confirmed_by_somebody_else(
    client_of: ClientOf, editor: User, reviewer: User
) -> None:
    entry = StatusEntryFactory(state="implemented", by=editor)
    address = reverse("admin:recommendations_statusentry_confirm", args=[entry.pk])

    def confirm(person: User) -> list[str]:
        response = client_of(person).post(address, follow=True)
        return [str(message) for message in response.context["messages"]]

    assert confirm(editor) == ["You recorded this entry: somebody else has to confirm it."]
    assert not Confirmation.objects.exists()
    assert confirm(reviewer) == ["The entry is confirmed."]
    assert Confirmation.objects.get().by == reviewer
    assert confirm(reviewer) == [
        "Only an entry that stands and says implemented is confirmed, and only once. "
        "A check that repeats it needs no confirmation."
    ]


def test_confirming_is_offered_to_those_who_may(desk: Desk, editor: User, reviewer: User) -> None:
    entry = StatusEntryFactory(state="implemented", by=editor)

    def offered(person: User, entry: StatusEntry) -> list[str]:
        return [str(tool.label) for tool in desk(person, entry).response.context["tools"]]

    assert offered(editor, entry) == ["Correct this"]
    assert offered(reviewer, entry) == ["Correct this", "Confirm that it is implemented"]
    assert offered(reviewer, ConfirmationFactory().entry) == ["Correct this"]


def test_list_of_entries_is_filtered_by_what_is_to_be_confirmed(client_of: ClientOf, editor: User) -> None:
    waits = StatusEntryFactory(state="implemented")
    ConfirmationFactory()
    StatusEntryFactory()
    corrected = StatusEntryFactory(state="implemented")
    StatusEntryFactory(addressee=corrected.addressee, corrects=corrected)
    page = client_of(editor).get(list_address(StatusEntry, confirmation="needed")).context["cl"]
    assert list(page.result_list) == [waits]


@pytest.mark.parametrize("factory", [ResponseFactory, StatusEntryFactory])
def test_record_is_changed_and_deleted_by_nobody(client_of: ClientOf, factory: Any) -> None:
    record = factory()
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    assert client.post(change_address(record), {"as_of": "2020-01-01"}).status_code == 403
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_delete"
    assert client.post(reverse(name, args=[record.pk]), {"post": "yes"}).status_code == 403


# Submissions


def decide(client: Client, submission: Submission, decision: str, **answers: str) -> Any:
    address = reverse(f"admin:recommendations_submission_{decision}", args=[submission.pk])
    return client.post(address, answers, follow=True)


def test_submission_is_taken_over_on_behalf_of_the_partner(client_of: ClientOf, editor: User) -> None:
    submission, source = SubmissionFactory(note="We began."), SourceFactory(date="2025-05")
    response = decide(client_of(editor), submission, "accept", confidence="documented")
    assert response.context["form"].errors == {
        "__all__": ["Cite a source that supports it.", "Cite a source that supports it and has a date."]
    }
    both = {"source": str(source.pk), "source_url": "https://ministry.example/report"}
    response = decide(client_of(editor), submission, "accept", confidence="documented", **both)
    assert response.context["form"].errors == {"source": ["Give a link or a source that is there, not both."]}
    typed = {"source": str(source.pk), "nature": "own_account", "independence_group": "ministry"}
    response = decide(client_of(editor), submission, "accept", confidence="documented", **typed)
    assert [str(message) for message in response.context["messages"]] == [
        "It is taken over, as an entry on the partner's behalf."
    ]
    entry = StatusEntry.objects.get()
    assert (entry.state, entry.by, entry.on_behalf_of, entry.confidence, entry.public_note) == (
        "in_progress",
        editor,
        submission.addressee.actor,
        "documented",
        "We began.",
    )
    cited = entry.evidence.get()
    assert (cited.source, cited.nature, cited.independence_group) == (source, "own_account", "ministry")
    submission.refresh_from_db()
    assert (submission.decision, submission.decided_by, submission.entry) == ("accepted", editor, entry)


def test_link_of_a_partner_becomes_a_source_that_a_second_person_reads(client_of: ClientOf, editor: User) -> None:
    link = "https://www.ministry.example/report"
    submission = SubmissionFactory(source_url=link, source_title="Our report")
    address = reverse("admin:recommendations_submission_accept", args=[submission.pk])
    form = client_of(editor).get(address).context["form"]
    assert (form["source_url"].value(), form["source_title"].value()) == (link, "Our report")
    typed = {"source_url": link, "source_title": "Our report", "source_date": "2025-05", "nature": "own_account"}
    decide(client_of(editor), submission, "accept", confidence="documented", **typed)
    cited = StatusEntry.objects.get().evidence.get()
    assert (cited.source.title, cited.source.state, cited.nature, cited.independence_group) == (
        "Our report",
        "in_review",
        "own_account",
        "ministry-example",
    )


def test_what_the_proposed_state_needs_is_asked_at_its_field(client_of: ClientOf, editor: User) -> None:
    submission = SubmissionFactory(proposed_state="stalled")
    StatusEntryFactory(addressee=submission.addressee, state="in_progress")
    response = decide(client_of(editor), submission, "accept", confidence="claimed")
    assert response.context["form"].errors == {
        "reason": ["Say why."],
        "last_movement_date": ["Say when something last moved."],
    }
    submission.refresh_from_db()
    assert submission.decision == "pending"
    said = {"reason": "No budget.", "last_movement_date": "2025-05-01"}
    decide(client_of(editor), submission, "accept", confidence="claimed", **said)
    assert submission.addressee.entries.get(state="stalled").reason == "No budget."


def test_submission_that_cannot_come_next_is_refused_in_words(client_of: ClientOf, editor: User) -> None:
    submission = SubmissionFactory(proposed_state="implemented")
    response = decide(client_of(editor), submission, "accept", confidence="claimed")
    (message,) = response.context["form"].errors["__all__"]
    assert message.startswith("After “Not assessed” this cannot come. What can: “Not started”, “In progress”,")
    submission.refresh_from_db()
    assert (submission.decision, StatusEntry.objects.count()) == ("pending", 0)


def test_submission_is_declined_with_a_reason(client_of: ClientOf, editor: User) -> None:
    submission = SubmissionFactory()
    response = decide(client_of(editor), submission, "decline", reason=" ")
    assert response.context["form"].errors == {"reason": ["This field is required."]}
    decide(client_of(editor), submission, "decline", reason="The source says something else.")
    submission.refresh_from_db()
    assert (submission.decision, submission.decision_reason) == ("declined", "The source says something else.")
    assert not StatusEntry.objects.exists()


def test_submission_is_decided_once(client_of: ClientOf, desk: Desk, editor: User) -> None:
    submission = SubmissionFactory(declined=True)
    assert desk(editor, submission).response.context["tools"] == []
    response = decide(client_of(editor), submission, "accept", confidence="claimed")
    assert response.context["form"].errors == {"__all__": ["This submission is already decided."]}


def test_submission_is_altered_by_nobody(client_of: ClientOf) -> None:
    submission = SubmissionFactory()
    client = client_of(UserFactory(is_staff=True, is_superuser=True))
    assert client.get(add_address(Submission)).status_code == 403
    assert client.post(change_address(submission), {"note": "Another."}).status_code == 403


def test_addressees_are_reached_from_their_recommendation(desk: Desk, editor: User) -> None:
    addressee = AddresseeFactory()
    page = desk(editor, addressee.recommendation)
    assert change_address(addressee) in page.response.content.decode()
    assert Addressee not in {
        model["model"] for app in page.client.get("/admin/").context["app_list"] for model in app["models"]
    }
