"""The pages of partnerships, actors and claims, as a visitor and the desk get them."""

import datetime as dt
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from partnerships.models import Actor, VerificationStatus
from partnerships.page.ledger import MAX_CLAIMS
from publishing.acting import Act
from publishing.actions import revise, save_draft, withdraw
from publishing.pages.lists import PAGE_SIZE
from tests.factories import (
    AS_OF,
    ActorFactory,
    AddresseeFactory,
    CitationFactory,
    ClaimFactory,
    ClaimLinkFactory,
    ClaimSubjectFactory,
    CooperationFactory,
    EventFactory,
    InstrumentActionFactory,
    InstrumentFactory,
    MembershipFactory,
    OfficialPositionFactory,
    PartnershipFactory,
    PartnershipLinkFactory,
    PartyFactory,
    RecommendationFactory,
    ResponseFactory,
    ReviewFactory,
    SourceFactory,
    TopicFactory,
    hidden,
    noon,
)
from tests.support.cast import Person
from tests.support.pages import page, words

pytestmark = [pytest.mark.django_db, pytest.mark.long]

TOMORROW = timezone.now() + dt.timedelta(days=1)


def titles(content: str) -> list[str]:
    """The titles of the records that a page lists, in their order."""
    found = re.findall(r'<p class="record__title"><a href="[^"]*">(.*?)</a>', content)
    return [re.sub(r"<[^>]+>", "", title) for title in found]


def section(content: str, anchor: str) -> str:
    """The words of one section or group of a page, from its anchor to the next one."""
    start = content.index(f'id="{anchor}"')
    following = re.search(r'<(section|aside|footer|div class="status-group)', content[start:])
    return words("<body>" + content[start : start + following.start() if following else None])


# Lists


def test_lists_show_what_is_published_and_nothing_else() -> None:
    for factory, address in ((PartnershipFactory, "/partnerships/"), (ActorFactory, "/actors/")):
        factory(published=True, name="Public one")
        factory(name="Draft one")
        factory(published=True, name="Embargoed one", embargo_until=TOMORROW)
        factory(withdrawn=True, name="Withdrawn one")
        assert titles(page(address)) == ["Public one"]


def test_claims_list_shows_what_is_published_and_nothing_else() -> None:
    ClaimFactory(published=True, statement="Public one.")
    ClaimFactory(statement="Draft one.")
    assert titles(page("/claims/")) == ["Public one."]


def test_desk_sees_drafts_marked_as_such(editor: Person, client_of: Callable[[Person], Client]) -> None:
    PartnershipFactory(name="Draft one")
    content = page("/partnerships/", client_of(editor))
    assert titles(content) == ["Draft one"]
    assert '<span class="tag tag--flag">Draft</span>' in content


@pytest.mark.parametrize("address", ["/partnerships/", "/actors/", "/claims/"])
def test_empty_list_says_so(address: str) -> None:
    assert "Nothing is published here yet" in words(page(address))


def test_list_of_partnerships_says_how_well_each_is_known() -> None:
    talks = PartnershipFactory(published=True, name="A")
    other = PartnershipFactory(published=True, name="B")
    for partnerships in ([talks], [talks, other]):
        ReviewFactory(claim=ClaimFactory(published=True, partnerships=partnerships), status="unverified")
    ClaimFactory(published=True, partnerships=[talks])
    ReviewFactory(claim=ClaimFactory(partnerships=[other]), status="refuted")
    PartnershipFactory(published=True, name="C")
    records = page("/partnerships/").split('<li class="record">')[1:]
    said = [re.findall(r"Verification: (\w+) (\d+)", words(f"<body>{record}")) for record in records]
    assert said == [[("Unverified", "2"), ("Unassessed", "1")], [("Unverified", "1")], []], "a draft is not counted"


def test_actors_stand_in_the_order_of_the_language() -> None:
    for name, turkish in (("Cyprus", "Kıbrıs"), ("Qatar", "Katar"), ("Chad", "Çad")):
        ActorFactory(published=True, name_en=name, name_tr=turkish)
    assert titles(page("/actors/")) == ["Chad", "Cyprus", "Qatar"]
    assert titles(page("/tr/actors/")) == ["Çad", "Katar", "Kıbrıs"]


def test_partnerships_are_filtered_by_party_form_status_and_topic() -> None:
    qatar, topic = ActorFactory(published=True, slug="qatar"), TopicFactory(published=True, slug="security")
    below = TopicFactory(published=True, parent=topic)
    first = PartnershipFactory(published=True, name="First", topics=[below], form="strategic", status="active")
    second = PartnershipFactory(published=True, name="Second")
    PartyFactory(partnership=first, actor=qatar)
    CooperationFactory(partnership=second, topic=topic)
    assert titles(page("/partnerships/", party="qatar")) == ["First"]
    assert titles(page("/partnerships/", form="defence")) == ["Second"]
    assert titles(page("/partnerships/", status="active")) == ["First"]
    assert titles(page("/partnerships/", topic="security")) == ["First", "Second"]
    assert "Nothing matches these filters" in words(page("/partnerships/", party="qatar", form="defence"))


def test_actors_are_filtered_by_kind_and_bloc() -> None:
    bloc = ActorFactory(published=True, name="A bloc", slug="bloc", kind=Actor.Kind.BLOC)
    MembershipFactory(bloc=bloc, member=ActorFactory(published=True, name="A member"))
    assert titles(page("/actors/", kind="bloc")) == ["A bloc"]
    assert titles(page("/actors/", bloc="bloc")) == ["A member"]


def test_claims_are_filtered_by_status_kind_partnership_actor_and_topic() -> None:
    qatar, gaza = ActorFactory(published=True, slug="qatar"), TopicFactory(published=True, slug="gaza")
    talks = PartnershipFactory(published=True, slug="talks")
    rumour = ClaimFactory(published=True, statement="Rumour.", partnerships=[talks], kind="agreement")
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED)
    view = ClaimFactory(published=True, statement="View.", perspective=qatar, topics=[gaza])
    said = ClaimFactory(published=True, statement="Said.", asserted_by=qatar)
    about = ClaimFactory(published=True, statement="About.")
    ClaimSubjectFactory(claim=about, actor=qatar)
    assert titles(page("/claims/", status="unverified")) == ["Rumour."]
    assert titles(page("/claims/", status="unassessed")) == ["About.", "Said.", "View."]
    assert titles(page("/claims/", kind="agreement")) == ["Rumour."]
    assert titles(page("/claims/", partnership="talks")) == ["Rumour."]
    assert titles(page("/claims/", actor="qatar")) == ["About.", "Said.", "View."]
    assert titles(page("/claims/", topic="gaza")) == ["View."]
    assert said.public_id in page("/claims/")
    assert view.public_id in page("/claims/")


