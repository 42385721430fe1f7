"""The citations of pages: who gets one, of what, and the tags of the page for reference managers."""

import datetime as dt
import html
import json
import re
from typing import Any

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.models import GroupSize
from events.models.event import AttributionRule
from events.models.support import PointSupport
from publishing import actions
from publishing.acting import Act
from tests.factories import (
    AS_OF,
    ActorFactory,
    ClaimFactory,
    EventFactory,
    GroupSizeFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    ReviewFactory,
    SeriesFactory,
    SessionFactory,
)
from tests.support.pages import page, words
from tests.support.published import everything

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FORMATS = ("bibtex", "ris", "csl")
TODAY = timezone.now().date()
PUBLICATIONS = (ActorFactory, PartnershipFactory, ClaimFactory, SeriesFactory, EventFactory, RecommendationFactory)


def item(address: str, client: Client | None = None, **query: str) -> dict[str, Any]:
    """The one item of the CSL-JSON of `address`."""
    response = (client or Client()).get(address, {**query, "format": "csl"})
    assert response.status_code == 200, (address, response.status_code)
    (found,) = response.json()
    return dict(found)


def tags(content: str) -> dict[str, str]:
    """The `citation_*` tags of a page."""
    found = re.findall(r'<meta name="(citation_\w+)" content="([^"]*)">', content)
    assert len(dict(found)) == len(found)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.parametrize("collection", ["partnerships", "actors", "claims", "events", "series", "recommendations"])
def test_every_page_gives_its_citation_in_three_formats_and_its_tags(collection: str) -> None:
    thing = everything()[collection]
    address = thing.get_absolute_url()
    content = page(address)
    taken = {format: Client().get(address, {"format": format}) for format in FORMATS}
    assert [taken[format].headers["Content-Type"] for format in FORMATS] == [
        "application/x-bibtex; charset=utf-8",
        "application/x-research-info-systems; charset=utf-8",
        "application/vnd.citationstyles.csl+json; charset=utf-8",
    ]
    (entry,) = parse_string(taken["bibtex"].content.decode()).entries
    (record,) = rispy.loads(taken["ris"].content.decode())
    (cited,) = taken["csl"].json()
    key = cited["id"]
    assert (entry.key, record["id"]) == (key, key)
    assert taken["ris"].headers["Content-Disposition"] == f'attachment; filename="{key}.ris"'
    assert [entry[name] for name in ("number", "version", "url")] == [cited[n] for n in ("number", "version", "URL")]
    assert (record["issn"], record["edition"], record["urls"]) == (cited["number"], cited["version"], [cited["URL"]])
    assert (record["title"], record["date"]) == (cited["title"], "2025/05/01/")
    found = tags(content)
    assert (found["citation_title"], found["citation_public_url"]) == (cited["title"], cited["URL"])
    assert found["citation_publication_date"] == "2025/5/1"
    for format in FORMATS:
        assert f'href="{address}?format={format}"' in content
    assert re.search(r'<section class="section cite" id="cite".*?</section>', content, re.DOTALL)


@pytest.mark.parametrize("collection", ["partnerships", "actors", "claims", "series", "recommendations"])
def test_page_of_a_day_is_cited_as_of_that_day(collection: str) -> None:
    address = everything()[collection].get_absolute_url()
    cited = item(address, as_of="2025-06-30")
    assert cited["URL"] == f"http://testserver{address}?as_of=2025-06-30"
    assert cited["custom"] == {"as-of": "2025-06-30"}
    assert cited["id"].endswith("-v1-2025-06-30")
    assert cited["accessed"] == {"date-parts": [[TODAY.year, TODAY.month, TODAY.day]]}
    content = page(address, as_of="2025-06-30")
    assert tags(content)["citation_technical_report_number"].endswith(", version 1, as known on 2025-06-30")
    assert "as known on 30 June 2025. Published on 1 May 2025." in words(content)
    assert f'href="{address}?as_of=2025-06-30&amp;format=ris"' in content


@pytest.mark.parametrize("collection", ["partnerships", "claims", "series", "recommendations"])
def test_page_that_tells_of_any_day_is_cited_as_of_today(collection: str) -> None:
    address = everything()[collection].get_absolute_url()
    assert item(address)["URL"] == f"http://testserver{address}?as_of={TODAY.isoformat()}"


