"""A form of the desk is recorded once, and one that could not be recorded keeps what was typed."""

import datetime as dt
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.forms import BaseFormSet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from events.models import Event, GroupSize, Point
from partnerships.jobs import clear_sent_forms
from partnerships.models import Actor, Claim, Partnership, Party, Review, Source, Topic
from publishing.acting import Act
from publishing.desk.addresses import add_address, at_the_desk, change_address, list_address
from publishing.desk.sent_forms import MAX_ROWS
from publishing.models.sent_form import KEPT_DAYS, SentForm, clear_away
from recommendations.models import Recommendation, Snooze, StatusEntry
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    EventFactory,
    GroupSizeFactory,
    PartnershipFactory,
    PartyFactory,
    ReportFactory,
    SentFormFactory,
    SourceFactory,
    UserFactory,
)
from tests.support.concurrency import Session
from tests.support.desk import Page
from tests.support.pages import folded
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.long

Desk = Callable[..., Page]
ClientOf = Callable[[User], Client]

REVIEW = {"status": "unverified", "reason": "One unsigned source.", "as_of": "2025-06-01"}


@pytest.fixture
def claim(db: None) -> Claim:
    found: Claim = ClaimFactory(published=True)
    return found


@pytest.fixture
def review(desk: Desk, editor: User, claim: Claim) -> Page:
    """The form of a new review, not sent yet."""
    return desk(editor, Review, claim=claim.pk)


def again(page: Page, button: str = "_save", **values: Any) -> Any:
    """What the same form is answered when it is sent as a browser sends it a second time."""
    return page.client.post(page.address, {**page.fields, **REVIEW, **values, button: "1"}, follow=True)


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_form_sent_twice_is_recorded_once_and_the_second_answer_says_so(review: Page, claim: Claim) -> None:
    first, second = again(review), again(review)
    assert Review.objects.count() == 1
    assert [answer.redirect_chain for answer in (first, second)] == [[(change_address(claim), 302)]] * 2
    stands = change_address(Review.objects.get())
    assert messages_of(second) == [f'This was recorded already. <a href="{stands}">Look at what stands</a>']


def test_button_that_leads_elsewhere_records_it_no_second_time(review: Page) -> None:
    again(review)
    assert messages_of(again(review, "_continue"))[0].startswith("This was recorded already.")
    assert Review.objects.count() == 1


def test_refused_form_does_not_use_up_its_key(review: Page) -> None:
    assert "reason" in again(review, reason="").context["adminform"].form.errors
    assert SentForm.objects.count() == 0
    again(review)
    assert Review.objects.count() == 1