def test_claims_are_filtered_by_the_status_known_on_a_day() -> None:
    claim = ClaimFactory(published=True, statement="Rumour.")
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED, as_of=AS_OF)
    content = page("/claims/", status="unverified", as_of="2025-06-01")
    assert titles(content) == ["Rumour."]
    assert "What we knew on 1 June 2025" in words(content)
    assert titles(page("/claims/", status="unverified", as_of="2025-05-31")) == []


def test_filter_does_not_offer_or_know_what_is_not_public() -> None:
    ActorFactory(slug="secret-actor", name="Secret actor")
    content = page("/claims/")
    assert "Secret actor" not in content
    answers = [page("/claims/", expect=400, actor=slug) for slug in ("secret-actor", "no-such-actor")]
    assert answers[0].replace("secret-actor", "no-such-actor") == answers[1]


def test_list_goes_on_page_by_page_and_back() -> None:
    for number in range(PAGE_SIZE + 2):
        ActorFactory(published=True, name=f"Actor {number:02}", slug=f"a-{number:02}")
    first = page("/actors/")
    assert titles(first) == [f"Actor {number:02}" for number in range(PAGE_SIZE)]
    assert f'rel="next" href="/actors/?after=a-{PAGE_SIZE - 1:02}"' in first
    assert 'rel="prev"' not in first
    second = page("/actors/", after=f"a-{PAGE_SIZE - 1:02}")
    assert titles(second) == [f"Actor {PAGE_SIZE:02}", f"Actor {PAGE_SIZE + 1:02}"]
    assert f'rel="prev" href="/actors/?before=a-{PAGE_SIZE:02}"' in second
    assert 'rel="next"' not in second
    back = page("/actors/", before=f"a-{PAGE_SIZE:02}")
    assert titles(back) == titles(first)
    assert 'rel="prev"' not in back


def test_pages_keep_the_filters() -> None:
    for number in range(PAGE_SIZE + 1):
        ClaimFactory(published=True, kind="finance", statement=f"Claim {number}.")
    assert re.search(
        r'rel="next" href="/claims/\?kind=finance&amp;after=[0-9a-z]{10}"', page("/claims/", kind="finance")
    )


def test_filters_that_are_set_can_be_lifted_one_by_one() -> None:
    content = page("/claims/", kind="finance", status="unverified")
    assert 'href="/claims/?status=unverified"' in content
    assert "Remove filter: Kind: Finance" in words(content)
    assert '<details class="filters">' in content, "closed: on a telephone the form would push away what was found"


# Addresses that cannot be read


@pytest.mark.parametrize(
    ("address", "parameter", "value", "advice"),
    [
        ("/claims/", "status", "true", "Choose one of: unassessed, unverified"),
        ("/claims/", "as_of", "yesterday", "Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026."),
        ("/claims/", "as_of", "2026-02-30", "There is no “2026-02-30” in the calendar."),
        ("/claims/", "as_of", "9999-01-01", "still to come"),
        ("/claims/", "as_of", "0001-01-01", "is no day we can read"),
        ("/claims/", "as_of", "1899-12-31", "too long ago"),
        ("/claims/", "after", "0000000000", "Begin at its first page."),
        ("/claims/", "before", "' OR 1=1", "Begin at its first page."),
        ("/claims/", "status", "un\0verified", "NUL byte"),
        ("/claims/", "utm\0", "x", "NUL byte"),
        ("/partnerships/", "party", "nobody", "Choose from the list."),
        ("/partnerships/", "topic", "nothing", "Choose from the list."),
        ("/claims/", "part", "nothing", "Choose one of: subject, perspective"),
        ("/claims/", "part", "perspective", "Choose the actor as well."),
        ("/actors/", "kind", "planet", "Choose one of: state, bloc"),
        ("/actors/", "parent", "nobody", "Choose from the list."),
        ("/actors/", "after", "a/b", "Begin at its first page."),
    ],
)
def test_address_that_cannot_be_read_says_which_part_and_what_to_do(
    address: str, parameter: str, value: str, advice: str
) -> None:
    said = words(page(f"{address}?{urlencode({parameter: value})}", expect=400))
    assert parameter.replace("\0", "␀") in said
    assert value.replace("\0", "␀") in said
    assert advice in said


def test_unreadable_day_is_named_on_a_page_too() -> None:
    partnership = PartnershipFactory(published=True)
    said = words(page(partnership.get_absolute_url(), expect=400, as_of="June 2025"))
    assert "Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026." in said


def test_unknown_parameter_of_others_is_left_alone() -> None:
    assert page("/claims/", utm_source="letter")


def test_withdrawn_row_does_not_end_the_list() -> None:
    assert page("/actors/", expect=400, after="draft-of-somebody")


# What is not there


@pytest.mark.parametrize("kind", ["partnerships", "actors", "claims"])
def test_draft_answers_like_something_that_never_was(kind: str) -> None:
    factory = {"partnerships": PartnershipFactory, "actors": ActorFactory, "claims": ClaimFactory}[kind]
    draft = factory()
    answer = page(f"/{kind}/{draft.identifier}/", expect=404)
    nothing = page(f"/{kind}/nosuchthing/", expect=404)
    assert answer.replace(draft.identifier, "nosuchthing") == nothing


def test_withdrawn_page_is_gone_and_says_why_and_nothing_else(reviewer: User) -> None:
    claim = ClaimFactory(published=True, statement="An accusation.")
    withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    content = page(claim.get_absolute_url(), expect=410)
    assert "It rested on a misreading." in words(content)
    assert claim.public_id in content
    assert "An accusation." not in content


def test_withdrawn_page_offers_the_desk_to_edit_it(
    reviewer: User, editor: Person, client_of: Callable[[Person], Client]
) -> None:
    claim = ClaimFactory(published=True, statement="An accusation.")
    withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    content = page(claim.get_absolute_url(), client_of(editor), expect=410)
    assert f'href="/admin/partnerships/claim/{claim.pk}/change/"' in content


def test_withdrawn_before_its_embargo_ended_was_never_here() -> None:
    claim = ClaimFactory(withdrawn=True, embargo_until=TOMORROW)
    page(claim.get_absolute_url(), expect=404)


def test_desk_sees_a_draft_with_a_notice_and_where_to_edit_it(
    editor: Person, client_of: Callable[[Person], Client]
) -> None:
    partnership = PartnershipFactory(name="Draft one")
    content = page(partnership.get_absolute_url(), client_of(editor))
    assert "Only the desk sees this page." in words(content)
    assert f'href="/admin/partnerships/partnership/{partnership.pk}/change/"' in content


