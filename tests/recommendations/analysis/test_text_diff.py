"""Two texts compared word by word, in every language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.analysis.text_diff import MAX_WORDS, differences, wording
from tests.factories import RecommendationFactory

TEXTS = st.text(alphabet="ab ä<>.,'’\n\tğİı اَلدُّوَل", max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in differences(before, after)]


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Meet soon.", "Meet soon.", [("stays", "Meet soon.")]),
        ("Meet  soon.\n", "Meet soon.", [("stays", "Meet soon.")]),
        ("Meet soon.", "Meet now.", [("stays", "Meet "), ("goes", "soon"), ("comes", "now"), ("stays", ".")]),
        ("Do a b c.", "Do x y c.", [("stays", "Do "), ("goes", "a b"), ("comes", "x y"), ("stays", " c.")]),
        ("Meet", "Meet now", [("stays", "Meet"), ("comes", " now")]),
        ("", "Meet", [("comes", "Meet")]),
        ("Türkiye'nin", "Türkiye’nin", [("stays", "Türkiye"), ("goes", "'"), ("comes", "’"), ("stays", "nin")]),
        ("i\u0307yi", "i̇yi", [("stays", unicodedata.normalize("NFC", "i̇yi"))]),
        ("كَتَبَ الآن", "كَتَبَ غدا", [("stays", "كَتَبَ "), ("goes", "الآن"), ("comes", "غدا")]),
        ("<b>", "<i>", [("stays", "<"), ("goes", "b"), ("comes", "i"), ("stays", ">")]),
    ],
)
def test_differences_are_told_by_the_word(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert told(before, after) == expected


@given(before=TEXTS, after=TEXTS)
def test_differences_give_back_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "comes") == plain(before)
    assert "".join(piece.text for piece in pieces if piece.kind != "goes") == plain(after)


def test_texts_that_are_too_long_are_not_compared() -> None:
    long = "word " * MAX_WORDS
    assert (differences(long, "word"), differences("word", long)) == ([], [])


@pytest.mark.django_db
def test_wording_is_compared_in_a_language_that_both_are_written_in() -> None:
    earlier = RecommendationFactory(text="Soon.", text_ar="قريبا")
    later = RecommendationFactory(original_language="ar", text_en="Now.", text="الآن", title="عنوان")
    assert (wording(earlier, later).language, wording(earlier, later).direction) == ("en", "ltr")  # type: ignore[union-attr]
    later.text_en = None
    assert (wording(earlier, later).language, wording(earlier, later).direction) == ("ar", "rtl")  # type: ignore[union-attr]
    earlier.text_ar = None
    assert wording(earlier, later) is None
