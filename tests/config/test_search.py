"""One search over all kinds, in three languages, of what its reader may see."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.site.search import CLOSES, OPENS, Search, Snippet
from publishing.database.full_text import CONFIGURATIONS, as_query
from tests.factories import ClaimFactory, EventFactory, PartnershipFactory, RecommendationFactory, ReviewFactory
from tests.support.published import API, get, listed

pytestmark = pytest.mark.django_db


def search(sought: str, language: str = "en", user: Any = None) -> Search:
    return Search(sought, language=language, user=user or AnonymousUser(), at=timezone.now())


def found(sought: str, language: str = "en") -> list[str]:
    return [hit.publication.identifier for hit in search(sought, language).hits(size=50)]


def one_of_each(word: str) -> None:
    PartnershipFactory(published=True, slug="a-partnership", name=f"The {word} partnership")
    ClaimFactory(published=True, statement=f"A {word} was seen.")
    EventFactory(published=True, slug="an-event", name=f"{word} event")
    RecommendationFactory(published=True, reference="R-2025-001", title=f"Hold a {word}")


def test_all_four_kinds_are_found() -> None:
    one_of_each("dialogue")
    PartnershipFactory(published=True, name="Something else")
    assert search("dialogue").counts() == {"partnership": 1, "claim": 1, "event": 1, "recommendation": 1}
    assert {hit.kind for hit in search("dialogue").hits(size=50)} == {"partnership", "claim", "event", "recommendation"}
    [hit] = search("dialogue").hits(["event"], size=50)
    assert (hit.kind, hit.publication.slug, hit.title.words) == ("event", "an-event", "dialogue event")


def test_drafts_are_neither_found_nor_counted(editor: Any) -> None:
    draft = PartnershipFactory(name="Secret hedging")
    PartnershipFactory(published=True, name="Public hedging")
    assert search("hedging").counts()["partnership"] == 1
    assert [hit.title.words for hit in search("hedging").hits(size=9)] == ["Public hedging"]
    assert search("hedging", user=editor).counts()["partnership"] == 2
    assert draft.slug not in json.dumps(get("search/", q="hedging"))


@pytest.mark.parametrize(
    ("language", "text", "sought"),
    [
        ("en", "Joint exercises are expected.", "exercise"),
        ("en", "They negotiate about air defence.", "negotiating"),
        ("tr", "Ortak tatbikatlar planlanıyor.", "tatbikat"),
        ("tr", "İstihbarat paylaşımı görüşülüyor.", "istihbaratın"),
        ("tr", "Türkiye'nin rolü büyüyor.", "türkiye"),
        ("tr", "Katar'daki danışmanlar", "danisman"),
        ("ar", "التعاون العسكري بين البلدين", "تعاون"),
        ("ar", "المفاوضات مستمرة", "مفاوضات"),
        ("en", "Al Udeid Air Base", "al-udeid"),
        ("en", "Türkiye and Qatar", "turkiye"),
        ("en", "Shehbaz Sharif spoke", "Shahbaz"),
    ],
)
def test_inflections_and_spellings_are_found(language: str, text: str, sought: str) -> None:
    claim = ClaimFactory(published=True, original_language=language, statement=text)
    ClaimFactory(published=True, statement="Nothing of the kind.")
    assert found(sought, language) == [claim.public_id]


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_untranslated_text_is_found_in_every_language(language: str) -> None:
    claim = ClaimFactory(published=True, statement="The exercises were postponed.")
    [hit] = search("exercise", language).hits(size=5)
    assert hit.publication == claim
    assert hit.title.language == hit.snippet.language == "en"


def test_title_counts_for_more_than_the_text_below_it() -> None:
    below = PartnershipFactory(published=True, slug="below", name="Other", summary="It is about drones.")
    above = PartnershipFactory(published=True, slug="above", name="Drones", summary="It is about them.")
    assert found("drones") == [above.slug, below.slug]


def test_word_found_counts_for_more_than_letters_alike() -> None:
    alike = ClaimFactory(published=True, statement="The Sharief family.")
    exact = ClaimFactory(
        published=True, statement="Sharif spoke, and what he said was long and is told here at length."
    )
    assert found("Sharif") == [exact.public_id, alike.public_id]


def test_phrases_and_exclusions_are_understood() -> None:
    both = ClaimFactory(published=True, statement="Joint exercises in the Gulf.")
    apart = ClaimFactory(published=True, statement="A joint centre, and exercises.")
    assert set(found("joint exercises")) == {both.public_id, apart.public_id}
    assert found('"joint exercises"') == [both.public_id]
    assert found("exercises -gulf") == [apart.public_id]


@pytest.mark.parametrize("sought", ["'", '"', "()", "a & | !", "%_\\", "-", "<b>", "😀", ":*", "a" * 200, "the"])
def test_any_text_can_be_looked_for(sought: str) -> None:
    one_of_each("dialogue")
    assert search(sought).hits(size=5) == []
    assert Client().get(f"{API}search/", {"q": sought}).status_code == 200


RULES = ["-" * 40, "- " * 40, f"pact {'-' * 60}", f"{'- ' * 33}تعاون", "-\u0640 " * 40, "-\u064e " * 40, '-"' * 66, "-a " * 66,
         "or " * 66, '"' * 33, "(-" * 50, "-!-" * 50, "a--b " * 40]  # fmt: skip


@pytest.mark.parametrize("sought", RULES)
@pytest.mark.parametrize("address", ["/search/", "/tr/search/", "/ar/search/", f"{API}search/"])
def test_any_number_of_signs_can_be_looked_for(sought: str, address: str) -> None:
    one_of_each("dialogue pact تعاون")
    assert Client().get(address, {"q": sought[:200]}).status_code == 200


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sought=st.text(st.sampled_from("--- \"!&|()<>:*\\'aİıتـ\u064e٣_.,or"), min_size=33, max_size=200))
def test_every_parser_of_queries_takes_what_is_given_to_it(db: None, sought: str) -> None:
    with connection.cursor() as sql:
        query = as_query(sought)
        sql.execute("SELECT majlis_query(%s)", [query])
        for configuration in CONFIGURATIONS.values():
            sql.execute("SELECT websearch_to_tsquery(%s::regconfig, %s)", [configuration, query])


def test_sign_that_excludes_is_left_and_a_rule_is_not() -> None:
    assert as_query('-a -"b c" d-e -١') == '-a -"b c" d-e -١'
    assert as_query("a -- b - c--d -") == "a   b   c d  "


def test_what_no_parser_takes_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.site.search.as_query", str)
    one_of_each("pact")
    for address in ("/search/", "/ar/search/"):
        answer = Client().get(address, {"q": "-" * 40})
        assert answer.status_code == 400
        assert "<code>q</code>" in answer.content.decode()
    answer = Client().get(f"{API}search/", {"q": "-" * 40})
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["q"]


def test_snippet_shows_where_it_was_found() -> None:
    summary = (
        "It began quietly. " + "Many words stand here. " * 30 + "Then a surprising manoeuvre happened. " + "More. " * 30
    )
    PartnershipFactory(published=True, name="Talks", summary=summary)
    [hit] = search("manoeuvre").hits(size=5)
    assert "surprising manoeuvre happened" in hit.snippet.text
    assert ("manoeuvre", True) in hit.snippet.parts
    assert "".join(words for words, _found in hit.snippet.parts) == hit.snippet.text
    assert len(hit.snippet.text) < 500


def test_snippet_is_plain_text() -> None:
    ClaimFactory(published=True, statement="A <script>alert(1)</script> pact & more.")
    [hit] = get("search/", q="pact")["results"]
    assert "<b>" not in hit["snippet"]
    assert OPENS not in hit["snippet"]
    assert Snippet(f"a {OPENS}b{CLOSES} c", "en").parts == [("a ", False), ("b", True), (" c", False)]


def test_pages_give_every_hit_once_and_in_order() -> None:
    for number in range(4):
        ClaimFactory(published=True, statement=f"Dialogue {'dialogue ' * number}")
        EventFactory(published=True, name="Dialogue")
    whole = listed("search/", "public_id", q="dialogue", page_size=200)
    assert len(whole) == 8
    page = get("search/", q="dialogue", page_size=3)
    assert page["facets"] == {"kind": {"partnership": 0, "claim": 4, "event": 4, "recommendation": 0}}
    pages = [page]
    while pages[-1]["next"]:
        pages.append(Client().get(pages[-1]["next"]).json())
    assert [hit["public_id"] for page in pages for hit in page["results"]] == whole
    back = [pages[-1]]
    while back[-1]["previous"]:
        back.append(Client().get(back[-1]["previous"]).json())
    assert [hit["public_id"] for page in back[::-1] for hit in page["results"]] == whole
    assert parse_qs(urlsplit(page["next"]).query)["q"] == ["dialogue"]


def test_facets_count_every_kind_whichever_is_asked_for() -> None:
    one_of_each("dialogue")
    page = get("search/", q="dialogue", kind=["claim", "event"])
    assert sorted(hit["kind"] for hit in page["results"]) == ["claim", "event"]
    assert page["facets"] == {"kind": {"partnership": 1, "claim": 1, "event": 1, "recommendation": 1}}


def test_hit_says_what_it_is() -> None:
    event = EventFactory(published=True, slug="an-event", name="Dialogue", name_tr="Diyalog", summary="About trust.")
    [hit] = get("search/", q="dialogue", lang="tr")["results"]
    assert hit == {
        "kind": "event",
        "url": f"http://testserver{API}events/an-event/",
        "page": "http://testserver/tr/events/an-event/",
        "public_id": event.public_id,
        "identifier": "an-event",
        "title": "Diyalog",
        "snippet": "About trust.",
        "status": None,
        "context": None,
        "text_languages": {"snippet": "en"},
    }


def test_claim_is_never_found_without_its_status() -> None:
    claim = ClaimFactory(
        published=True, statement="A campaign was launched.", context="Said by one side.", sensitive=True
    )
    ReviewFactory(claim=claim, status="unverified")
    [hit] = get("search/", q="campaign")["results"]
    assert (hit["status"], hit["context"]) == ("unverified", "Said by one side.")
    assert "text_languages" not in hit


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("majlis_words({columns}) @@ majlis_query('qatar')", "partnerships_claim_words"),
        ("majlis_letters({columns}) %> majlis_plain('qatar')", "partnerships_claim_letters"),
    ],
)
def test_search_uses_its_indexes(condition: str, index: str) -> None:
    ClaimFactory(published=True)
    with connection.cursor() as sql:
        sql.execute("SET LOCAL enable_seqscan = off")
        query = str(search("qatar").matches("claim").filter(state="published").query)
        function = condition.partition("(")[0]
        assert function in query
        columns = "statement_en, context_en, statement_tr, context_tr, statement_ar, context_ar"
        sql.execute(f"EXPLAIN SELECT id FROM partnerships_claim WHERE {condition.format(columns=columns)}")
        plan = "\n".join(row[0] for row in sql.fetchall())
    assert index in plan


def test_query_of_the_search_itself_uses_both_indexes() -> None:
    ClaimFactory(published=True)
    with connection.cursor() as sql:
        sql.execute("SET LOCAL enable_seqscan = off")
    plan = search("qatar").matches("claim").explain()
    assert "partnerships_claim_words" in plan
    assert "partnerships_claim_letters" in plan