def test_desk_is_told_of_an_embargo(editor: Person, client_of: Callable[[Person], Client]) -> None:
    partnership = PartnershipFactory(published=True, embargo_until=TOMORROW)
    assert "Under embargo until" in words(page(partnership.get_absolute_url(), client_of(editor)))


def test_partner_reads_as_a_visitor_does(partner: Person, client_of: Callable[[Person], Client]) -> None:
    draft = PartnershipFactory(name="Draft one")
    page(draft.get_absolute_url(), client_of(partner), expect=404)
    assert titles(page("/partnerships/", client_of(partner))) == []


def test_visitor_is_given_no_cookie() -> None:
    partnership = PartnershipFactory(published=True)
    for address in ("/partnerships/", partnership.get_absolute_url(), "/partnerships/none/", "/claims/?status=x"):
        assert "Set-Cookie" not in Client().get(address).headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(method: str) -> None:
    assert getattr(Client(), method)("/partnerships/").status_code == 405


# The page of a partnership


def test_partnership_keeps_rumours_apart_from_what_is_confirmed_with_both_governments_silent() -> None:
    pakistan, qatar = (ActorFactory(published=True, name=name) for name in ("Pakistan", "Qatar"))
    talks = PartnershipFactory(published=True, name="Talks")
    confirmed = ClaimFactory(published=True, statement="They talk.", partnerships=[talks])
    ReviewFactory(claim=confirmed, status=VerificationStatus.CORROBORATED)
    rumour = ClaimFactory(published=True, statement="There is a pact.", partnerships=[talks])
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED)
    for government in (pakistan, qatar):
        OfficialPositionFactory(claim=rumour, government=government, position="silent")
    ClaimFactory(published=True, statement="They expect more.", partnerships=[talks], kind="forecast")
    content = page(talks.get_absolute_url())
    assert "They talk." in section(content, "claims-confirmed")
    assert "There is a pact." not in section(content, "claims-confirmed")
    apart = section(content, "claims-unverified")
    assert "There is a pact." in apart
    assert "Pakistan: Position: Silent" in apart
    assert "Qatar: Position: Silent" in apart
    assert "They expect more." in section(content, "claims-unassessed")


def test_partnership_says_first_how_many_claims_have_which_status() -> None:
    talks = PartnershipFactory(published=True)
    ClaimFactory(statement="HIDDEN", partnerships=[talks])
    for _number in range(2):
        ClaimFactory(published=True, partnerships=[talks])
    ReviewFactory(
        claim=ClaimFactory(published=True, partnerships=[talks]), status=VerificationStatus.UNVERIFIED, as_of=AS_OF
    )
    known = section(page(talks.get_absolute_url()), "known")
    assert known.endswith("All claims by verification status 1 2 Unverified 1 Unassessed 2")
    before = section(page(talks.get_absolute_url(), as_of="2025-05-30"), "known")
    assert before.endswith("All claims by verification status 3 Unassessed 3")


def test_heading_of_claims_has_the_shape_of_their_status_and_an_empty_one_has_none() -> None:
    talks = PartnershipFactory(published=True)
    claim = ClaimFactory(published=True, partnerships=[talks])
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED, as_of=AS_OF)
    headings = re.findall(r'status-group__title">(.*?)</h3>', page(talks.get_absolute_url()), re.DOTALL)
    assert ["<svg" in heading for heading in headings] == [False, True], "nothing is confirmed, so no tick says so"
    assert "#verification-unverified" in headings[1]


def test_arabic_page_has_arabic_commas_and_keeps_the_direction_of_what_is_english() -> None:
    talks = PartnershipFactory(published=True, name="Talks (1).", version=2, version_note="A party was added.")
    pact = InstrumentFactory(partnership=talks)
    qatar = ActorFactory(published=True, name="Qatar", name_ar="قطر")
    InstrumentActionFactory(instrument=pact, party=qatar, date="")
    claim = ClaimFactory(published=True, partnerships=[talks])
    CitationFactory(
        claim=claim, source=SourceFactory(published=True, author_name="A. Author."), locator="p. 4.", quotation="So."
    )
    content = page(f"/ar{talks.get_absolute_url()}")
    said = words(content)
    assert "شراكة دفاعية، ناشئة" in said
    assert "مصدر واحد، منشأ مستقل واحد" in said
    assert "غير معروف</span>، قطر" in content
    assert '<span aria-current="page" dir="auto">Talks (1).</span>' in content
    assert "<bdi>A party was added.</bdi>" in content
    cited = page(f"/ar/claims/{claim.public_id}/")
    assert "<bdi>A. Author.</bdi>" in cited
    assert "<bdi>p. 4.</bdi>" in cited
    assert '<blockquote class="citation__quotation" dir="auto">' in cited


def test_partnership_says_that_nothing_is_confirmed() -> None:
    talks = PartnershipFactory(published=True)
    said = words(page(talks.get_absolute_url()))
    assert (
        "No claim is published yet. Confirmed Nothing is confirmed: no claim rests on two independent origins" in said
    )


def test_partnership_shows_each_perspective_beside_the_other() -> None:
    talks = PartnershipFactory(published=True)
    for name in ("Pakistan", "Qatar"):
        actor = ActorFactory(published=True, name=name, slug=name.lower())
        ClaimFactory(
            published=True, statement=f"{name} gains.", partnerships=[talks], perspective=actor, kind="rationale"
        )
    content = page(talks.get_absolute_url())
    assert "Pakistan gains." in section(content, "perspective-pakistan")
    assert "Qatar gains." not in section(content, "perspective-pakistan")
    assert "Qatar gains." in section(content, "perspective-qatar")


def test_partnership_shows_instruments_with_derived_status_and_independent_origins() -> None:
    partnership = PartnershipFactory(published=True)
    pact = InstrumentFactory(partnership=partnership, name="Mutual Defence Agreement", slug="pact")
    InstrumentActionFactory(instrument=pact, type="signed", date="2025-05")
    for _repeated in range(2):
        CitationFactory(instrument=pact, source=SourceFactory(published=True), independence_group="one-dispatch")
    said = section(page(partnership.get_absolute_url()), "instrument-pact")
    assert "Mutual Defence Agreement" in said
    assert "Signed" in said
    assert "May 2025" in said
    assert "Its existence rests on 1 independent origin." in said


