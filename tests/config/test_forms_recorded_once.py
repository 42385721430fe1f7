"""Every form of the desk, found by crawling, is sent twice and recorded once.

A new page of the desk fails here until it is declared what its form records, or that it only shows something.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from lxml import html

from events import models as events
from events.actions import publish_document
from partnerships import models as partnerships
from partnerships.models import Actor
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address, list_address
from publishing.models.sent_form import SentForm
from recommendations import models as recommendations
from tests import factories as made
from tests.events.documents.evil_files import png
from tests.factories import AS_OF
from tests.partnerships.admin.test_claim import alike
from tests.recommendations.test_fulfilment import asked_for_a_dialogue

pytestmark = [pytest.mark.django_db, pytest.mark.long]

DAY = AS_OF.isoformat()
PDF = b"%PDF-1.4\n"

SHOWS = {
    "AdminSite.app_index",
    "AdminSite.catch_all_view",
    "AdminSite.i18n_javascript",
    "AdminSite.password_change_done",
    "Desk.autocomplete_view",
    "Desk.file_view",
    "Desk.in_words_view",
    "Desk.index",
    "Desk.on_site_view",
    "Desk.queue_next_view",
    "Desk.queue_view",
    "DocumentAdmin.cleaned_view",
    "AboutParticipants.history_view",
    "MakesBriefingPacks.briefing_view",  # makes a file, and keeps nothing
    "ModelAdmin.history_view",
    "OfAParticipant.changelist_view",
    "PublicationAdmin.versions_view",
    "RecommendationAdmin.update_view",  # leads to the update of an addressee
    "SourceAdmin.copy_view",
    "View.as_view.<locals>.view",  # the old addresses of change pages
    "shortcut",
}
"""Views that record nothing."""

ENDS = {
    "AdminSite.logout",
    "AdminSite.password_change",
    "Desk.login",
    "AboutParticipants.delete_view",
    "ModelAdmin.delete_view",
    "FormErrorsMixin.delete_view",
    "UserAdmin.user_change_password",
}
"""Views whose second time finds nothing left to do: what is deleted is gone, and a password is set to the same."""


@dataclass
class Sending:
    """A page with a form, and what is filled in: `action` where the form leads to another address."""

    address: str
    values: dict[str, Any] = field(default_factory=dict)
    action: str = ""
    button: str = "_save"


def text(**more: Any) -> dict[str, Any]:
    return {"text_en": "Words.", "title_en": "A title", "name_en": "A name", "slug": "a-name", **more}


NEW: dict[type[Model], Callable[[], dict[str, Any]]] = {
    Group: lambda: {"name": "Interns"},
    User: lambda: {"username": "somebody-new", "password1": "long and made up", "password2": "long and made up"},
    partnerships.Actor: lambda: text(kind="state"),
    partnerships.Membership: lambda: {"member": made.ActorFactory().pk, "bloc": made.ActorFactory(kind="bloc").pk},
    partnerships.Claim: lambda: {"statement_en": "It is said.", "kind": "occurrence"},
    partnerships.Instrument: lambda: text(partnership=made.PartnershipFactory().pk),
    partnerships.InstrumentAction: lambda: {"instrument": made.InstrumentFactory().pk, "type": "signed", "as_of": DAY},
    partnerships.OfficialPosition: lambda: {
        "claim": made.ClaimFactory().pk,
        "government": made.ActorFactory().pk,
        "position": "silent",
        "as_of": DAY,
    },
    partnerships.Partnership: lambda: text(form="strategic", status="active"),
    partnerships.Party: lambda: {
        "partnership": made.PartnershipFactory().pk,
        "actor": made.ActorFactory().pk,
        "role": "party",
    },
    partnerships.Cooperation: lambda: {
        "partnership": made.PartnershipFactory().pk,
        "topic": made.TopicFactory().pk,
        "stage": "agreed",
    },
    partnerships.PartnershipLink: lambda: {
        "source": made.PartnershipFactory().pk,
        "target": made.PartnershipFactory().pk,
        "type": "complements",
    },
    partnerships.Resolution: lambda: {
        "claim": made.ClaimFactory(published=True, kind="forecast", likelihood="likely").pk,
        "outcome": "unresolvable",
        "reason": "It cannot be said.",
        "as_of": DAY,
    },
    partnerships.Review: lambda: {
        "claim": made.ClaimFactory().pk,
        "status": "unverified",
        "reason": "One source.",
        "as_of": DAY,
    },
    partnerships.Source: lambda: {"title_en": "A dispatch"},
    partnerships.Topic: lambda: text(kind="theme"),
    events.Event: lambda: text(kind="roundtable", lifecycle="planned", attribution_rule="not_stated"),
    events.Series: lambda: text(cadence="annual"),
    events.Report: lambda: text(event=made.EventFactory().pk),
    events.Point: lambda: text(report=made.ReportFactory().pk, kind="observation", support="broad", position="1"),
    events.Participant: lambda: {"event": made.EventFactory().pk, "name": "Leyla Kaya"},
    events.Consent: lambda: {
        "participant": made.ParticipantFactory().pk,
        "disclosure": "name",
        "given": "True",
        "as_of": DAY,
        "evidence": "A form.",
    },
    events.Disclosure: lambda: {
        "participant": made.ParticipantFactory(consents=events.Consent.Disclosure.values).pk,
        "shows_name": "on",
    },
    events.GroupSize: lambda: {"event": made.EventFactory().pk, "people": "12"},
    events.Document: lambda: text(event=made.EventFactory().pk, file=SimpleUploadedFile("x.png", png(), "image/png")),
    recommendations.Recommendation: lambda: text(event=made.EventFactory().pk, strength="urged"),
    recommendations.Addressee: lambda: {
        "recommendation": made.RecommendationFactory().pk,
        "actor": made.ActorFactory().pk,
        "role": "lead",
    },
    recommendations.Response: lambda: {
        "addressee": made.AddresseeFactory().pk,
        "kind": "awaiting",
        "channel": "letter",
        "recipient": "The office",
        "as_of": DAY,
    },
    recommendations.StatusEntry: lambda: {
        "addressee": made.AddresseeFactory().pk,
        "state": "not_started",
        "as_of": DAY,
    },
}
"""What is filled in to record one more of each kind."""


def transition(name: str) -> Callable[[], Sending]:
    def sending() -> Sending:
        states = {"submit": {}, "return": {"in_review": True}, "publish": {}, "withdraw": {"published": True}}
        actor = made.ActorFactory(**states[name])
        address = reverse(f"admin:partnerships_actor_{name}", args=[actor.pk])
        if name in ("submit", "return"):
            return Sending(change_address(actor), action=address)
        return Sending(address, {"note": "It was wrong."} if name == "withdraw" else {})

    return sending


def one_origin(button: str) -> Sending:
    claim = alike()
    address = reverse("admin:partnerships_claim_one_origin", args=[claim.pk])
    return Sending(f"{address}?group=agency&group=daily", {"reason": "We asked."}, button=button)


def promotion() -> Sending:
    claim = made.ClaimFactory(kind="agreement", partnerships=[made.PartnershipFactory()])
    made.ReviewFactory(claim=claim, status="corroborated")
    return Sending(
        reverse("admin:partnerships_claim_promote", args=[claim.pk]),
        {"name": "The Pact", "slug": "pact", "partnership": claim.partnerships.get().pk},
    )


def of(factory: Any, name: str, values: Any = None, /, button: str = "_save", **given: Any) -> Callable[[], Sending]:
    """A page of one row that asks before something is done."""

    def sending() -> Sending:
        row = factory(**given)
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])
        return Sending(address, values or {}, button=button)

    return sending


def from_page(factory: Any, name: str, **given: Any) -> Callable[[], Sending]:
    """A button on the page of a row that acts at once."""

    def sending() -> Sending:
        row = factory(**given)
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{name}", args=[row.pk])
        return Sending(change_address(row), action=address)

    return sending


def draft_of_a_letter() -> Sending:
    addressee = made.AddresseeFactory()
    made.ResponseFactory(addressee=addressee, awaiting=True)
    action = reverse("admin:recommendations_letter_draft", args=[addressee.pk])
    return Sending(change_address(addressee), action=action)


def merger() -> Sending:
    one, other = made.RecommendationFactory(), made.RecommendationFactory()
    address = reverse("admin:recommendations_recommendation_merge")
    return Sending(
        f"{address}?of={one.pk}&of={other.pk}",
        {"title": "Both", "text": "Do both.", "event": one.event_id or "", "as_of": DAY, "strength": "urged"},
    )


def supersession() -> Sending:
    earlier = made.AddresseeFactory().recommendation
    into = made.RecommendationLinkFactory(target=earlier, type="merges").source
    return Sending(reverse("admin:recommendations_recommendation_supersede", args=[into.pk]), {"as_of": DAY})


def next_edition() -> Sending:
    series = made.SeriesFactory(name="Dialogue", cadence="annual")
    made.EventFactory(series=series, edition=1, start_date=AS_OF)
    address = reverse("admin:recommendations_recommendation_plan", args=[series.pk])
    return Sending(address, {"edition": "2", "name": "The second"})


def closed_loop() -> Sending:
    addressee, _event = asked_for_a_dialogue()
    return Sending(reverse("admin:recommendations_recommendation_close", args=[addressee.pk]), {"as_of": "2025-09-10"})


def split() -> Sending:
    whole = made.AddresseeFactory().recommendation
    address = reverse("admin:recommendations_recommendation_split", args=[whole.pk])
    return Sending(address, {"title_1": "First", "text_1": "Do this.", "title_2": "Second", "text_2": "Do that."})


def update() -> Sending:
    addressee = made.AddresseeFactory()
    address = reverse("admin:recommendations_addressee_update", args=[addressee.pk])
    return Sending(address, {"state": "not_started", "as_of": DAY})


def submitted_by_the_list() -> Sending:
    actor = made.ActorFactory()
    values = {"action": "submit_selected", "_selected_action": [str(actor.pk)], "index": "0"}
    return Sending(list_address(Actor), values, button="_go")


def put_off() -> Sending:
    address = reverse("admin:queue_put_off", args=["addressee", made.AddresseeFactory().pk])
    return Sending(
        address, {"until": (timezone.now().date() + timedelta(days=30)).isoformat(), "reason": "They asked for time."}
    )


def edit() -> Sending:
    return Sending(change_address(made.ActorFactory()), {"short_name_en": "Short"})


def document(name: str) -> Callable[[], Sending]:
    def sending() -> Sending:
        kept = made.DocumentFactory(file=ContentFile(png(), name="x.png"), event=made.EventFactory(published=True))
        if name == "withdraw":
            publish_document(kept, act=Act(by=made.UserFactory(groups=("reviewers",)), at=timezone.now()))
        return Sending(reverse(f"admin:events_document_{name}", args=[kept.pk]), {"note": "A slip."})

    return sending


PUBLIC_VOICE = {
    "report__published": True,
    "support": "one_participant",
    "cleared_by": None,
    "cleared_at": made.PUBLISHED_AT,
}


def public_voice() -> Any:
    return made.PointFactory(**{**PUBLIC_VOICE, "cleared_by": made.UserFactory()})


def rewording(button: str) -> Callable[[], Sending]:
    def sending() -> Sending:
        point = made.RewordingFactory(point=public_voice(), text="Other words.", grade="argued").point
        address = reverse("admin:events_point_rewording", args=[point.pk])
        return Sending(address, {"reason": "No."} if button == "decline" else {}, button=button)

    return sending


def reworded() -> Sending:
    point = public_voice()
    return Sending(
        reverse("admin:events_point_reword", args=[point.pk]), {"text_en": "Other words.", "note": "A slip."}
    )


RECORDS: dict[str, list[Callable[[], Sending]]] = {
    "ClaimAdmin.one_origin_view": [lambda: one_origin(""), lambda: one_origin("_independent")],
    "ClaimAdmin.promote_view": [promotion],
    "ClosesTheLoop.close_view": [closed_loop],
    "Desk.put_off_view": [put_off],
    "Desk.reminders_view": [lambda: Sending(reverse("admin:reminders"), {"language": "tr"})],
    "DocumentAdmin.publish_view": [document("publish")],
    "DocumentAdmin.withdraw_view": [document("withdraw")],
    "DraftsFromEarlierOnes.merge_view": [merger],
    "DraftsFromEarlierOnes.plan_view": [next_edition],
    "DraftsFromEarlierOnes.split_view": [split],
    "DraftsFromEarlierOnes.supersede_view": [supersession],
    "LetterAdmin.decide_view": [
        of(made.LetterFactory, "sent", {"channel": "letter", "recipient": "The office"}),
        of(made.LetterFactory, "drop", {"reason": "They called."}),
    ],
    "LetterAdmin.draft_view": [draft_of_a_letter],
    "MakesBriefingPacks.changelist_view": [],
    "ModelAdmin.add_view": [],
    "ModelAdmin.change_view": [edit],
    "ModelAdmin.changelist_view": [submitted_by_the_list],
    "ParticipantAdmin.changelist_view": [],
    "ParticipantAdmin.erase_view": [of(made.ParticipantFactory, "erase", {"because": "asked"})],
    "PointAdmin.clear_view": [from_page(made.PointFactory, "clear", support="one_participant")],
    "PointAdmin.reword_view": [reworded],
    "PointAdmin.rewording_view": [rewording("accept"), rewording("decline")],
    "PublicationAdmin.transition_view": [transition(name) for name in ("submit", "return", "publish", "withdraw")],
    "SourceAdmin.fetch_view": [from_page(made.SourceFactory, "fetch", url="https://example.org/a")],
    "SourceAdmin.upload_view": [of(made.SourceFactory, "upload", {"file": SimpleUploadedFile("x.pdf", PDF)})],
    "StatusEntryAdmin.confirm_view": [from_page(made.StatusEntryFactory, "confirm", state="implemented")],
    "SubmissionAdmin.decide_view": [of(made.SubmissionFactory, "decline", {"reason": "Not so."})],
    "UpdatedPage.update_view": [update],
    "UserAdmin.add_view": [],
}
"""Views whose forms record something, and what is filled in; what is added is in NEW."""


def views(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one)
        else:
            yield one


def of_the_desk() -> list[URLPattern]:
    (desk,) = (
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and getattr(one, "app_name", "") == "admin"
    )
    return list(views(desk))


@pytest.fixture
def client() -> Client:
    person = made.UserFactory(username="twice", is_superuser=True, is_staff=True, groups=("convenors", "reviewers"))
    client = Client(headers={"host": "localhost"})  # which may stand in the address of a source
    client.force_login(person)
    return client


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def rows() -> dict[str, int]:
    """How many rows there are of everything that a form could record."""
    uncounted = {SentForm, events.Viewing}
    return {
        model._meta.label: model._base_manager.count()
        for label in ("auth", "publishing", "partnerships", "events", "recommendations")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model not in uncounted and model._meta.managed
    }


def fields_of(page: Any, action: str) -> dict[str, Any]:
    """What a browser would send of the form of a page that is sent to `action`, or to the page itself."""
    found = [
        form
        for form in html.fromstring(page.content.decode()).forms
        if form.method == "POST" and (form.action or "").partition("?")[0] == action and form.get("id") != "logout-form"
    ]
    form = max(found, key=lambda form: len(list(form.inputs)))
    sent: dict[str, Any] = {}
    for control in form.inputs:
        kind = (control.get("type") or "").lower()
        if not control.name or "__prefix__" in control.name or kind in ("submit", "file"):
            continue
        if kind in ("checkbox", "radio") and not control.checked:
            continue
        value = control.value
        sent[control.name] = list(value) if control.tag == "select" and control.multiple else value or ""
    return sent


def send_twice(client: Client, sending: Sending) -> tuple[Any, Any]:
    """Sends one form twice, as a double click does, and proves that what it recorded stands once."""
    page = client.get(sending.address)
    assert page.status_code == 200, sending.address
    sent = {**fields_of(page, sending.action), **sending.values, **({sending.button: "1"} if sending.button else {})}
    assert sent.get("form_key"), f"{sending.address} shows a form without a key: load desk, and put form_key into it."
    where = sending.action or sending.address
    before = rows()

    def send() -> Any:
        for value in sent.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return client.post(where, sent, follow=True)

    first = send()
    once = rows()
    assert first.redirect_chain, (
        first.status_code,
        html.fromstring(first.content).xpath("//ul[@class='errorlist']//text()"),
    )
    second = send()
    assert rows() == once
    assert SentForm.objects.count() == 1
    assert second.redirect_chain == first.redirect_chain
    said = [str(message) for message in second.context["messages"]]
    assert any("This was recorded already." in message for message in said), said
    return before, once


def test_every_view_of_the_desk_is_known_here() -> None:
    """What a view records is said in RECORDS; that it records nothing, in SHOWS or ENDS."""
    found = {inspect.unwrap(one.callback).__qualname__ for one in of_the_desk()}
    known = SHOWS | ENDS | RECORDS.keys()
    assert found - known == set()
    assert known - found == set()


def kinds_added() -> list[type[Model]]:
    """The models of which somebody who may everything adds one at the desk."""
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    request.user.__dict__["_desk_groups"] = frozenset({"convenors"})
    return [model for model, page in admin.site._registry.items() if page.has_add_permission(request)]


def test_of_every_kind_that_is_added_one_is_added_here() -> None:
    assert set(kinds_added()) == NEW.keys()


@pytest.mark.parametrize("model", NEW, ids=lambda model: model.__name__)
def test_what_is_added_by_a_double_click_stands_once(model: type[Model], client: Client) -> None:
    values = NEW[model]()
    given = {name: value for name, value in values.items() if name in ("participant", "claim", "addressee")}
    before, once = send_twice(client, Sending(add_address(model, **given), values))
    assert once[model._meta.label] == before[model._meta.label] + 1


CASES = [
    pytest.param(sending, id=f"{view}-{number}")
    for view, sendings in RECORDS.items()
    for number, sending in enumerate(sendings, start=1)
]


@pytest.mark.parametrize("sending", CASES)
def test_what_is_done_by_a_double_click_is_done_once(sending: Callable[[], Sending], client: Client) -> None:
    send_twice(client, sending())


WITHOUT_KEY = {"logout-form", "changelist-search"}
"""Forms that record nothing, by their ids; that of the language has a class alone."""


@pytest.mark.parametrize("number", range(3))
def test_every_form_shown_has_a_key_of_its_own(number: int, client: Client) -> None:
    """On the pages of each kind: its list, a new one and what hangs on it."""
    shown: set[str] = set()
    for model in kinds_added()[number::3]:
        pages = [add_address(model), list_address(model)]
        if model not in (Group, User):
            pages.append(change_address(getattr(made, f"{model.__name__}Factory")()))
        for address in pages:
            answer = client.get(address)
            if answer.status_code != 200:
                continue
            for form in html.fromstring(answer.content.decode()).forms:
                if form.method != "POST" or form.get("id") in WITHOUT_KEY or form.get("class") == "desk-languages":
                    continue
                key = dict(form.form_values()).get("form_key")
                assert key, (address, html.tostring(form)[:200])
                assert key not in shown
                shown.add(key)
    assert len(shown) > 10
