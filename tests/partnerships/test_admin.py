"""The desk for partnerships, claims and their sources: saving, refusals at the field, transitions, records."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.admin.actor import ActorAdmin
from partnerships.models import Actor, Citation, Claim, Instrument, Membership, OfficialPosition, Party, Review, Source
from publishing import actions
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.models.change import Change
from tests.factories import (
    ActorFactory,
    CitationFactory,
    ClaimFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    MembershipFactory,
    PartnershipFactory,
    PartyFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
)
from tests.support.desk import Page
from tests.support.pages import folded

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

PAGE_OF_A_CLAIM = 18
"""Queries of the page of a claim that has reviews and nothing else."""

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def published(factory: Any, **attributes: Any) -> Any:
    """Published a day ago, so that what is published now is public at the same time."""
    return factory(published=True, published_at=timezone.now() - dt.timedelta(days=1), **attributes)


def transition(client: Client, publication: Any, name: str, **answers: str) -> list[str]:
    """Acts on `publication`; what the desk then says."""
    base = f"admin:{publication._meta.app_label}_{publication._meta.model_name}"
    response = client.post(reverse(f"{base}_{name}", args=[publication.pk]), answers, follow=True)
    assert response.status_code == 200
    return [str(message) for message in response.context["messages"]]


# Writing


def test_new_publication_is_a_draft_of_the_person_who_wrote_it(desk: Desk, editor: User) -> None:
    page = desk(editor, Actor).send(name_en="Qatar", name_tr="Katar", name_ar="قطر", slug="qatar", kind="state")
    assert page.errors == {}
    actors: Any = Actor.objects
    written = actors.values_list("name_en", "name_tr", "name_ar", "state", "author", "version").get()
    assert written == ("Qatar", "Katar", "قطر", "draft", editor.pk, 1)


def test_text_inputs_carry_their_language_and_direction(desk: Desk, editor: User) -> None:
    html = desk(editor, Claim).response.content.decode()
    marked = {
        name: re.findall(r'(?:lang|dir)="(\w+)"', tag)
        for tag, name in re.findall(r'(<textarea[^>]*name="(statement_\w\w)"[^>]*>)', html)
    }
    assert {name: sorted(values) for name, values in marked.items()} == {
        "statement_en": ["en", "ltr"],
        "statement_tr": ["ltr", "tr"],
        "statement_ar": ["ar", "rtl"],
    }


def test_publication_and_its_parts_are_saved_together(desk: Desk, editor: User) -> None:
    source = SourceFactory()
    page = desk(editor, Claim)
    page.add_row("citations", source=source.pk, independence_group="dispatch", stance="supports")
    page.fields |= {"citations-0-source_reliability": "B", "citations-0-information_credibility": "2"}
    page.send(statement_en="Talks are held.", kind="occurrence")
    assert page.errors == {}
    assert Citation.objects.values_list("claim__statement_en", "source", "source_reliability").get() == (
        "Talks are held.",
        source.pk,
        "B",
    )


def test_edit_of_a_draft_makes_no_version_and_keeps_the_author(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    page = desk(editor, claim).send(context_en="Said in passing.")
    assert page.errors == {}
    claim.refresh_from_db()
    assert (claim.context_en, claim.version, claim.author == editor) == ("Said in passing.", 1, False)


def test_slug_is_permanent_once_it_was_public(desk: Desk, editor: User) -> None:
    assert "slug" in desk(editor, ActorFactory()).fields
    assert "slug" not in desk(editor, published(ActorFactory)).fields


# Refusals at the field


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        (
            {"quantity_min": "700", "quantity_max": "600", "unit": "soldiers"},
            "quantity_max",
            "The quantity ends below where it starts.",
        ),
        (
            {"currency": "USD"},
            "quantity_min",
            "A quantity has either a unit or a currency, and those only with a quantity.",
        ),
        (
            {"quantity_min": "-1", "unit": "soldiers"},
            "quantity_min",
            "A quantity is not negative.",
        ),
        ({"likelihood": "likely"}, "likelihood", "Only a forecast has a likelihood."),
        (
            {"valid": "2025-13"},
            "valid",
            "“2025-13” is no date we can read. Write 2025, 2025-09, 2025-09-09, 2022~ for “about 2022”, "
            "or a/b for a span.",
        ),
        ({"valid": "2025-09/2025-08"}, "valid", "“2025-09/2025-08” ends before it starts."),
        ({"statement_en": ""}, "statement_en", "Write this text at least in the original language."),
        (
            {"original_language": "tr"},
            "original_language",
            "Nothing is written in this language: choose the one in which you wrote, or write it in this one too.",
        ),
        ({"statement_en": "Talks\0"}, "statement_en", "Null characters are not allowed."),
    ],
    ids=[
        "quantity ends below its start",
        "currency without an amount",
        "negative quantity",
        "likelihood of what is no forecast",
        "date that cannot be",
        "span that ends before it starts",
        "no text at all",
        "no text in the original language",
        "NUL byte",
    ],
)
def test_refusal_of_a_claim_stands_at_its_field(
    desk: Desk, editor: User, typed: dict[str, str], field: str, message: str
) -> None:
    page = desk(editor, Claim).send(**{"statement_en": "Talks are held.", "kind": "occurrence", **typed})
    assert page.errors == {field: [message]}
    assert not Claim.objects.exists()
    for name, value in typed.items():
        if "\0" not in value:
            assert page.fields[name] == value


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"kind": "bloc", "iso_code": "XX"}, "iso_code", "Only a state has an ISO 3166 code, of two capital letters."),
        ({"iso_code": "QA"}, "iso_code", "Another actor has this ISO 3166 code."),
        ({"wikidata_id": "846"}, "wikidata_id", "A letter Q and a number, for example Q846."),
    ],
)
def test_refusal_of_an_actor_stands_at_its_field(
    desk: Desk, editor: User, typed: dict[str, str], field: str, message: str
) -> None:
    ActorFactory(iso_code="QA")
    page = desk(editor, Actor).send(**{"name_en": "Qatar", "slug": "another", "kind": "state", **typed})
    assert message in page.errors[field]
    assert Actor.objects.count() == 1


def test_circle_of_parents_is_refused_at_the_parent(desk: Desk, editor: User) -> None:
    whole = ActorFactory()
    part = ActorFactory(parent=whole)
    page = desk(editor, whole).send(parent=str(part.pk), name_en="Typed and kept")
    assert page.errors == {"parent": ["This would lead in a circle back to where it starts."]}
    assert page.fields["name_en"] == "Typed and kept"
    whole.refresh_from_db()
    assert whole.parent is None


def test_own_parent_is_refused_at_the_parent(desk: Desk, editor: User) -> None:
    actor = ActorFactory()
    page = desk(editor, actor).send(parent=str(actor.pk))
    assert page.errors == {"parent": ["Nothing can be its own parent."]}


def test_membership_that_overlaps_another_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    membership = MembershipFactory(since=dt.date(2020, 1, 1), until=dt.date(2021, 1, 1))
    page = desk(editor, membership.member)
    page.add_row("memberships", bloc=membership.bloc.pk, since="2020-06-01", until="")
    page.send()
    assert page.errors == {"memberships-1-since": ["This actor is already a member of that bloc in these years."]}
    assert Membership.objects.count() == 1


def test_memberships_that_overlap_each_other_are_refused_in_the_second_row(desk: Desk, editor: User) -> None:
    """Neither is in the database yet: only the database itself sees it."""
    member, bloc = ActorFactory(), ActorFactory(kind=Actor.Kind.BLOC)
    page = desk(editor, member)
    page.add_row("memberships", bloc=bloc.pk, since="2020-01-01", until="")
    page.add_row("memberships", bloc=bloc.pk, since="2021-01-01", until="")
    page.send()
    assert page.errors == {"memberships-1-since": ["This actor is already a member of that bloc in these years."]}
    assert page.fields["memberships-0-since"] == "2020-01-01"
    assert not Membership.objects.exists()


def test_membership_that_ends_before_it_starts_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    bloc = ActorFactory(kind=Actor.Kind.BLOC)
    page = desk(editor, ActorFactory())
    page.add_row("memberships", bloc=bloc.pk, since="2021-01-01", until="2020-01-01")
    assert page.send().errors == {"memberships-0-until": ["A membership does not end before it starts."]}


def test_circle_of_links_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    one, other = PartnershipFactory(), PartnershipFactory()
    one.links.create(target=other, type="part_of")
    page = desk(editor, other)
    page.add_row("links", type="part_of", target=one.pk)
    assert page.send().errors == {"links-0-target": ["This would lead in a circle back to where it starts."]}
    assert other.links.count() == 0


def test_party_named_twice_is_refused_in_its_row(desk: Desk, editor: User) -> None:
    party = PartyFactory()
    page = desk(editor, party.partnership)
    page.add_row("parties", actor=party.actor.pk, role="observer")
    assert page.send().errors == {"parties-1-actor": ["This actor already has a part here."]}


def test_parties_that_are_one_actor_are_refused_in_the_second_row(desk: Desk, editor: User) -> None:
    partnership, actor = PartnershipFactory(), ActorFactory()
    page = desk(editor, partnership)
    page.add_row("parties", actor=actor.pk, role="party")
    page.add_row("parties", actor=actor.pk, role="observer")
    assert page.send().errors == {"parties-1-actor": ["This actor already has a part here."]}
    assert not Party.objects.exists()


def test_date_is_taken_away_with_its_bounds(desk: Desk, editor: User) -> None:
    source = SourceFactory(date="2025-09")
    assert source.date_earliest == dt.date(2025, 9, 1)
    page = desk(editor, source).send(date="")
    assert page.errors == {}
    source.refresh_from_db()
    assert (source.date, source.date_earliest, source.date_latest) == ("", None, None)


# Two people at once


def test_second_of_two_who_edit_is_told_and_keeps_what_was_typed(desk: Desk, editor: User, administrator: User) -> None:
    actor = ActorFactory(name="Katar")
    first, second = desk(editor, actor), desk(administrator, actor)
    assert first.send(name_en="Qatar").errors == {}
    second.send(name_en="State of Qatar")
    assert second.errors == {
        "__all__": [
            "“Qatar” was changed since you opened it, and nothing of yours is saved yet. To save what stands here "
            'now, save again. <ul><li><a href="#id_name_en">Name (English)</a>: it says now: “<bdi>Qatar</bdi>”. Yours stands here '
            "still.</li></ul>"
        ]
    }
    assert second.fields["name_en"] == "State of Qatar"
    actor.refresh_from_db()
    assert actor.name_en == "Qatar"
    assert second.send().errors == {}
    actor.refresh_from_db()
    assert actor.name_en == "State of Qatar"


def test_part_that_somebody_else_added_meanwhile_is_noticed(desk: Desk, editor: User, administrator: User) -> None:
    partnership = PartnershipFactory()
    second = desk(administrator, partnership)
    PartyFactory(partnership=partnership)
    assert list(second.send(name_en="Another name").errors) == ["__all__"]


def test_record_that_somebody_appended_meanwhile_is_no_conflict(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    page = desk(editor, claim)
    ReviewFactory(claim=claim)
    assert page.send(context_en="Said in passing.").errors == {}


# What is public changes by versions


def test_edit_of_something_public_needs_a_public_note(desk: Desk, editor: User) -> None:
    actor = published(ActorFactory, name="Katar")
    page = desk(editor, actor).send(name_en="Qatar")
    assert page.errors == {"what_changed": ["Say what changed; the note is public."]}
    assert page.fields["name_en"] == "Qatar"
    actor.refresh_from_db()
    assert (actor.name_en, actor.version) == ("Katar", 1)


def test_edit_of_something_public_with_its_parts_is_one_version(desk: Desk, editor: User) -> None:
    partnership = published(PartnershipFactory)
    actors = [published(ActorFactory), published(ActorFactory)]
    page = desk(editor, partnership)
    for actor in actors:
        page.add_row("parties", actor=actor.pk, role="party")
    page.send(summary_en="Both met.", what_changed="Names the parties.")
    assert page.errors == {}
    partnership.refresh_from_db()
    assert (partnership.version, partnership.version_note) == (2, "Names the parties.")
    assert partnership.parties.count() == 2
    told = Change.objects.filter(public_id=partnership.public_id, event="changed").values_list("version", "note")
    assert list(told) == [(2, "Names the parties.")]


def test_part_alone_changes_something_public_too(desk: Desk, editor: User) -> None:
    partnership = published(PartnershipFactory)
    party = PartyFactory(partnership=partnership, actor=published(ActorFactory))
    page = desk(editor, partnership).send(**{"parties-0-role": "observer"})
    assert page.errors == {"what_changed": ["Say what changed; the note is public."]}
    party.refresh_from_db()
    assert party.role == "party"
    assert page.send(what_changed="It only observes.").errors == {}
    party.refresh_from_db()
    partnership.refresh_from_db()
    assert (party.role, partnership.version) == ("observer", 2)


def test_saving_something_public_unchanged_makes_no_version(desk: Desk, editor: User) -> None:
    actor = published(ActorFactory)
    assert desk(editor, actor).send().errors == {}
    actor.refresh_from_db()
    assert actor.version == 1


def test_draft_is_not_given_away_by_what_is_public(desk: Desk, editor: User) -> None:
    claim, source = published(ClaimFactory), SourceFactory(title="Secret talks")
    page = desk(editor, claim)
    page.add_row("citations", source=source.pk, independence_group="dispatch", stance="supports")
    page.fields |= {"citations-0-source_reliability": "F", "citations-0-information_credibility": "6"}
    page.send(what_changed="Adds a source.")
    assert page.errors == {
        "__all__": [
            f'This is public, and names what is not: <a href="{change_address(source)}">Secret talks</a>. '
            "Publish that first."
        ]
    }
    claim.refresh_from_db()
    assert (claim.version, claim.citations.count()) == (1, 0)


def test_source_published_later_than_the_claim_is_cited(desk: Desk, editor: User) -> None:
    claim = published(ClaimFactory)
    source = SourceFactory(published=True, published_at=timezone.now() - dt.timedelta(minutes=1))
    page = desk(editor, claim)
    page.add_row("citations", source=source.pk, independence_group="dispatch", stance="supports")
    page.fields |= {"citations-0-source_reliability": "F", "citations-0-information_credibility": "6"}
    assert page.send(what_changed="Adds a source.").errors == {}
    assert claim.citations.count() == 1


def test_citation_of_a_withdrawn_source_stays_or_is_taken_away(desk: Desk, editor: User, reviewer: User) -> None:
    claim = published(ClaimFactory)
    source = CitationFactory(claim=claim, source=published(SourceFactory)).source
    actions.withdraw(source, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    page = desk(editor, claim)
    assert page.send(context_en="More.", what_changed="More.").errors == {}
    assert claim.citations.count() == 1
    assert page.send(**{"citations-0-DELETE": "on"}, what_changed="Less.").errors == {}
    assert claim.citations.count() == 0


def test_withdrawn_publication_is_looked_at_only(desk: Desk, editor: User, client_of: ClientOf) -> None:
    actor = ActorFactory(withdrawn=True)
    page = desk(editor, actor)
    assert "name_en" not in page.fields
    assert client_of(editor).post(change_address(actor), {"name_en": "Qatar"}).status_code == 403


# Transitions


@pytest.mark.parametrize(
    ("state", "person", "offered"),
    [
        ("draft", "editor", ["submit"]),
        ("draft", "reviewer", ["submit", "publish"]),
        ("draft", "administrator", ["submit", "publish"]),
        ("draft", "author", ["submit"]),
        ("in_review", "editor", ["return"]),
        ("in_review", "reviewer", ["return", "publish"]),
        ("in_review", "author", ["return"]),
        ("published", "editor", []),
        ("published", "reviewer", ["withdraw"]),
        ("published", "author", ["withdraw"]),
        ("withdrawn", "editor", []),
        ("withdrawn", "reviewer", ["publish"]),
    ],
)
def test_page_offers_the_transitions_of_this_state_to_this_person(
    desk: Desk, request: pytest.FixtureRequest, state: str, person: str, offered: list[str]
) -> None:
    who: User = request.getfixturevalue("reviewer" if person == "author" else person)
    actor = ActorFactory(
        author=who if person == "author" else UserFactory(), **{state: True} if state != "draft" else {}
    )
    life = desk(who, actor).response.context["life"]
    assert [step["transition"].name for step in life["transitions"]] == offered


def test_draft_is_submitted_returned_and_published(client_of: ClientOf, editor: User, reviewer: User) -> None:
    actor = ActorFactory(name="Qatar", author=editor)
    assert transition(client_of(editor), actor, "submit") == ["“Qatar” waits for review."]
    assert transition(client_of(reviewer), actor, "return") == ["“Qatar” is a draft again."]
    assert transition(client_of(reviewer), actor, "publish") == ["“Qatar” is published."]
    actor.refresh_from_db()
    assert (actor.state, actor.reviewer) == ("published", reviewer)
    logged = LogEntry.objects.filter(object_id=str(actor.pk)).order_by("pk").values_list("change_message", flat=True)
    assert list(logged) == ["Submit for review", "Return to draft", "Publish"]


def test_saving_and_submitting_are_one_step(desk: Desk, editor: User) -> None:
    page = desk(editor, Actor).send("_submit", name_en="Qatar", slug="qatar", kind="state")
    assert page.said == ["“Qatar” waits for review."]
    assert Actor.objects.get().state == "in_review"


def test_author_does_not_publish(client_of: ClientOf, reviewer: User) -> None:
    actor = ActorFactory(name="Qatar", author=reviewer, in_review=True)
    said = transition(client_of(reviewer), actor, "publish")
    assert said == ["You wrote “Qatar”: somebody else has to review and publish it."]
    actor.refresh_from_db()
    assert actor.state == "in_review"


def test_editor_does_not_publish(client_of: ClientOf, editor: User) -> None:
    actor = ActorFactory(in_review=True)
    said = transition(client_of(editor), actor, "publish")
    assert said == ["Only reviewers and administrators publish and withdraw."]
    actor.refresh_from_db()
    assert actor.state == "in_review"


def test_transition_out_of_another_state_is_explained(client_of: ClientOf, editor: User) -> None:
    actor = published(ActorFactory, name="Qatar")
    assert transition(client_of(editor), actor, "submit") == ["“Qatar” is in the state “Published”; this needs: Draft."]


def test_publishing_names_the_drafts_that_go_with_it_and_offers_to_publish_both(
    client_of: ClientOf, reviewer: User
) -> None:
    parent = ActorFactory(name="Gulf Cooperation Council")
    actor = ActorFactory(name="Qatar", parent=parent)
    client = client_of(reviewer)
    address = reverse("admin:partnerships_actor_publish", args=[actor.pk])
    html = folded(client.get(address).content.decode())
    assert f'<a href="{change_address(parent)}">Gulf Cooperation Council</a> – Draft' in html
    assert 'name="together"' in html
    said = transition(client, actor, "publish")
    assert said == [
        f'“Qatar” was not published: it names what is not public yet: <a href="{change_address(parent)}">'
        "Gulf Cooperation Council</a>. Publish those first, or all together."
    ]
    assert transition(client, actor, "publish", together="1") == ["“Qatar” is published."]
    assert set(Actor.objects.values_list("state", flat=True)) == {"published"}


def test_withdrawal_needs_a_note(client_of: ClientOf, reviewer: User) -> None:
    actor = published(ActorFactory, name="Qatar")
    client = client_of(reviewer)
    address = reverse("admin:partnerships_actor_withdraw", args=[actor.pk])
    response = client.post(address, {"note": " "})
    assert response.context["form"].errors == {"note": ["This field is required."]}
    actor.refresh_from_db()
    assert actor.state == "published"
    assert transition(client, actor, "withdraw", note="A misreading.") == [
        "“Qatar” is withdrawn; its address now says so and why."
    ]
    actor.refresh_from_db()
    assert (actor.state, actor.withdrawal_note) == ("withdrawn", "A misreading.")


def test_transition_needs_the_right_to_change(client_of: ClientOf) -> None:
    actor = ActorFactory()
    bystander = UserFactory(is_staff=True)
    response = client_of(bystander).post(reverse("admin:partnerships_actor_submit", args=[actor.pk]))
    assert response.status_code == 403
    actor.refresh_from_db()
    assert actor.state == "draft"


def test_states_of_several_change_through_the_list(client_of: ClientOf, reviewer: User) -> None:
    mine = ActorFactory(name="Mine", author=reviewer)
    child = ActorFactory(name="Child", parent=ActorFactory(name="Parent"))
    client = client_of(reviewer)

    def act(action: str, *chosen: Actor) -> list[str]:
        data = {"action": action, "_selected_action": [str(actor.pk) for actor in chosen]}
        response = client.post(list_address(Actor), data, follow=True)
        return sorted(str(message) for message in response.context["messages"])

    assert act("submit_selected", mine, child) == ["“Child” waits for review.", "“Mine” waits for review."]
    assert act("publish_selected_together", mine, child) == [
        "You wrote “Mine”: somebody else has to review and publish it.",
        "“Child” is published.",
    ]
    actors: Any = Actor.objects
    states = dict(actors.values_list("name_en", "state"))
    assert states == {"Mine": "in_review", "Child": "published", "Parent": "published"}


def test_list_offers_publishing_to_reviewers_only(client_of: ClientOf, editor: User, reviewer: User) -> None:
    ActorFactory()

    def offered(person: User) -> list[str]:
        form = client_of(person).get(list_address(Actor)).context["action_form"]
        return [name for name, _label in form.fields["action"].choices if name]

    assert offered(editor) == ["submit_selected", "return_selected"]
    assert offered(reviewer) == [
        "submit_selected",
        "return_selected",
        "publish_selected",
        "publish_selected_together",
    ]


# Deleting


def test_only_drafts_that_were_never_public_are_deleted(client_of: ClientOf, administrator: User) -> None:
    client = client_of(administrator)
    draft, submitted, public = ActorFactory(), ActorFactory(in_review=True), published(ActorFactory)
    answers = {}
    for actor in (draft, submitted, public):
        address = reverse("admin:partnerships_actor_delete", args=[actor.pk])
        answers[actor.pk] = client.post(address, {"post": "yes"}).status_code
    assert answers == {draft.pk: 302, submitted.pk: 403, public.pk: 403}
    assert set(Actor.objects.values_list("pk", flat=True)) == {submitted.pk, public.pk}


def test_deleting_what_others_name_is_explained(client_of: ClientOf, administrator: User) -> None:
    party = PartyFactory()
    address = reverse("admin:partnerships_actor_delete", args=[party.actor.pk])
    html = client_of(administrator).post(address, {"post": "yes"}).content.decode()
    assert "would require deleting the following protected related objects" in html
    assert Party.objects.exists()


def test_deleting_what_was_published_meanwhile_is_explained(
    client_of: ClientOf, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = published(ActorFactory)
    monkeypatch.setattr(ActorAdmin, "has_delete_permission", lambda *arguments: True)
    address = reverse("admin:partnerships_actor_delete", args=[actor.pk])
    response = client_of(administrator).post(address, {"post": "yes"}, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "What was published is withdrawn, never deleted."
    ]
    assert Actor.objects.exists()


# Parts with a page of their own


def test_instrument_of_something_public_needs_a_note(desk: Desk, editor: User) -> None:
    partnership = published(PartnershipFactory)
    page = desk(editor, Instrument, partnership=partnership.pk)
    page.add_row("obligations", obligation="unspecified")
    page.send(name_en="Defence agreement", slug="defence-agreement")
    assert page.errors == {"what_changed": ["Say what changed; the note is public."]}
    assert not Instrument.objects.exists()
    page.send(what_changed="Adds the agreement.")
    assert page.errors == {}
    partnership.refresh_from_db()
    assert (partnership.version, partnership.instruments.get().obligations.count()) == (2, 1)


def test_instrument_of_a_draft_is_just_saved(desk: Desk, editor: User) -> None:
    instrument = InstrumentFactory()
    page = desk(editor, instrument)
    assert "what_changed" not in page.fields
    page.add_row("citations", source=SourceFactory().pk, independence_group="dispatch", stance="supports")
    page.fields |= {"citations-0-source_reliability": "F", "citations-0-information_credibility": "6"}
    assert page.send(type="agreement").errors == {}
    instrument.refresh_from_db()
    assert (instrument.type, instrument.citations.count(), instrument.partnership.version) == ("agreement", 1, 1)


def test_party_has_its_sources_on_a_page_of_its_own(desk: Desk, editor: User) -> None:
    party = PartyFactory()
    assert change_address(party) in desk(editor, party.partnership).response.content.decode()
    page = desk(editor, party)
    page.add_row("citations", source=SourceFactory().pk, independence_group="dispatch", stance="supports")
    page.fields |= {"citations-0-source_reliability": "F", "citations-0-information_credibility": "6"}
    assert page.send().errors == {}
    assert party.citations.count() == 1


def test_part_of_something_withdrawn_is_looked_at_only(client_of: ClientOf, editor: User) -> None:
    party = PartyFactory(partnership=PartnershipFactory(withdrawn=True))
    assert client_of(editor).post(change_address(party), {"role": "observer"}).status_code == 403


# Records


def test_review_is_recorded_by_the_person_who_sends_it(desk: Desk, editor: User) -> None:
    claim = published(ClaimFactory)
    page = desk(editor, Review, claim=claim.pk)
    page.send("_save", status="unverified", reason="One unsigned source.", as_of="2025-06-01")
    assert page.response.redirect_chain == [(change_address(claim), 302)]
    review = Review.objects.get()
    assert (review.claim, review.by, review.status, review.as_of) == (claim, editor, "unverified", dt.date(2025, 6, 1))
    assert review.decided_at == review.recorded_at
    claim.refresh_from_db()
    assert claim.version == 1


def test_refusal_of_a_review_stands_at_its_field(desk: Desk, editor: User) -> None:
    page = desk(editor, Review, claim=ClaimFactory().pk)
    page.send(status="unverified", reason="", as_of="2090-01-01")
    assert page.errors == {"reason": ["This field is required."], "as_of": ["The as-of date lies in the future."]}
    assert not Review.objects.exists()


def test_confirmation_without_its_source_is_refused_at_the_source(desk: Desk, editor: User) -> None:
    page = desk(editor, OfficialPosition, claim=ClaimFactory().pk)
    page.send(government=ActorFactory().pk, position="confirmed", as_of="2025-06-01")
    assert page.errors == {"source": ["A confirmation or a denial needs the source in which it was made."]}
    assert page.send(position="silent").errors == {}
    assert OfficialPosition.objects.get().position == "silent"


def test_position_of_a_draft_actor_on_a_public_claim_is_refused(desk: Desk, editor: User) -> None:
    claim, government = published(ClaimFactory), ActorFactory(name="Qatar")
    page = desk(editor, OfficialPosition, claim=claim.pk)
    page.send(government=government.pk, position="silent", as_of="2025-06-01")
    assert page.errors == {
        "__all__": [
            f'This is public, and names what is not: <a href="{change_address(government)}">Qatar</a>. '
            "Publish that first."
        ]
    }
    assert not OfficialPosition.objects.exists()


def test_correction_starts_with_what_it_corrects(desk: Desk, editor: User) -> None:
    review = ReviewFactory(status="corroborated", reason="Two sources.", as_of=dt.date(2025, 6, 1))
    other = ReviewFactory()
    page = desk(editor, Review, claim=review.claim.pk, corrects=review.pk)
    started = {name: page.fields[name] for name in ("claim", "status", "reason", "as_of", "corrects")}
    assert started == {
        "claim": str(review.claim.pk),
        "status": "corroborated",
        "reason": "Two sources.",
        "as_of": "2025-06-01",
        "corrects": str(review.pk),
    }
    page.send(corrects=str(other.pk))
    assert page.errors == {"corrects": ["Select a valid choice. That choice is not one of the available choices."]}
    assert page.send(corrects=str(review.pk), status="unverified").errors == {}
    assert Review.objects.get(corrects=review).status == "unverified"
    again = desk(editor, Review, claim=review.claim.pk, corrects=review.pk).send(status="disputed")
    assert again.errors == {"corrects": ["This was corrected already: correct what stands in its place."]}


@pytest.mark.parametrize("factory", [ReviewFactory, InstrumentActionFactory])
def test_record_is_changed_and_deleted_by_nobody(client_of: ClientOf, factory: Any) -> None:
    record = factory()
    root = UserFactory(is_staff=True, is_superuser=True)
    client = client_of(root)
    assert client.get(change_address(record)).context["has_change_permission"] is False
    assert client.post(change_address(record), {"reason": "Another."}).status_code == 403
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_delete"
    assert client.post(reverse(name, args=[record.pk]), {"post": "yes"}).status_code == 403
    assert type(record).objects.filter(pk=record.pk).exists()


def test_page_of_a_claim_shows_its_reviews_and_strikes_the_corrected_one(desk: Desk, editor: User) -> None:
    earlier = ReviewFactory(reason="Too early.")
    ReviewFactory(claim=earlier.claim, corrects=earlier, reason="Set right.")
    _grounds, reviews, positions = desk(editor, earlier.claim).response.context["panels"]
    assert {(row.cells[2], row.struck) for row in reviews.rows} == {("Too early.", True), ("Set right.", False)}
    assert [tool.url for tool in reviews.tools] == [add_address(Review, claim=earlier.claim.pk)]
    assert positions.rows == []


@pytest.mark.parametrize("number", [1, 3])
def test_page_of_a_claim_costs_the_same_for_one_and_for_three_reviews(
    client_of: ClientOf, editor: User, number: int
) -> None:
    claim = ClaimFactory()
    ReviewFactory.create_batch(number, claim=claim)
    client = client_of(editor)
    with CaptureQueriesContext(connection) as queries:
        client.get(change_address(claim))
    assert len(queries) == PAGE_OF_A_CLAIM


# What the database kept


def test_versions_show_what_changed_and_why(client_of: ClientOf, editor: User) -> None:
    claim = published(ClaimFactory, statement="Talks are held.", kind="occurrence")
    claim.statement_en = "Talks were held."
    actions.revise(claim, by=editor, note="They are over.")
    response = client_of(editor).get(reverse("admin:partnerships_claim_versions", args=[claim.pk]))
    latest, first = response.context["versions"]
    assert (latest["version"], latest["note"]) == (2, "They are over.")
    assert latest["changes"] == [
        {"label": "Statement (English)", "before": "Talks are held.", "after": "Talks were held."}
    ]
    said = {change["label"]: change["after"] for change in first["changes"]}
    assert (said["Kind"], said["Author"], said["Statement (English)"]) == (
        "Occurrence",
        str(claim.author),
        "Talks are held.",
    )


def test_changes_are_looked_at_only(client_of: ClientOf, administrator: User) -> None:
    published(ActorFactory)
    change = Change.objects.get()
    client = client_of(administrator)
    assert client.get(list_address(Change)).context["cl"].result_count == 1
    assert client.get(change_address(change)).status_code == 200
    assert client.get(add_address(Change)).status_code == 403
    assert client.post(change_address(change), {"note": "Another."}).status_code == 403


# Lists


def test_list_is_searched_in_every_language_and_filtered_by_what_lacks_a_translation(
    client_of: ClientOf, editor: User
) -> None:
    ActorFactory(name="Qatar", name_ar="قطر")
    ActorFactory(name="Türkiye", name_tr="Türkiye")
    client = client_of(editor)

    def found(**filters: str) -> list[str]:
        return [str(actor) for actor in client.get(list_address(Actor, **filters)).context["cl"].result_list]

    assert found(q="قطر") == ["Qatar"]
    assert found(lacks="ar") == ["Türkiye"]
    assert found(lacks="nonsense") == ["Qatar", "Türkiye"]


def test_list_of_claims_is_filtered_by_verification_status(client_of: ClientOf, editor: User) -> None:
    ReviewFactory(status="disputed")
    ClaimFactory()
    client = client_of(editor)
    numbers = {
        status: client.get(list_address(Claim, status=status)).context["cl"].result_count
        for status in ("disputed", "unassessed", "refuted")
    }
    assert numbers == {"disputed": 1, "unassessed": 1, "refuted": 0}


def test_list_of_sources_counts_their_citations(client_of: ClientOf, editor: User) -> None:
    citation = CitationFactory()
    CitationFactory(source=citation.source)
    source = client_of(editor).get(list_address(Source)).context["cl"].result_list[0]
    assert source.times_cited == 2


def test_topics_of_a_partnership_are_kept(desk: Desk, editor: User) -> None:
    partnership, topic = PartnershipFactory(), TopicFactory()
    assert desk(editor, partnership).send(topics=[str(topic.pk)]).errors == {}
    assert list(partnership.topics.all()) == [topic]