def test_partnership_has_a_timeline_of_occurrences_actions_and_events() -> None:
    partnership = PartnershipFactory(published=True)
    ClaimFactory(published=True, statement="A strike.", partnerships=[partnership], valid="2025-03")
    ClaimFactory(published=True, statement="A view.", partnerships=[partnership], valid="2024", kind="assessment")
    pact = InstrumentFactory(partnership=partnership, name="Pact")
    InstrumentActionFactory(instrument=pact, type="signed", date="2025-04")
    EventFactory(published=True, name="Roundtable", partnerships=[partnership], start_date=dt.date(2025, 1, 9))
    EventFactory(published=True, name="Undated", partnerships=[partnership])
    said = section(page(partnership.get_absolute_url()), "timeline")
    places = [said.index(text) for text in ("9 January 2025 Roundtable", "March 2025 A strike.", "April 2025 Pact")]
    assert places == sorted(places)
    assert said.index("Undated") > places[-1]
    assert "A view." not in said


def test_partnership_links_both_ways_and_names_what_hangs_on_it() -> None:
    talks = PartnershipFactory(published=True, name="Talks")
    older, other = (PartnershipFactory(published=True, name=name) for name in ("Older pact", "Other tie"))
    PartnershipLinkFactory(source=older, target=talks, type="precedent_for")
    PartnershipLinkFactory(source=talks, target=other, type="complements")
    event = EventFactory(published=True, name="Roundtable", partnerships=[talks])
    RecommendationFactory(published=True, title="Talk more", partnerships=[talks], event=event)
    said = words(page(talks.get_absolute_url()))
    assert "Follows the precedent of Older pact" in said
    assert "Complements Other tie" in said
    assert "Talk more" in said
    assert "Roundtable" in said
    assert "Is a precedent for Talks" in words(page(older.get_absolute_url()))


def test_partnership_shows_cooperation_by_topic_and_stage() -> None:
    talks = PartnershipFactory(published=True)
    for name, stage in (("Air defence", "under_discussion"), ("Training", "operating")):
        CooperationFactory(partnership=talks, topic=TopicFactory(published=True, name=name), stage=stage)
    said = section(page(talks.get_absolute_url()), "cooperation")
    assert said.index("Training Operating") < said.index("Air defence Under discussion")


def test_partnership_shows_nothing_of_what_is_not_public() -> None:
    talks = PartnershipFactory(published=True, name="Talks")
    PartyFactory(partnership=talks, actor=ActorFactory(published=True, **hidden()))
    CooperationFactory(partnership=talks, topic=TopicFactory(published=True, **hidden()))
    talks.topics.add(TopicFactory(published=True, **hidden()))
    PartnershipLinkFactory(source=talks, target=PartnershipFactory(published=True, **hidden()))
    PartnershipLinkFactory(target=talks, source=PartnershipFactory(published=True, **hidden()))
    ClaimFactory(statement="HIDDEN", partnerships=[talks])
    claim = ClaimFactory(
        published=True, statement="Shown.", partnerships=[talks], perspective=ActorFactory(published=True, **hidden())
    )
    OfficialPositionFactory(claim=claim, government=ActorFactory(published=True, **hidden()))
    CitationFactory(claim=claim, source=SourceFactory(title="HIDDEN"))
    pact = InstrumentFactory(partnership=talks, name="Pact")
    CitationFactory(instrument=pact, source=SourceFactory(published=True, title="HIDDEN", embargo_until=TOMORROW))
    InstrumentActionFactory(instrument=pact, party=ActorFactory(published=True, **hidden()))
    EventFactory(name="HIDDEN", partnerships=[talks])
    RecommendationFactory(title="HIDDEN", partnerships=[talks])
    shown = RecommendationFactory(published=True, title="Asked", partnerships=[talks])
    AddresseeFactory(recommendation=shown, actor=ActorFactory(published=True, **hidden()))
    content = page(talks.get_absolute_url())
    assert "Shown." in content
    assert "Asked" in content
    assert "HIDDEN" not in content
    assert "No source for its existence is on record." in words(content)
    assert "no source supports it" in words(content)


def test_partnership_as_of_a_day_leaves_out_what_was_recorded_later() -> None:
    talks = PartnershipFactory(published=True)
    rumour = ClaimFactory(published=True, statement="There is a pact.", partnerships=[talks])
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED, as_of=AS_OF)
    ReviewFactory(
        claim=rumour, status=VerificationStatus.REFUTED, as_of=AS_OF, recorded_at=noon(AS_OF + dt.timedelta(days=9))
    )
    now, then = page(talks.get_absolute_url()), page(talks.get_absolute_url(), as_of="2025-06-05")
    assert "There is a pact." in section(now, "claims-fallen")
    assert "There is a pact." in section(then, "claims-unverified")
    assert "What we knew on 5 June 2025" in words(then)
    assert "Not yet public on that day" not in words(then)
    assert "Not yet public on that day" in words(page(talks.get_absolute_url(), as_of="2025-04-30"))


def test_partnership_shows_the_newest_claims_of_a_heading_and_where_the_others_are() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    for number in range(MAX_CLAIMS + 2):
        claim = ClaimFactory(published=True, statement=f"Rumour {number}.", partnerships=[talks])
        ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED)
        ClaimFactory(published=True, statement=f"Unread {number}.", partnerships=[talks], kind="finance")
    content = page("/partnerships/talks/")
    column = content[content.index('id="claims-unverified"') : content.index("claims are not yet assessed")]
    assert titles(column) == [f"Rumour {number}." for number in range(MAX_CLAIMS + 1, 1, -1)]
    assert f"The newest of {MAX_CLAIMS + 2} stand here." in words(content)
    assert 'href="/claims/?partnership=talks&amp;status=unverified"' in column
    assert f"Unverified ({MAX_CLAIMS + 2})" in words(content)
    rest = content[content.index('id="claims-unassessed"') :]
    assert len(titles(rest)) == MAX_CLAIMS
    assert 'href="/claims/?partnership=talks&amp;status=unassessed&amp;kind=finance"' in rest
    assert f"{MAX_CLAIMS + 2} claims are not yet assessed" in words(content)


def test_partnership_says_where_the_other_claims_from_a_point_of_view_are() -> None:
    talks, qatar = PartnershipFactory(published=True, slug="talks"), ActorFactory(published=True, slug="qatar")
    for _number in range(MAX_CLAIMS + 1):
        ClaimFactory(published=True, partnerships=[talks], perspective=qatar, kind="rationale")
    content = page("/partnerships/talks/")
    assert f"All {MAX_CLAIMS + 1} claims from its point of view" in section(content, "perspective-qatar")
    assert 'href="/claims/?partnership=talks&amp;actor=qatar&amp;part=perspective"' in content