def test_form_that_fails_does_not_use_up_its_key(review: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("partnerships.admin.claim.ReviewAdmin.append", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            again(review)
    assert SentForm.objects.count() == 0
    again(review)
    assert Review.objects.count() == 1


def test_next_form_has_a_key_of_its_own(review: Page) -> None:
    first = again(review, "_addanother")
    review.response = first
    review.fields = review._fields()
    again(review, "_addanother", reason="Another one.")
    assert Review.objects.count() == 2


def test_key_of_another_person_is_refused(review: Page, client_of: ClientOf, reviewer: User) -> None:
    review.client = client_of(reviewer)
    answer = again(review)
    assert (answer.status_code, Review.objects.count()) == (409, 0)
    assert "One unsigned source." in answer.content.decode()
    again(Page(review.client, review.address))
    assert Review.objects.count() == 1


def test_key_of_another_form_is_refused(review: Page, desk: Desk, editor: User) -> None:
    page = desk(editor, Source)
    answer = again(review, form_key=page.fields["form_key"])
    assert (answer.status_code, Review.objects.count()) == (409, 0)


@pytest.mark.parametrize("key", ["", "x", "0" * 500, "6fa459ea-ee8a-3ca4-894e-db77e160355e", "a:b:c"])
def test_made_up_key_is_refused(key: str, review: Page) -> None:
    answer = again(review, form_key=key)
    assert (answer.status_code, Review.objects.count(), SentForm.objects.count()) == (409, 0, 0)


def test_key_holds_no_longer_than_it_is_known_what_was_recorded_under_it(
    review: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    again(review)
    now = time.time() + dt.timedelta(days=KEPT_DAYS, hours=1).total_seconds()
    clear_away(at=dt.datetime.fromtimestamp(now, dt.UTC))
    assert not SentForm.objects.exists()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)
    answer = again(review)
    assert (answer.status_code, Review.objects.count()) == (409, 1)


def test_form_that_was_recorded_and_changed_since_is_not_lost(review: Page) -> None:
    again(review)
    answer = again(review, reason="What I thought of afterwards.")
    assert (answer.status_code, Review.objects.count()) == (409, 1)
    assert answer.context["stands_at"] == change_address(Review.objects.get())
    assert ("Reason", "What I thought of afterwards.") in answer.context["typed"]
    review.response = answer
    sent = {**review._fields(), "once_more": "1"}
    review.client.post(review.address, sent)
    assert [one.reason for one in Review.objects.order_by("pk")] == [REVIEW["reason"], "What I thought of afterwards."]


def test_same_words_in_a_form_opened_anew_are_asked_about(review: Page) -> None:
    """A browser that goes back opens the page anew, and fills in what was typed."""
    again(review)
    review = Page(review.client, review.address)
    answer = again(review)
    assert (answer.status_code, Review.objects.count()) == (409, 1)
    assert "You recorded exactly this at" in answer.content.decode()
    review.response = answer
    assert review._fields()["reason"] == REVIEW["reason"]
    review.client.post(review.address, {**review._fields(), "once_more": "1"})
    assert Review.objects.count() == 2


def test_same_words_of_another_day_are_another_record(review: Page) -> None:
    again(review)
    SentForm.objects.update(recorded_at=timezone.now() - dt.timedelta(hours=25))
    again(Page(review.client, review.address))
    assert Review.objects.count() == 2


def test_source_added_in_a_window_of_its_own_is_one_and_chosen_again(desk: Desk, editor: User) -> None:
    page = desk(editor, f"{add_address(Source)}?_popup=1")
    data = {**page.fields, "title_en": "A dispatch", "_save": "1"}
    answers = [page.client.post(page.address, data) for _twice in range(2)]
    assert [answer.templates[0].name for answer in answers] == ["admin/popup_response.html"] * 2
    assert answers[0].context["popup_response_data"] == answers[1].context["popup_response_data"]
    assert Source.objects.count() == 1


def test_transition_sent_twice_is_made_once(desk: Desk, editor: User) -> None:
    actor = ActorFactory()
    page = desk(editor, actor)
    address = reverse("admin:partnerships_actor_submit", args=[actor.pk])
    content = page.response.content.decode()
    form = content[content.index(f'action="{address}"') :]
    key = form.split('name="form_key" value="')[1].split('"')[0]
    said = [messages_of(page.client.post(address, {"form_key": key}, follow=True)) for _twice in range(2)]
    assert said == [[f"“{actor}” waits for review."], ["This was recorded already."]]


# At the same moment


@pytest.mark.usefixtures("committing")
@pytest.mark.parametrize("kind", ["review", "source", "put_off"])
def test_of_two_forms_sent_at_the_same_moment_one_is_recorded(kind: str, session: Session) -> None:
    person = UserFactory(is_staff=True, is_superuser=True)
    client, second = Client(), Client()
    for one in (client, second):
        one.force_login(person)
    model: Any
    if kind == "review":
        model, values = Review, REVIEW
        address = add_address(Review, claim=ClaimFactory(published=True).pk)
    elif kind == "source":
        model, values = Source, {"title_en": "A dispatch"}
        address = add_address(Source)
    else:
        model, values = (
            Snooze,
            {"until": (timezone.now() + dt.timedelta(days=3)).date().isoformat(), "reason": "On leave."},
        )
        address = reverse("admin:queue_put_off", args=["addressee", AddresseeFactory().pk])
    content = client.get(address).content.decode()
    key = content.split('name="form_key" value="')[1].split('"')[0]
    page = Page(client, address) if kind != "put_off" else None
    data = {**(page.fields if page else {}), **values, "form_key": key, "_save": "1"}
    with transaction.atomic():
        assert client.post(address, data).status_code == 302
        sent = session.run(lambda: second.post(address, data))
        session.wait_until_it_waits()
    answer = sent.result(10)
    assert answer.status_code == 302
    assert model._default_manager.count() == 1
    assert SentForm.objects.count() == 1


@pytest.mark.usefixtures("committing")
def test_of_two_showings_sent_at_the_same_moment_one_is_recorded(session: Session) -> None:
    """Each has a key of its own: who stops a slow answer, goes back and saves sends the same words under another."""
    person = UserFactory(is_staff=True, is_superuser=True)
    client, second = Client(), Client()
    for one in (client, second):
        one.force_login(person)
    address = add_address(Review, claim=ClaimFactory(published=True).pk)
    first_data, second_data = ({**Page(one, address).fields, **REVIEW, "_save": "1"} for one in (client, second))
    assert first_data["form_key"] != second_data["form_key"]
    with transaction.atomic():
        assert client.post(address, first_data).status_code == 302
        sent = session.run(lambda: second.post(address, second_data))
        session.wait_until_it_waits()
    assert sent.result(PATIENCE).status_code == 409
    assert Review.objects.count() == 1


@pytest.mark.django_db
def test_form_of_what_was_deleted_since_is_recorded_anew(desk: Desk, editor: User) -> None:
    page = desk(editor, Topic)
    values = {"name_en": "Mediation", "slug": "mediation", "kind": "theme"}
    sent = {**page.fields, **values, "_save": "1"}
    assert page.client.post(page.address, sent).status_code == 302
    Topic.objects.all().delete()
    assert page.client.post(page.address, sent).status_code == 302
    assert Topic.objects.count() == 1
    Topic.objects.all().delete()
    assert desk(editor, Topic).send("_save", **values).response.redirect_chain
    assert Topic.objects.count() == 1


@pytest.mark.django_db
def test_what_was_published_again_is_withdrawn_again_with_the_same_words(desk: Desk, reviewer: User) -> None:
    claim = ClaimFactory(published=True)
    address = reverse("admin:partnerships_claim_withdraw", args=[claim.pk])
    for _twice in range(2):
        Claim.objects.filter(pk=claim.pk).update(state="published", withdrawn_at=None, withdrawal_note="")
        page = desk(reviewer, claim)
        key = page.client.get(address).content.decode().split('name="form_key" value="')[1].split('"')[0]
        assert page.client.post(address, {"note": "Wrong.", "form_key": key}).status_code == 302
        claim.refresh_from_db()
        assert claim.state == "withdrawn"


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["+2000", " 2000 ", "2000.0", "2_000", "-5", "9" * 5_000, "٢٠٠٠", "x"])
def test_number_of_rows_that_is_no_number_of_rows_is_refused(desk: Desk, editor: User, count: str) -> None:
    page = desk(editor, Claim)
    answer = page.client.post(page.address, {**page.fields, "citations-TOTAL_FORMS": count})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_key_is_recorded_once_whoever_writes_it() -> None:
    form = SentFormFactory()
    with pytest.raises(IntegrityError, match="is_recorded_once"), transaction.atomic():
        SentFormFactory(key=form.key, path="/admin/elsewhere/")


@pytest.mark.django_db
def test_worker_clears_away_what_is_a_week_old() -> None:
    SentFormFactory(recorded_at=timezone.now() - dt.timedelta(days=7, minutes=1))
    kept = SentFormFactory(recorded_at=timezone.now() - dt.timedelta(days=6, hours=23))
    clear_sent_forms(timestamp=0)
    assert list(SentForm.objects.all()) == [kept]


# What was typed survives


def test_words_typed_while_it_was_withdrawn_come_back_in_their_form(desk: Desk, editor: User) -> None:
    claim = ClaimFactory(published=True)
    page = desk(editor, claim)
    Claim.objects.filter(pk=claim.pk).update(state="withdrawn", withdrawn_at=timezone.now(), withdrawal_note="Wrong.")
    for _twice in range(2):
        page.send(context_en="An hour of work.", what_changed="Context")
        assert page.response.status_code == 200
        assert page.fields["context_en"] == "An hour of work."
        assert "Withdrawn" in str(page.errors["__all__"])
    claim.refresh_from_db()
    assert (claim.state, claim.context_en or "") == ("withdrawn", "")


def test_words_typed_about_a_part_while_its_whole_was_withdrawn_come_back(desk: Desk, editor: User) -> None:
    party = PartyFactory(partnership=PartnershipFactory(published=True), actor=ActorFactory(published=True))
    page = desk(editor, party)
    Partnership.objects.update(state="withdrawn", withdrawn_at=timezone.now(), withdrawal_note="Wrong.")
    page.send(what_changed="An hour of work.", role="observer")
    assert page.response.status_code == 200
    assert page.fields["what_changed"] == "An hour of work."
    assert "Withdrawn" in str(page.errors)


def test_words_typed_while_it_was_deleted_come_back(desk: Desk, editor: User) -> None:
    claim = ClaimFactory()
    page = desk(editor, claim)
    Claim.objects.get(pk=claim.pk).delete()
    page.send(context_en="An hour of work.")
    assert page.response.status_code == 404
    assert ("Context (English)", "An hour of work.") in page.response.context["typed"]
    assert "An hour of work." in page.response.content.decode()
    assert "somebody has deleted it meanwhile" in page.response.content.decode()


def test_words_typed_while_a_right_was_taken_come_back(review: Page, editor: User) -> None:
    editor.groups.clear()
    answer = again(review)
    assert (answer.status_code, Review.objects.count()) == (403, 0)
    assert "One unsigned source." in answer.content.decode()


def test_page_of_words_names_nothing_that_was_chosen(client_of: ClientOf, editor: User) -> None:
    """A key that somebody makes up would else be answered with the name behind it."""
    hidden = ClaimFactory(statement="Nobody may read this.")
    editor.groups.clear()
    answer = client_of(editor).post(add_address(Review), {"claim": hidden.pk, "reason": "Mine."})
    assert answer.status_code == 403
    assert "Nobody may read this." not in answer.content.decode()
    assert answer.context["typed"] == [("Reason", "Mine.")]


# Two people


def test_what_only_the_other_changed_is_taken_over_and_named(desk: Desk, editor: User, administrator: User) -> None:
    actor = ActorFactory(name="Katar", short_name="K")
    first, second = desk(editor, actor), desk(administrator, actor)
    first.send(name_en="Qatar")
    second.send(short_name_en="QA")
    (said,) = second.errors["__all__"]
    assert "it says now: “<bdi>Qatar</bdi>”. You left it alone, and so it stands here too." in said
    assert (second.fields["name_en"], second.fields["short_name_en"]) == ("Qatar", "QA")
    assert second.send().errors == {}
    actor.refresh_from_db()
    assert (actor.name_en, actor.short_name_en) == ("Qatar", "QA")


def test_what_both_changed_is_shown_beside_before_it_is_put_over(desk: Desk, editor: User, administrator: User) -> None:
    actor = ActorFactory(name="Katar")
    first, second = desk(editor, actor), desk(administrator, actor)
    first.send(name_en="Qatar")
    second.send(name_en="State of Qatar")
    (said,) = second.errors["__all__"]
    assert '<a href="#id_name_en">Name (English)</a>: it says now: “<bdi>Qatar</bdi>”. Yours stands here still.' in said
    assert second.fields["name_en"] == "State of Qatar"
    second.send()
    actor.refresh_from_db()
    assert actor.name_en == "State of Qatar"


def test_row_that_the_other_changed_is_not_overwritten_by_one_left_alone(
    desk: Desk, editor: User, administrator: User
) -> None:
    party = PartyFactory(role="party")
    first, second = desk(editor, party.partnership), desk(administrator, party.partnership)
    first.send(**{"parties-0-role": "observer"})
    second.send(name_en="Another name")
    assert "Somebody else changed" in str(second.errors["parties"])
    assert second.fields["parties-0-role"] == "observer"
    assert second.send().errors == {}
    party.refresh_from_db()
    assert party.role == "observer"
    assert Partnership.objects.get().name == "Another name"


def test_row_that_the_other_took_away_does_not_come_back(desk: Desk, editor: User, administrator: User) -> None:
    party = PartyFactory()
    page = desk(administrator, party.partnership)
    Party.objects.all().delete()
    page.send(name_en="Another name")
    assert "Somebody else took this row away" in str(page.errors["parties"])
    page.send()
    assert page.errors == {}
    assert (Party.objects.count(), Partnership.objects.get().name) == (0, "Another name")


# How many rows


@pytest.mark.parametrize("number", ["201", "2000", "1000000", "9" * 60])
def test_more_rows_than_a_form_takes_are_refused_before_any_is_built(
    number: str,
    client_of: ClientOf,
    editor: User,
    django_assert_max_num_queries: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = client_of(editor)
    built: list[int] = []
    monkeypatch.setattr(BaseFormSet, "_construct_form", lambda rows, number, **kwargs: built.append(number))
    with django_assert_max_num_queries(6):
        answer = client.post(add_address(Claim), {"statement_en": "Typed.", "citations-TOTAL_FORMS": number})
    assert built == []
    assert answer.status_code == 400
    said = answer.content.decode()
    assert "One form takes 200 new rows at most; of “citations” it says" in said
    assert "Typed." in said
    assert len(answer.content) < 50_000


def test_rows_that_are_there_are_counted_in(client_of: ClientOf, editor: User, desk: Desk) -> None:
    claim = ClaimFactory()
    CitationFactory.create_batch(3, claim=claim)
    page = desk(editor, claim)
    sent = {**page.fields, "citations-TOTAL_FORMS": "203", "context_en": "Said in passing."}
    assert page.client.post(page.address, sent).status_code == 200  # they are empty, and said to be
    assert page.client.post(page.address, {**sent, "citations-TOTAL_FORMS": "204"}).status_code == 400


def test_too_many_rows_are_refused_in_the_language_of_the_desk(client_of: ClientOf, editor: User) -> None:
    client = client_of(editor)
    client.cookies["language"] = "tr"
    answer = client.post(add_address(Claim), {"citations-TOTAL_FORMS": "2000"})
    assert (answer.status_code, answer.headers["Content-Language"]) == (400, "tr")


# The way back


def test_filters_of_the_list_survive_a_save_and_each_transition(desk: Desk, reviewer: User, editor: User) -> None:
    actor = ActorFactory(author=editor)
    filters = "?_changelist_filters=kind%3Dstate%26q%3DQatar%26p%3D2"
    page = desk(reviewer, change_address(actor) + filters)
    publish = reverse("admin:partnerships_actor_publish", args=[actor.pk])
    assert f'href="{publish}{filters}"' in page.response.content.decode()
    for name in ("submit", "return", "publish", "withdraw"):
        address = reverse(f"admin:partnerships_actor_{name}", args=[actor.pk])
        answer = page.client.post(address + filters, {"note": "Made up."})
        assert answer.headers["Location"] == change_address(actor) + filters, name
    other = ActorFactory(author=editor)
    page = desk(reviewer, change_address(other) + filters).send("_save")
    assert page.response.redirect_chain[-1][0] == list_address(Actor) + "?kind=state&q=Qatar&p=2"


def test_filters_lead_nowhere_else(desk: Desk, editor: User) -> None:
    actor = ActorFactory(author=editor)
    page = desk(editor, change_address(actor) + "?_changelist_filters=kind%3Dstate&onward=https://evil.example/")
    answer = page.client.post(page.address, {**page.fields, "_next": "1"})
    assert answer.headers["Location"] == list_address(Actor) + "?kind=state"


@pytest.mark.parametrize(
    ("asked", "is_ours"),
    [
        ("/admin/", True),
        ("/admin/queue/?kind=due", True),
        ("/admin/queue/next/?place=1", True),
        ("/admin/nothing/here/", False),
        ("/claims/", False),
        ("/", False),
        ("//evil.example/admin/", False),
        ("https://evil.example/admin/", False),
        ("/admin/../claims/", False),
        ("\\\\evil.example/admin/", False),
        ("javascript:alert(1)", False),
        ("/admin/\0", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_address_is_led_to_only_if_it_is_a_page_of_the_desk(asked: str, is_ours: bool) -> None:
    assert at_the_desk(asked) == (asked if is_ours else "")


@pytest.mark.parametrize("asked", ["https://evil.example/", "/nothing/", "/admin/nothing/", "//evil.example"])
def test_login_leads_to_the_desk_whatever_its_address_names(asked: str, client: Client, editor: User) -> None:
    editor.set_password("a long password of ours")
    editor.save()
    given = {"username": "editor", "password": "a long password of ours", "next": asked}
    answer = client.post(f"{reverse('admin:login')}?next={asked}", given)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("admin:index"))
    answer = Client().post(f"{reverse('admin:login')}", {**given, "next": list_address(Claim) + "?q=x"})
    assert answer.headers["Location"] == list_address(Claim) + "?q=x"


def test_source_published_from_the_queue_leads_on_in_the_queue(desk: Desk, reviewer: User, editor: User) -> None:
    source = SourceFactory(author=editor)
    onward = reverse("admin:queue_next") + "?kind=lost"
    asked = "?" + urlencode({"onward": onward})
    publish = reverse("admin:partnerships_source_publish", args=[source.pk])
    page = desk(reviewer, change_address(source) + asked)
    assert f'href="{publish}{asked}"' in page.response.content.decode()
    content = folded(page.client.get(publish + asked).content.decode())
    assert 'name="_next" value="Publish and next"' in content
    assert f'href="{change_address(source)}{asked}"' in content
    assert page.client.post(publish + asked, {"_next": "1"}).headers["Location"] == onward
    withdraw = reverse("admin:partnerships_source_withdraw", args=[source.pk])
    answer = page.client.post(withdraw + asked, {"note": "Made up."})
    assert answer.headers["Location"] == change_address(source) + asked


def test_size_of_a_group_leads_back_to_its_event_or_to_the_list_it_came_from(desk: Desk, convenor: User) -> None:
    size = GroupSizeFactory(people=7)
    page = desk(convenor, GroupSize, event=EventFactory().pk).send("_save", people="9")
    assert page.response.redirect_chain[-1][0] == change_address(Event.objects.latest("pk"))
    page = desk(convenor, size).send("_save", people="8")
    assert page.response.redirect_chain[-1][0] == change_address(size.event)
    listed = f"event__id__exact={size.event_id}"
    page = desk(convenor, f"{change_address(size)}?{urlencode({'_changelist_filters': listed})}").send("_save")
    assert page.response.redirect_chain[-1][0] == f"{list_address(GroupSize)}?{listed}"


# One after another


def test_next_point_of_a_report_stands_after_the_last(desk: Desk, editor: User) -> None:
    report = ReportFactory()
    page = desk(editor, Point, report=report.pk, position=1)
    for words in ("First.", "Second.", "Third."):
        page.send("_addanother", text_en=words, kind="observation", support="broad")
        assert page.response.redirect_chain, page.errors
    assert [point.text_en for point in report.points.order_by("position")] == ["First.", "Second.", "Third."]
    assert page.fields["position"] == "4"


def test_next_recommendation_begins_with_event_and_strength(desk: Desk, editor: User) -> None:
    event = EventFactory()
    page = desk(editor, Recommendation)
    page.send("_addanother", title_en="First", text_en="Do it.", event=event.pk, strength="key")
    assert (page.fields["event"], page.fields["strength"]) == (str(event.pk), "key")
    assert page.fields["title_en"] == ""


def test_next_claim_is_about_the_same_partnerships(desk: Desk, editor: User) -> None:
    partnerships = PartnershipFactory.create_batch(2)
    page = desk(editor, Claim)
    chosen = [str(one.pk) for one in partnerships]
    page.send("_addanother", statement_en="It is said.", kind="presence", partnerships=chosen)
    assert (sorted(page.fields["partnerships"]), page.fields["kind"]) == (sorted(chosen), "presence")


# Errors


def test_each_error_is_a_link_to_its_field_and_the_first_has_the_focus(desk: Desk, editor: User) -> None:
    page = desk(editor, Event)
    page.add_row("sessions", position="999999999999", name_en="Opening")
    page.send("_save", name_en="Roundtable", slug="roundtable", kind="roundtable")
    shown = html.fromstring(page.response.content.decode())
    (link,) = shown.xpath("//ul[@class='errors-found']//a")
    assert link.text == "Session 1: Position"
    (target,) = shown.xpath("//*[@autofocus]")
    assert link.get("href") == f"#{target.get('id')}" == "#id_sessions-0-position"
    assert not shown.xpath("//script[@id='django-admin-form-add-constants']")


@pytest.mark.parametrize("name", ["update", "put_off"])
def test_errors_of_pages_that_ask_are_links_too(name: str, client_of: ClientOf, editor: User) -> None:
    addressee = AddresseeFactory()
    address = {
        "update": reverse("admin:recommendations_addressee_update", args=[addressee.pk]),
        "put_off": reverse("admin:queue_put_off", args=["addressee", addressee.pk]),
    }[name]
    answer = client_of(editor).post(address, {"as_of": "no day", "until": "no day", "state": "not_started"})
    shown = html.fromstring(answer.content.decode())
    links = shown.xpath("//ul[@class='errors-found']//a")
    assert links
    for link in links:
        assert shown.get_element_by_id(link.get("href").removeprefix("#")) is not None
    assert [one.get("id") for one in shown.xpath("//*[@autofocus]")] == [links[0].get("href").removeprefix("#")]


def test_form_with_as_many_rows_as_it_takes_is_read(settings: Any) -> None:
    """Otherwise it would be refused without a word on what was typed."""
    rows = [
        len(flatten(inline.fields)) + 3  # its key, that of its whole, and whether it goes
        for page in admin.site._registry.values()
        for inline in page.inlines
        if inline.fields
    ]
    assert max(rows) * MAX_ROWS < settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


def test_what_the_database_refuses_at_the_end_is_told_and_nothing_of_it_stays(
    client_of: ClientOf, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    addressee = AddresseeFactory()
    client = client_of(editor)
    address = reverse("admin:recommendations_addressee_update", args=[addressee.pk])
    fields = Page(client, address).fields

    def without_its_source(addressee: Any, *, act: Act, **given: Any) -> Any:
        entry = StatusEntry.objects.create(
            addressee=addressee,
            by=act.by,
            recorded_at=act.at,
            as_of=act.at.date(),
            state="in_progress",
            public_note="It began.",
        )
        return SimpleNamespace(entry=entry, response=None, source=None)

    monkeypatch.setattr("recommendations.admin.update.record_update", without_its_source)
    sent = {**fields, "state": "not_started", "as_of": "2026-01-05", "public_note": "An hour of work."}
    answer = client.post(address, sent)
    assert (answer.status_code, StatusEntry.objects.count(), SentForm.objects.count()) == (409, 0, 0)
    assert "An entry lacks the source that its state or its confidence needs." in answer.content.decode()
    assert ("Public note", "An hour of work.") in answer.context["typed"]
    assert messages_of(answer) == []