@pytest.mark.parametrize("collection", ["events"])
def test_page_that_takes_no_day_is_cited_with_the_day_on_which_it_was_read_alone(collection: str) -> None:
    address = everything()[collection].get_absolute_url()
    cited = item(address)
    assert (cited["URL"], "custom" in cited) == (f"http://testserver{address}", False)


def test_claim_is_cited_with_what_was_known_of_it_on_the_day() -> None:
    claim = ClaimFactory(published=True)
    ReviewFactory(claim=claim, status="unverified", as_of=AS_OF)
    ReviewFactory(claim=claim, status="officially_confirmed", as_of=AS_OF + dt.timedelta(days=10))
    address = claim.get_absolute_url()

    def note(day: dt.date) -> str:
        return str(item(address, as_of=day.isoformat())["note"])

    before, between, after = (AS_OF + dt.timedelta(days=days) for days in (-1, 5, 10))
    assert note(before) == f"version 1; verification status: Unassessed; as known on {before}"
    assert note(between) == f"version 1; verification status: Unverified; as known on {between}"
    assert note(after) == f"version 1; verification status: Officially confirmed; as known on {after}"
    assert tags(page(address, as_of=str(between)))["citation_abstract"] == "verification status: Unverified"


@pytest.mark.parametrize(
    ("title", "said"),
    [("A pact", "A pact. Partnership"), ("A pact?", "A pact? Partnership"), ("A pact.", "A pact. Partnership")],
)
def test_sentence_names_all_and_stops_once_after_the_title(title: str, said: str) -> None:
    partnership = PartnershipFactory(published=True, name=title, slug="pact")
    sentence = re.sub(r" ([,.])", r"\1", words(page(partnership.get_absolute_url(), as_of="2025-06-30")))
    assert (
        f"Cite this Majlis. {said} pact, version 1, as known on 30 June 2025. Published on 1 May 2025. "
        "http://testserver/partnerships/pact/?as_of=2025-06-30 BibTeX RIS CSL-JSON"
    ) in sentence


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("factory", PUBLICATIONS)
def test_draft_has_no_citation(factory: Any, format: str) -> None:
    draft = factory()
    assert Client().get(draft.get_absolute_url(), {"format": format}).status_code == 404


@pytest.mark.parametrize("factory", PUBLICATIONS)
def test_draft_and_embargoed_are_not_cited_at_the_desk_either(factory: Any, editor: User) -> None:
    client = Client()
    client.force_login(editor)
    tomorrow = timezone.now() + dt.timedelta(days=1)
    for thing in (factory(), factory(published=True, embargo_until=tomorrow)):
        content = page(thing.get_absolute_url(), client)
        assert (tags(content), 'id="cite"' in content) == ({}, False)
        assert client.get(thing.get_absolute_url(), {"format": "ris"}).status_code == 404


@pytest.mark.parametrize("factory", PUBLICATIONS)
def test_withdrawn_answers_with_its_tombstone(factory: Any, reviewer: User) -> None:
    thing = factory(published=True)
    actions.withdraw(thing, act=Act(by=reviewer, at=timezone.now()), note="It rested on a misreading.")
    for suffix in ("", *(f"?format={format}" for format in FORMATS)):
        content = page(f"{thing.get_absolute_url()}{suffix}", expect=410)
        assert "It rested on a misreading." in words(content)
        assert tags(content) == {}


@pytest.mark.parametrize("value", ["", "BibTeX", "json", "csl\0", "../../etc/passwd", "ris\r\nSet-Cookie: a=b"])
def test_unknown_format_is_refused_with_those_that_exist(value: str) -> None:
    content = page(ClaimFactory(published=True).get_absolute_url(), expect=400, format=value)
    if "\0" not in value:
        assert "There is no such format. Choose one of: bibtex, ris, csl." in words(content)


def test_day_that_is_none_is_refused_before_anything_is_cited() -> None:
    page(ClaimFactory(published=True).get_absolute_url(), expect=400, format="ris", as_of="2025-02-30")


def test_hostile_words_stay_words() -> None:
    said = 'A "pact" <script>alert(1)</script> & {more\nER  - \nTY  - JOUR\nUR  - https://evil.example'
    claim = ClaimFactory(published=True, statement_en=said)
    address = claim.get_absolute_url()
    kept = 'A "pact" <script>alert(1)</script> & {more ER  - TY  - JOUR UR  - https://evil.example'.replace("  ", " ")
    content = page(address)
    assert tags(content)["citation_title"] == kept
    assert "<script>alert" not in content
    (record,) = rispy.loads(Client().get(address, {"format": "ris"}).content.decode())
    assert (record["title"], record["urls"]) == (kept, [f"http://testserver{address}?as_of={TODAY}"])
    library = parse_string(Client().get(address, {"format": "bibtex"}).content.decode())
    assert (library.failed_blocks, len(library.entries)) == ([], 1)