def test_partnership_links_of_a_day_keep_the_day() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    claim = ClaimFactory(published=True, partnerships=[talks])
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED)
    other, qatar = PartnershipFactory(published=True), ActorFactory(published=True)
    PartnershipLinkFactory(source=talks, target=other)
    PartyFactory(partnership=talks, actor=qatar)
    ClaimSubjectFactory(claim=claim, actor=qatar)
    asked = RecommendationFactory(published=True, partnerships=[talks])
    content = page("/partnerships/talks/", as_of="2025-06-30")
    for thing in (claim, other, qatar, asked):
        assert f'href="{thing.get_absolute_url()}?as_of=2025-06-30"' in content
        assert f'href="{thing.get_absolute_url()}"' not in content
    of_claim = page(claim.get_absolute_url(), as_of="2025-06-30")
    assert f'href="{talks.get_absolute_url()}?as_of=2025-06-30"' in of_claim
    assert f'href="{qatar.get_absolute_url()}?as_of=2025-06-30"' in of_claim
    of_actor = page(qatar.get_absolute_url(), as_of="2025-06-30")
    assert f'href="{talks.get_absolute_url()}?as_of=2025-06-30"' in of_actor
    assert f'href="{claim.get_absolute_url()}?as_of=2025-06-30"' in of_actor


def test_partnership_gives_a_party_of_which_nothing_is_said_its_side_too() -> None:
    talks = PartnershipFactory(published=True)
    pakistan, qatar = (ActorFactory(published=True, name=name, slug=name.lower()) for name in ("Pakistan", "Qatar"))
    for actor in (qatar, pakistan):
        PartyFactory(partnership=talks, actor=actor)
    ClaimFactory(published=True, statement="Pakistan gains.", partnerships=[talks], perspective=pakistan)
    content = page(talks.get_absolute_url())
    assert content.index('id="perspective-qatar"') < content.index('id="perspective-pakistan"')
    assert "Nothing is on record of what it means for this side." in section(content, "perspective-qatar")


def test_partnership_keeps_contradictions_side_by_side_and_those_with_claims_of_others() -> None:
    talks = PartnershipFactory(published=True)
    said = ClaimFactory(published=True, statement="There is a pact.", partnerships=[talks])
    denied = ClaimFactory(published=True, statement="There is none.", kind="denial")
    ClaimLinkFactory(source=denied, target=said, type="contradicts")
    ClaimLinkFactory(source=ClaimFactory(statement="HIDDEN"), target=said, type="contradicts")
    ClaimLinkFactory(source=ClaimFactory(published=True, statement="It qualifies."), target=said, type="qualifies")
    content = page(talks.get_absolute_url())
    told = section(content, "contradictions")
    assert "There is none. Verification: Unassessed Denial" in told
    assert told.index("There is none.") < told.index("contradicts") < told.index("There is a pact.")
    assert "It qualifies." not in content
    assert "HIDDEN" not in content


def test_partnership_draws_its_timeline_and_says_the_same_in_a_table() -> None:
    talks = PartnershipFactory(published=True)
    claim = ClaimFactory(
        published=True, statement="A strike.", partnerships=[talks], valid="2025-03", kind="occurrence"
    )
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED, as_of=AS_OF)
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED, as_of=AS_OF + dt.timedelta(days=3))
    ReviewFactory(claim=claim, status=VerificationStatus.CORROBORATED, as_of=AS_OF + dt.timedelta(days=9))
    content = page(talks.get_absolute_url())
    drawing = content[content.index('<svg class="time-drawing__svg"') : content.index("timeline-table")]
    assert re.findall(r'class="mark__number"[^>]*>(\d+)<', drawing) == ["1", "2", "3"]
    assert re.findall(r'<tr role="row" id="moment-(\d+)"', content) == ["1", "2", "3"]
    assert 'aria-hidden="true"' in drawing
    told = section(content, "timeline")
    assert "1 June 2025 A strike. Verification: Unassessed became Verification: Unverified" in told
    assert "10 June 2025 A strike. Verification: Unverified became Verification: Corroborated" in told
    assert "4 June 2025" not in told, "who merely looked again changed nothing"
    assert "style=" not in content


def test_words_on_a_drawing_are_words_whatever_they_hold() -> None:
    evil = "</text></svg><script>alert(1)</script>\u200f"
    talks = PartnershipFactory(published=True, slug="talks", name=evil)
    ClaimFactory(published=True, statement=evil, partnerships=[talks], valid="2025-03", kind="occurrence")
    other = PartnershipFactory(published=True, name=f'"><img src=x onerror=alert(1)> {evil}')
    PartnershipLinkFactory(source=talks, target=other)
    InstrumentFactory(partnership=talks, name=evil)
    for address in ("/partnerships/talks/", "/ar/partnerships/talks/"):
        content = page(address)
        assert "<script" not in content
        assert "<img" not in content
        assert content.count("<svg") == content.count("</svg>")


def test_partnership_draws_its_links_and_says_the_same_in_a_table() -> None:
    talks = PartnershipFactory(published=True, name="Talks")
    PartnershipLinkFactory(
        source=PartnershipFactory(published=True, name="Older pact"), target=talks, type="precedent_for"
    )
    content = page(talks.get_absolute_url())
    network = content[content.index('id="network"') :]
    assert network.count("<svg class=") == 2, "one for wide pages, one for narrow ones"
    assert network.count(">Older pact</text>") == 2
    assert network.count(">Follows the precedent of</text>") == 2
    assert "Follows the precedent of Older pact" in words("<body>" + network[network.index("<table") :])


def test_picture_that_leaves_links_out_says_so() -> None:
    talks = PartnershipFactory(published=True)
    links = [PartnershipLinkFactory(source=talks, target=PartnershipFactory(published=True)) for _number in range(12)]
    told = section(page(talks.get_absolute_url()), "network")
    assert "The picture shows" not in told
    PartnershipLinkFactory(source=talks, target=PartnershipFactory(published=True))
    told = section(page(talks.get_absolute_url()), "network")
    assert "The picture shows the first 12; the table has all." in told
    assert told.count(" Complements ") >= len(links) + 1


def test_partnership_without_links_or_moments_draws_nothing() -> None:
    content = page(PartnershipFactory(published=True).get_absolute_url())
    assert 'id="network"' not in content
    assert 'id="timeline"' not in content


# What changed since a day


