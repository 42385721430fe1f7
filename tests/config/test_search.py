"""One search over all kinds, in three languages, of what its reader may see."""

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.site.search import SEARCHED_KINDS, Search
from config.site.search.names import folded, other_names
from config.site.search.snippets import snippet
from publishing.acting import Act
from publishing.actions import withdraw
from publishing.database import search_texts
from tests.factories import (
    ActorFactory,
    ClaimFactory,
    EventFactory,
    PartnershipFactory,
    PointFactory,
    RecommendationFactory,
    ReportFactory,
    ReviewFactory,
)
from tests.support.published import API, get, listed

pytestmark = pytest.mark.django_db


def search(sought: str, language: str = "en", user: Any = None) -> Search:
    return Search(sought, language=language, user=user or AnonymousUser(), at=timezone.now())


def found(sought: str, language: str = "en") -> list[str]:
    return [hit.identifier for hit in search(sought, language).hits(size=50)]


def one_of_each(word: str) -> None:
    PartnershipFactory(published=True, slug="a-partnership", name=f"The {word} partnership")
    ClaimFactory(published=True, statement=f"A {word} was seen.")
    EventFactory(published=True, slug="an-event", name=f"{word} event")
    RecommendationFactory(published=True, reference="R-2025-001", title=f"Hold a {word}")
    ActorFactory(published=True, name=f"House of {word}")
    report = ReportFactory(published=True, title=f"What the {word} said")
    PointFactory(report=report, text=f"The {word} goes on.")


def test_every_kind_is_found() -> None:
    one_of_each("dialogue")
    PartnershipFactory(published=True, name="Something else")
    assert search("dialogue").counts() == dict.fromkeys(SEARCHED_KINDS, 1)
    assert {hit.kind for hit in search("dialogue").hits(size=50)} == set(SEARCHED_KINDS)
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


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sought=st.text(st.sampled_from("--- \"!&|()<>:*\\'aİıتـ\u064e٣_.,or’é-‑"), max_size=200) | st.text(max_size=60))
def test_any_text_makes_a_query(db: None, sought: str) -> None:
    for language in ("en", "tr", "ar"):
        search(sought.replace("\x00", ""), language).hits(size=5)


REFERENCES = ["R-2025-001", "r-2025-001", "2025-001", "R 2025 001", "R‑2025‑001", "R2025001", "r 2025-001", "٢٠٢٥-٠٠١"]


@pytest.mark.parametrize("sought", REFERENCES)
def test_reference_is_found_first_in_any_spelling(sought: str) -> None:
    RecommendationFactory(published=True, reference="R-2025-002", title="As R-2025-001 asks")
    RecommendationFactory(published=True, reference="R-2025-001", title="Hold a dialogue")
    assert found(sought)[0] == "R-2025-001"


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        (
            "The F-35B and the S-400 do not go together under UNSCR 2231/2015.",
            "400 | S400 | s-400 | F35B | 35b | UNSCR2231 | 2231/2015",
        ),
        (
            "It lends the “nuclear shadow”. Türkiye–Qatar, so.",
            '"nuclear shadow" | Qatar | Türkiye | turkiye | TÜRKİYE | Quatar',
        ),
        ("وقّعت تركيا، وقطر؛ «الحوار» في الدوحة كمصر.", "تركيا | قطر | حوار | الحوار | دوحة | الدوحه | مصر | تركــيا"),
        (
            "Doha'nın Gazze'nin yönetimi için Körfez ülkeleriyle diyaloğu",
            "Doha | doha'da | Gazze yönetimi | Gazze'nin yönetimi | Körfez'le diyalog | الدوحة",
        ),
        ("The Sana'a talks of Al-Ula", "Sanaa | sana'a | alula | Al Ula | العلا"),
        ("Turkey and the Gulf Cooperation Council", "Türkiye | GCC | KİK | مجلس التعاون | تركيا | körfez"),
        ("Katar hava savunması", "Qatar | air defence | قطر | KATARDAKİ | Katar'daki | savunma"),
    ],
)
def test_names_codes_and_endings_are_found(text: str, sought: str) -> None:
    claim = ClaimFactory(published=True, statement=text)
    missed = [
        (one, language)
        for one in sought.split(" | ")
        for language in ("en", "tr", "ar")
        if found(one, language) != [claim.public_id]
    ]
    assert missed == []


def test_typing_error_finds_a_word_of_public_texts_alone() -> None:
    ClaimFactory(statement="A clandestine drafting.")
    claim = ClaimFactory(published=True, statement="The reconstruction began.")
    assert found("recontruction") == [claim.public_id]
    with connection.cursor() as sql:
        sql.execute("SELECT near FROM publishing_search_near(ARRAY['clandestin', 'recontruction'])")
        assert sql.fetchall() == [("reconstruction",)]