def test_title_says_its_language_where_it_is_not_the_page_s() -> None:
    claim = ClaimFactory(published=True, statement_en="A pact is near.", statement_ar=None)
    address = f"/ar{claim.get_absolute_url()}"
    cited = item(address)
    assert (cited["language"], cited["title"], cited["genre"]) == ("en", "A pact is near.", "إفادة")
    assert cited["URL"].startswith("http://testserver/ar/claims/")
    content = page(address)
    assert '<cite><span lang="en" dir="ltr">A pact is near.</span></cite>' in content


def test_turkish_letters_and_arabic_come_through() -> None:
    claim = ClaimFactory(
        published=True, statement_en="A pact.", statement_tr="İğdır’da ŞÇÖĞÜ ıi görüşüldü.", statement_ar="اتفاق قريب؟"
    )
    path = claim.get_absolute_url()
    for prefix, said in (("/tr", "İğdır’da ŞÇÖĞÜ ıi görüşüldü."), ("/ar", "اتفاق قريب؟")):
        address = f"{prefix}{path}"
        assert item(address)["title"] == said
        assert f"  title = {{{{{said}}}}},\n" in Client().get(address, {"format": "bibtex"}).content.decode()
        assert f"TI  - {said}\r\n" in Client().get(address, {"format": "ris"}).content.decode()


def test_day_and_identifier_keep_their_order_among_arabic_words() -> None:
    actor = ActorFactory(published=True, slug="2025-talks", name_ar="محادثات")
    address = actor.get_absolute_url()
    day = "2025-06-01"
    arabic = page(f"/ar{address}", as_of=day)
    assert f'content="\u20662025-talks\u2069, الإصدار 1, وفق المعلوم في \u2066{day}\u2069"' in arabic
    note = f"الإصدار 1; وفق المعلوم في \u2066{day}\u2069"
    for format in ("bibtex", "ris", "csl"):
        assert note in Client().get(f"/ar{address}", {"format": format, "as_of": day}).content.decode()
    english = page(address, as_of=day)
    assert f'content="2025-talks, version 1, as known on {day}"' in english
    assert "\u2066" not in english
    assert "\u2066" not in Client().get(address, {"format": "csl", "as_of": day}).content.decode()


def test_publisher_is_the_institution_of_the_settings(settings: Any) -> None:
    settings.MAJLIS_PUBLISHER = "Centre for Gulf & Levant Studies"
    address = ClaimFactory(published=True).get_absolute_url()
    assert item(address)["author"] == [{"literal": "Centre for Gulf & Levant Studies"}]
    assert (
        r"author = {{Centre for Gulf \& Levant Studies}}"
        in Client().get(address, {"format": "bibtex"}).content.decode()
    )


def test_nobody_who_wrote_or_reviewed_is_named() -> None:
    claim = ClaimFactory(published=True)
    for person in (claim.author, claim.reviewer):
        person.first_name, person.last_name = "Unmistakable", "Writer"
        person.save()
    for format in FORMATS:
        said = Client().get(claim.get_absolute_url(), {"format": format}).content.decode()
        assert "Writer" not in said
        assert claim.author.username not in said


# Points and reports, which stand in the page of their event


def held(**kwargs: Any) -> tuple[Any, Any]:
    event = EventFactory(published=True, attribution_rule=AttributionRule.ON_RECORD)
    GroupSizeFactory(event=event, people=40)
    report = ReportFactory(published=True, event=event, title_en="What the room said")
    return event, PointFactory(report=report, text_en="Dialogue should be annual.", **kwargs)


def test_point_is_cited_at_its_anchor_as_part_of_its_report() -> None:
    event, point = held(kind="conclusion", support=PointSupport.CONSENSUS)
    cited = item(event.get_absolute_url(), cite=point.public_id)
    assert (cited["title"], cited["collection-title"]) == ("Dialogue should be annual.", "What the room said")
    assert (cited["number"], cited["genre"]) == (point.public_id, "Conclusion")
    assert cited["URL"] == f"http://testserver{event.get_absolute_url()}#point-{point.public_id}"
    assert cited["note"] == "version 1; support: Consensus"
    content = page(event.get_absolute_url(), cite=point.public_id)
    assert f'id="point-{point.public_id}"' in content
    assert tags(content)["citation_title"] == "Dialogue should be annual."
    assert "Cite this point" in words(content)
    assert f'href="{event.get_absolute_url()}?cite={point.public_id}&amp;format=ris"' in content
    assert f'<a href="?cite={point.public_id}#cite" rel="nofollow">' in page(event.get_absolute_url())