def test_what_changed_since_a_day_is_told_by_two_clocks() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    qatar = ActorFactory(published=True, name="Qatar")
    rumour = ClaimFactory(published=True, statement="There is a pact.", partnerships=[talks])
    later = noon(AS_OF + dt.timedelta(days=9))
    ReviewFactory(claim=rumour, status=VerificationStatus.UNVERIFIED, as_of=AS_OF, recorded_at=noon(AS_OF))
    ReviewFactory(claim=rumour, status=VerificationStatus.CORROBORATED, as_of=AS_OF, recorded_at=later)
    OfficialPositionFactory(claim=rumour, government=qatar, position="silent", as_of=AS_OF, recorded_at=later)
    pact = InstrumentFactory(partnership=talks, name="Pact")
    InstrumentActionFactory(instrument=pact, party=qatar, type="signed", as_of=AS_OF, recorded_at=later)
    told = section(page("/partnerships/talks/", since="2025-06-01"), "since-then")
    assert "What changed since 1 June 2025" in told
    assert (
        "There is a pact. Verification: Unverified became Verification: Corroborated 1 June 2025 10 June 2025" in told
    )
    assert "There is a pact. Qatar: Position: Silent 1 June 2025 10 June 2025" in told
    assert "Pact Signed, Qatar 1 June 2025 10 June 2025" in told
    assert told.count("10 June 2025") == 3
    assert "Nothing was recorded since." in section(page("/partnerships/talks/", since="2025-06-10"), "since-then")


def test_what_changed_since_a_day_includes_what_became_public() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    ClaimFactory(published=True, statement="New one.", partnerships=[talks], published_at=noon(AS_OF))
    ClaimFactory(statement="HIDDEN", partnerships=[talks])
    told = section(page("/partnerships/talks/", since="2025-05-31"), "since-then")
    assert "New one. New here" in told
    assert "HIDDEN" not in told
    assert "New one." not in section(page("/partnerships/talks/", since="2025-06-01"), "since-then")


def test_claim_became_public_when_its_embargo_ended() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    ClaimFactory(
        published=True,
        statement="New one.",
        partnerships=[talks],
        published_at=noon(AS_OF),
        embargo_until=noon(AS_OF + dt.timedelta(days=9)),
    )
    told = section(page("/partnerships/talks/", since="2025-06-09"), "since-then")
    assert "New one. New here" in told
    assert "10 June 2025" in told
    assert "New one." not in section(page("/partnerships/talks/", since="2025-06-10"), "since-then")


def test_what_changed_since_a_day_includes_words_with_their_note(editor: User) -> None:
    talks = PartnershipFactory(published=True, slug="talks", name="Talks")
    rumour = ClaimFactory(published=True, statement="There is an old pact.", partnerships=[talks])
    elsewhere = ClaimFactory(published=True)
    draft = ClaimFactory(statement="HIDDEN", partnerships=[talks])
    rumour.statement_en = "There is a pact."
    revise(rumour, by=editor, note="It is not said how old it is.")
    talks.summary_en = "They talk."
    revise(talks, by=editor, note="A summary was added.")
    revise(elsewhere, by=editor, note="HIDDEN")
    draft.statement_en = "HIDDEN still"
    save_draft(draft, by=editor)
    yesterday = (timezone.now() - dt.timedelta(days=1)).date().isoformat()
    told = section(page("/partnerships/talks/", since=yesterday), "since-then")
    assert "There is a pact. Version 2: It is not said how old it is. about no day" in told
    assert "Talks Version 2: A summary was added. about no day" in told
    assert "old pact" not in told
    assert "HIDDEN" not in told
    today = timezone.now().date().isoformat()
    assert "Nothing was recorded since." in section(page("/partnerships/talks/", since=today), "since-then")
    before = page("/partnerships/talks/", since="2025-05-02", as_of=yesterday)
    assert "Nothing was recorded since." in section(before, "since-then")


@pytest.mark.parametrize("hidden", ["withdrawn", "embargo"])
def test_note_of_what_is_not_public_any_more_is_not_told(hidden: str, editor: User, reviewer: User) -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    later = {"embargo_until": TOMORROW} if hidden == "embargo" else {}
    claim = ClaimFactory(published=True, partnerships=[talks], **later)
    revise(claim, by=editor, note="HIDDEN")
    if hidden == "withdrawn":
        withdraw(claim, act=Act(by=reviewer, at=timezone.now()), note="It was forged.")
    assert "HIDDEN" not in page("/partnerships/talks/", since="2025-06-01")


def test_what_changed_between_two_days_leaves_out_what_was_recorded_later() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    rumour = ClaimFactory(published=True, statement="There is a pact.", partnerships=[talks])
    for days, status in ((1, VerificationStatus.UNVERIFIED), (9, VerificationStatus.REFUTED)):
        ReviewFactory(claim=rumour, status=status, as_of=AS_OF, recorded_at=noon(AS_OF + dt.timedelta(days=days)))
    told = section(page("/partnerships/talks/", since="2025-06-01", as_of="2025-06-05"), "since-then")
    assert "Unverified" in told
    assert "Refuted" not in told


def test_what_changed_shows_nothing_of_what_is_not_public() -> None:
    talks = PartnershipFactory(published=True, slug="talks")
    hidden = ClaimFactory(statement="HIDDEN", partnerships=[talks])
    ReviewFactory(claim=hidden, status=VerificationStatus.UNVERIFIED)
    shown = ClaimFactory(published=True, statement="Shown.", partnerships=[talks])
    secret = ActorFactory(published=True, name="HIDDEN", embargo_until=TOMORROW)
    OfficialPositionFactory(claim=shown, government=secret)
    pact = InstrumentFactory(partnership=talks, name="Pact")
    InstrumentActionFactory(instrument=pact, type="ratified", party=secret)
    InstrumentActionFactory(instrument=pact, type="signed")
    content = page("/partnerships/talks/", since="2025-01-01")
    assert "Pact Signed" in section(content, "since-then")
    assert "Ratified" not in section(content, "since-then")
    assert "HIDDEN" not in content


@pytest.mark.parametrize(
    ("query", "advice"),
    [
        ({"since": "yesterday"}, "Write 2026-04-03, or the day first: 3/4/2026 or 3 April 2026."),
        ({"since": "2026-02-30"}, "There is no “2026-02-30” in the calendar."),
        ({"since": "9999-01-01"}, "still to come"),
        ({"since": "1899-12-31"}, "too long ago"),
        ({"since": "2025-06-02", "as_of": "2025-06-01"}, "Choose that day or one before it."),
    ],
)
def test_day_since_which_cannot_be_read_is_named(query: dict[str, str], advice: str) -> None:
    partnership = PartnershipFactory(published=True)
    said = words(page(f"{partnership.get_absolute_url()}?{urlencode(query)}", expect=400))
    assert "since" in said
    assert query["since"] in said
    assert advice in said