def test_names_are_folded_as_the_database_folds_texts() -> None:
    names = list(other_names())
    assert len(names) > 500
    with connection.cursor() as sql:
        sql.execute("SELECT name, publishing_search_folded(name) FROM unnest(%s::text[]) AS name", [names])
        assert [row for row in sql.fetchall() if row[0] != row[1]] == []
    for said in ("İSTANBUL'un Şişlisi", "إعـــلانُ العُلى", "Ağrı–Łódź", "٢٠٢٥", "S‑400/Straße", "ﻻﻳﺔ"):
        with connection.cursor() as sql:
            sql.execute("SELECT publishing_search_folded(%s)", [said])
            assert folded(said) == sql.fetchone()[0]


def test_words_that_say_nothing_find_nothing_by_themselves() -> None:
    claim = ClaimFactory(published=True, statement="The role of the Gulf.")
    assert found("the of") == []
    assert found("the role of") == [claim.public_id]


def test_what_has_all_words_is_found_alone_and_else_what_has_some() -> None:
    both = ClaimFactory(published=True, statement="Trade and water.")
    one = ClaimFactory(published=True, statement="Trade alone.")
    assert found("trade water") == [both.public_id]
    assert set(found("trade volcano")) == {one.public_id, both.public_id}
    assert set(found("water or alone")) == {both.public_id, one.public_id}


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
    assert hit["snippet"] == "A <script>alert(1)</script> pact & more."
    assert snippet("a b c", "en", [("b", False)]).parts == [("a ", False), ("b", True), (" c", False)]


@pytest.mark.parametrize("apart", [3, 21, 22, 23, 28, 40, 90])
def test_snippet_holds_the_words_as_they_stand(apart: int) -> None:
    text = " ".join(["found", *(f"w{number}" for number in range(apart)), "found", "end."])
    shown = snippet(text, "en", [("found", False)])
    assert [piece for piece, is_found in shown.parts if is_found] == ["found", "found"]
    assert all(piece in text for piece in shown.text.removesuffix(" …").split(" … "))


def test_pages_give_every_hit_once_and_in_order() -> None:
    for number in range(4):
        ClaimFactory(published=True, statement=f"Dialogue {'dialogue ' * number}")
        EventFactory(published=True, name="Dialogue")
    whole = listed("search/", "public_id", q="dialogue", page_size=200)
    assert len(whole) == 8
    page = get("search/", q="dialogue", page_size=3)
    assert page["facets"] == {"kind": {**dict.fromkeys(SEARCHED_KINDS, 0), "claim": 4, "event": 4}}
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
    assert page["facets"] == {"kind": dict.fromkeys(SEARCHED_KINDS, 1)}


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


@pytest.mark.parametrize(("word", "index"), [("rare", "words"), ("common", "public_from")])
def test_how_common_a_word_is_decides_which_index_is_walked(word: str, index: str) -> None:
    with connection.cursor() as sql:
        sql.execute(
            "INSERT INTO publishing_searchtext SELECT 'claim', n::text, 'en', now() - n * interval '1 hour', '', '{}',"
            " to_tsvector('simple', 'common ' || n || CASE WHEN n % 2000 = 0 THEN ' rare' ELSE '' END)"
            " FROM generate_series(1, 20000) AS n"
        )
        sql.execute("ANALYZE publishing_searchtext_claim")
        sql.execute(
            "EXPLAIN SELECT * FROM publishing_searchtext AS texts WHERE kind = 'claim' AND words @@ %s::tsquery"
            " AND public_from <= now() ORDER BY public_from DESC NULLS LAST LIMIT 500",
            [word],
        )
        assert f"publishing_searchtext_claim_{index}_idx" in str(sql.fetchall())


def test_texts_of_parts_follow_what_they_are_part_of(reviewer: Any) -> None:
    report = ReportFactory(published=True, title="A report")
    PointFactory(report=report, text="A single manoeuvre.")
    assert search("manoeuvre").counts()["point"] == 1
    withdraw(report, act=Act(by=reviewer, at=timezone.now()), note="Read wrongly.")
    assert search("manoeuvre").counts()["point"] == 0
    assert search_texts.wrong_rows(connection) == {}


def test_embargo_ends_in_the_search_too() -> None:
    end = timezone.now() + dt.timedelta(days=1)
    claim = ClaimFactory(published=True, statement="An embargoed manoeuvre.", embargo_until=end)
    assert found("manoeuvre") == []
    with connection.cursor() as sql:
        sql.execute("UPDATE publishing_searchtext SET public_from = now() WHERE public_id = %s", [claim.public_id])
        word = "manoeuvre"
        sql.execute(
            "SELECT public_id FROM publishing_search(%s, %s, %s, '{}', 'en', '{claim}', 9)",
            [word, word, word],
        )
        assert sql.fetchall() == [(claim.public_id,)]


def test_rebuilding_writes_what_the_triggers_wrote() -> None:
    one_of_each("dialogue")
    assert search_texts.wrong_rows(connection) == {}
    with connection.cursor() as sql:
        sql.execute("DELETE FROM publishing_searchtext WHERE kind = 'event'")
    assert set(search_texts.wrong_rows(connection)) == {"event"}
    with pytest.raises(CommandError, match="event"):
        call_command("rebuild_search", "--check")
    call_command("rebuild_search", verbosity=0)
    call_command("rebuild_search", "--check", verbosity=0)
    assert found("dialogue")