def test_report_is_cited_at_its_anchor() -> None:
    event, point = held()
    cited = item(event.get_absolute_url(), cite=point.report.public_id)
    assert (cited["title"], cited["genre"]) == ("What the room said", "Report")
    assert cited["URL"] == f"http://testserver{event.get_absolute_url()}#report-{point.report.public_id}"


@pytest.mark.parametrize("at_the_desk", [False, True])
def test_support_that_the_public_may_not_know_is_in_no_citation(at_the_desk: bool, editor: User) -> None:
    event, point = held(support=PointSupport.CONSENSUS)
    client = Client()
    if at_the_desk:
        client.force_login(editor)
    assert item(event.get_absolute_url(), client, cite=point.public_id)["note"] == "version 1; support: Consensus"
    GroupSize.objects.filter(event=event).update(people=2)
    assert item(event.get_absolute_url(), client, cite=point.public_id)["note"] == "version 1"


@pytest.mark.parametrize("at_the_desk", [False, True])
def test_point_that_the_public_may_not_read_has_no_citation(at_the_desk: bool, editor: User) -> None:
    event, point = held()
    client = Client()
    if at_the_desk:
        client.force_login(editor)
    session = SessionFactory(event=event)
    off_record = PointFactory(report=point.report, session=session, text_en="Unmistakably said.")
    assert item(event.get_absolute_url(), client, cite=off_record.public_id)["title"] == "Unmistakably said."
    session.attribution_rule = AttributionRule.OFF_RECORD
    session.save()
    of_a_draft = PointFactory(report=ReportFactory(event=event))
    elsewhere = held()[1]
    for hidden in (off_record, of_a_draft, of_a_draft.report, elsewhere):
        for query in ({}, {"format": "ris"}):
            answer = client.get(event.get_absolute_url(), {"cite": hidden.public_id, **query})
            assert (answer.status_code, b"Unmistakably" in answer.content and not at_the_desk) == (404, False)


@pytest.mark.parametrize("value", ["0000000000", "x", "'; --", "a" * 5000])
def test_nothing_is_cited_as_what_is_not_there(value: str) -> None:
    event, _point = held()
    assert Client().get(event.get_absolute_url(), {"cite": value}).status_code == 404
    assert Client().get(event.get_absolute_url(), {"cite": value, "format": "csl"}).status_code == 404


def test_scorecard_is_cited_as_itself() -> None:
    series = everything()["series"]
    address = f"{series.get_absolute_url()}scorecard/"
    cited = item(address)
    assert (cited["genre"], cited["URL"]) == ("Scorecard", f"http://testserver{address}?as_of={TODAY}")
    assert cited["id"] != item(series.get_absolute_url())["id"]


@pytest.mark.parametrize(
    ("collection", "queries"),
    [("partnerships", 5), ("actors", 5), ("claims", 5), ("events", 5), ("series", 5), ("recommendations", 5)],
)
def test_citation_costs_the_same_for_one_and_for_three(
    collection: str, queries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = everything()[collection].get_absolute_url()
    with django_assert_num_queries(queries):
        Client().get(address, {"format": "bibtex"})
    everything()
    everything()
    with django_assert_num_queries(queries):
        Client().get(address, {"format": "bibtex"})


def test_citation_is_asked_for_again_and_not_sent_again() -> None:
    address = ClaimFactory(published=True).get_absolute_url()
    first = Client().get(address, {"format": "ris"})
    assert first.headers["Cache-Control"] == "no-cache"
    again = Client().get(address, {"format": "ris"}, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert Client().head(address, {"format": "ris"}).status_code == 200


def test_files_are_utf_8_without_a_mark_and_json_is_json() -> None:
    address = ClaimFactory(published=True, statement_en="Türkiye").get_absolute_url()
    for format in FORMATS:
        assert not Client().get(address, {"format": format}).content.startswith(b"\xef\xbb\xbf")
    assert json.loads(Client().get(address, {"format": "csl"}).content)[0]["title"] == "Türkiye"