def test_day_in_an_arabic_refusal_keeps_its_order() -> None:
    partnership = PartnershipFactory(published=True)
    query = urlencode({"since": "2025-06-02", "as_of": "2025-06-01"})
    assert "\u20662025-06-01\u2069" in page(f"/ar{partnership.get_absolute_url()}?{query}", expect=400)


# The page of an actor


def test_actor_shows_its_partnerships_what_it_was_asked_and_what_it_says() -> None:
    qatar = ActorFactory(published=True, name="Qatar")
    bloc = ActorFactory(published=True, name="The Bloc", kind=Actor.Kind.BLOC)
    MembershipFactory(bloc=bloc, member=qatar, since=dt.date(1981, 5, 25))
    PartyFactory(actor=qatar, partnership=PartnershipFactory(published=True, name="Talks"))
    asked = AddresseeFactory(actor=qatar, recommendation=RecommendationFactory(published=True, title="Talk more"))
    ResponseFactory(addressee=asked, noted=True)
    rumour = ClaimFactory(published=True, statement="There is a pact.")
    OfficialPositionFactory(claim=rumour, government=qatar, position="silent")
    ClaimSubjectFactory(claim=ClaimFactory(published=True, statement="It hosts a base."), actor=qatar)
    ClaimFactory(published=True, statement="It gains.", perspective=qatar)
    content = page(qatar.get_absolute_url())
    assert "Talks" in section(content, "partnerships")
    assert "Talk more" in section(content, "addressed")
    assert "Response: Noted" in section(content, "addressed")
    assert "There is a pact." in section(content, "positions")
    assert "Position: Silent" in section(content, "positions")
    assert "It gains." in section(content, "perspective")
    assert "It hosts a base." in section(content, "claims")
    assert "It gains." not in section(content, "claims")
    assert "The Bloc since 1981" in words(content)
    assert "Qatar since 1981" in words(page(bloc.get_absolute_url()))


def test_actor_shows_nothing_of_what_is_not_public() -> None:
    qatar = ActorFactory(published=True, name="Qatar", parent=ActorFactory(published=True, **hidden()))
    ActorFactory(published=True, parent=qatar, **hidden())
    MembershipFactory(bloc=ActorFactory(published=True, kind=Actor.Kind.BLOC, **hidden()), member=qatar)
    PartyFactory(actor=qatar, partnership=PartnershipFactory(name="HIDDEN"))
    AddresseeFactory(actor=qatar, recommendation=RecommendationFactory(title="HIDDEN"))
    OfficialPositionFactory(claim=ClaimFactory(statement="HIDDEN"), government=qatar)
    ClaimSubjectFactory(claim=ClaimFactory(statement="HIDDEN"), actor=qatar)
    ClaimFactory(statement="HIDDEN", perspective=qatar)
    content = page(qatar.get_absolute_url())
    assert "Qatar" in content
    assert "HIDDEN" not in content


def test_actor_shows_a_few_of_its_claims_and_where_the_others_are() -> None:
    qatar = ActorFactory(published=True, slug="qatar")
    for _number in range(13):
        ClaimSubjectFactory(claim=ClaimFactory(published=True), actor=qatar)
    content = page("/actors/qatar/")
    assert len(titles(content[content.index('id="claims"') :])) == 12
    assert 'href="/claims/?actor=qatar&amp;part=subject"' in content


def test_actor_shows_what_it_asserts_apart_from_what_is_said_about_it() -> None:
    qatar = ActorFactory(published=True, slug="qatar")
    said = ClaimFactory(published=True, statement="It says so.", asserted_by=qatar)
    ClaimSubjectFactory(claim=said, actor=qatar)
    content = page("/actors/qatar/")
    assert "It says so." in section(content, "asserted")
    assert "There is none." in section(content, "claims")


def test_actor_shows_few_of_each_thing_and_where_the_others_are() -> None:
    qatar = ActorFactory(published=True, slug="qatar", kind=Actor.Kind.BLOC)
    for number in range(13):
        PartyFactory(partnership=PartnershipFactory(published=True), actor=qatar)
        ActorFactory(published=True, parent=qatar, name=f"Part {number:02}")
        MembershipFactory(bloc=qatar, member=ActorFactory(published=True, name=f"Member {number:02}"))
        ClaimFactory(published=True, perspective=qatar)
        ClaimFactory(published=True, asserted_by=qatar)
        OfficialPositionFactory(claim=ClaimFactory(published=True), government=qatar)
    content = page("/actors/qatar/")
    for anchor in ("partnerships", "positions", "perspective", "asserted"):
        part = content[content.index(f'id="{anchor}"') :]
        assert len(titles(part[: part.index("</section>")])) == 12, anchor
    for address in (
        "/partnerships/?party=qatar",
        "/actors/?parent=qatar",
        "/actors/?bloc=qatar",
        "/claims/?actor=qatar&amp;part=position",
        "/claims/?actor=qatar&amp;part=perspective",
        "/claims/?actor=qatar&amp;part=asserted_by",
    ):
        assert f'href="{address}"' in content
        assert page(address.replace("&amp;", "&"))
    assert "Part 11" in content
    assert "Part 12" not in content
    assert "Member 12" not in content


def test_actor_as_of_a_day_leaves_out_what_was_recorded_later() -> None:
    qatar = ActorFactory(published=True, slug="qatar")
    claim = ClaimFactory(published=True, statement="There is a pact.", perspective=qatar)
    ReviewFactory(claim=claim, status=VerificationStatus.REFUTED, as_of=AS_OF)
    OfficialPositionFactory(claim=claim, government=qatar, position="silent", as_of=AS_OF)
    content = page("/actors/qatar/", as_of="2025-05-31")
    assert "What we knew on 31 May 2025" in words(content)
    assert "Unassessed" in section(content, "perspective")
    assert 'id="positions"' not in content
    assert "Refuted" in section(page("/actors/qatar/"), "perspective")


def test_claims_are_filtered_by_what_an_actor_has_to_do_with_them() -> None:
    qatar = ActorFactory(published=True, slug="qatar")
    ClaimFactory(published=True, statement="View.", perspective=qatar)
    ClaimFactory(published=True, statement="Said.", asserted_by=qatar)
    ClaimSubjectFactory(claim=ClaimFactory(published=True, statement="About."), actor=qatar)
    held = ClaimFactory(published=True, statement="Held.")
    OfficialPositionFactory(claim=held, government=qatar, position="silent", as_of=AS_OF)
    for part, statement in (
        ("perspective", "View."),
        ("asserted_by", "Said."),
        ("subject", "About."),
        ("position", "Held."),
    ):
        assert titles(page("/claims/", actor="qatar", part=part)) == [statement]
    assert titles(page("/claims/", actor="qatar", part="position", as_of="2025-05-31")) == []


# The page of a claim


def test_claim_shows_status_origins_sources_reviews_and_positions() -> None:
    source = SourceFactory(published=True, title="An analysis")
    claim = ClaimFactory(
        published=True,
        statement="About 650 serve there.",
        kind="presence",
        quantity_min=650,
        quantity_max=650,
        quantity_approximate=True,
        unit="military personnel",
        valid="2022~",
    )
    for locator in ("page 1", "page 2"):
        CitationFactory(
            claim=claim,
            source=source,
            locator=locator,
            independence_group="analysis",
            source_reliability="B",
            information_credibility="2",
        )
    sender = ActorFactory(published=True, name="Pakistan")
    ClaimSubjectFactory(claim=claim, actor=sender, role="sender")
    ReviewFactory(claim=claim, status=VerificationStatus.UNVERIFIED, as_of=AS_OF, reason="Only one says so.")
    OfficialPositionFactory(claim=claim, government=sender, position="silent")
    other = ClaimFactory(published=True, statement="Nobody serves there.")
    ClaimLinkFactory(source=other, target=claim, type="contradicts")
    said = words(page(claim.get_absolute_url()))
    assert "Verification: Unverified as of 1 June 2025 1 source, 1 independent origin" in said
    assert said.count("1 source, 1 independent origin") == 2  # in the heading, and above the sources
    assert "2 sources" not in said
    assert "1 independent origin Pakistan: Position: Silent What governments say" in said, "at first sight"
    assert "B2 usually reliable source; probably true" in said
    assert "publisher unknown unsigned undated page 1" in said
    assert "Only one says so." in said
    assert "Pakistan Position: Silent" in said
    assert "How much about 650 military personnel" in said
    assert "When about 2022" in said
    assert "Sender Pakistan" in said
    assert "Is contradicted by Nobody serves there." in said


def test_heading_and_evidence_of_a_claim_count_what_supports_it() -> None:
    claim = ClaimFactory(published=True)
    for stance in ("supports", "supports", "contradicts", "mentions"):
        CitationFactory(claim=claim, source=SourceFactory(published=True), stance=stance)
    said = words(page(claim.get_absolute_url()))
    assert said.count("2 sources, 2 independent origins") == 2
    denied = ClaimFactory(published=True)
    CitationFactory(claim=denied, source=SourceFactory(published=True), stance="contradicts")
    assert words(page(denied.get_absolute_url())).count("no source supports it") == 2


def test_claim_shows_corrected_reviews_as_such_and_the_standing_one_as_its_status() -> None:
    claim = ClaimFactory(published=True)
    mistaken = ReviewFactory(claim=claim, status=VerificationStatus.REFUTED, as_of=AS_OF)
    ReviewFactory(claim=claim, status=VerificationStatus.DISPUTED, as_of=AS_OF, corrects=mistaken)
    said = words(page(claim.get_absolute_url()))
    assert "Verification: Disputed as of 1 June 2025" in said
    assert "corrected since Verification: Refuted" in said
    assert "corrects an earlier entry Verification: Disputed" in said


def test_claim_as_of_a_day_before_its_review_is_unassessed() -> None:
    claim = ClaimFactory(published=True)
    ReviewFactory(claim=claim, status=VerificationStatus.REFUTED, as_of=AS_OF)
    said = words(page(claim.get_absolute_url(), as_of="2025-05-31"))
    assert "Verification: Unassessed no review yet" in said
    assert "Refuted" not in said


def test_claim_shows_nothing_of_what_is_not_public() -> None:
    claim = ClaimFactory(
        published=True,
        statement="Shown.",
        perspective=ActorFactory(published=True, **hidden()),
        asserted_by=ActorFactory(published=True, **hidden()),
        partnerships=[PartnershipFactory(published=True, **hidden())],
        topics=[TopicFactory(published=True, **hidden())],
    )
    ClaimSubjectFactory(claim=claim, actor=ActorFactory(published=True, **hidden()))
    ClaimLinkFactory(source=claim, target=ClaimFactory(statement="HIDDEN"))
    ClaimLinkFactory(target=claim, source=ClaimFactory(statement="HIDDEN"))
    CitationFactory(claim=claim, source=SourceFactory(published=True, title="HIDDEN", embargo_until=TOMORROW))
    CitationFactory(
        claim=claim, source=SourceFactory(published=True, publisher=ActorFactory(published=True, **hidden()))
    )
    OfficialPositionFactory(claim=claim, government=ActorFactory(published=True, **hidden()))
    OfficialPositionFactory(
        claim=claim,
        government=ActorFactory(published=True),
        position="denied",
        source=SourceFactory(published=True, title="HIDDEN", embargo_until=TOMORROW),
    )
    InstrumentFactory(partnership=PartnershipFactory(), name="HIDDEN", promoted_from=claim)
    content = page(claim.get_absolute_url())
    assert "Shown." in content
    assert "HIDDEN" not in content
    assert "1 source, 1 independent origin" in words(content)


def test_person_who_recorded_is_named_nowhere(editor: Person) -> None:
    claim = ClaimFactory(published=True, author=editor)
    ReviewFactory(claim=claim, by=editor)
    OfficialPositionFactory(claim=claim, government=ActorFactory(published=True), by=editor)
    assert "editor" not in page(claim.get_absolute_url()).lower()


def test_sensitive_claim_comes_with_a_warning_and_its_context() -> None:
    claim = ClaimFactory(published=True, sensitive=True, context="Said by one participant.")
    assert "do not quote it without them" in words(page(claim.get_absolute_url()))
    assert "Said by one participant." in words(page("/claims/"))


# Languages


def test_text_that_is_not_translated_is_shown_in_its_original_language() -> None:
    PartnershipFactory(published=True, slug="talks", name_en="Talks", name_ar="محادثات", summary="They go on.")
    content = page("/ar/partnerships/talks/")
    assert '<html lang="ar" dir="rtl">' in content
    assert "<h1>محادثات</h1>" in content
    assert '<div class="prose" lang="en" dir="ltr"><p>They go on.</p>' in content
    assert "notice--quiet" in content


def test_page_points_to_its_other_languages() -> None:
    PartnershipFactory(published=True, slug="talks")
    content = page("/tr/partnerships/talks/")
    for language, address in (
        ("en", "/partnerships/talks/"),
        ("tr", "/tr/partnerships/talks/"),
        ("ar", "/ar/partnerships/talks/"),
    ):
        assert f'<link rel="alternate" hreflang="{language}" href="http://testserver{address}">' in content
