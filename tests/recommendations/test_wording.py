"""Two wordings compared word by word, in every language."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.wording import MOST_WORDS, PUT_IN, SAME, TAKEN_OUT, differences, wording
from tests.factories import RecommendationFactory

TEXTS = st.text(alphabet="ab ä<>.,'’\n\tğİı اَلدُّوَل", max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.words) for piece in differences(before, after)]


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Meet soon.", "Meet soon.", [(SAME, "Meet soon.")]),
        ("Meet  soon.\n", "Meet soon.", [(SAME, "Meet soon.")]),
        ("Meet soon.", "Meet now.", [(SAME, "Meet "), (TAKEN_OUT, "soon"), (PUT_IN, "now"), (SAME, ".")]),
        ("Do a b c.", "Do x y c.", [(SAME, "Do "), (TAKEN_OUT, "a b"), (PUT_IN, "x y"), (SAME, " c.")]),
        ("Meet", "Meet now", [(SAME, "Meet"), (PUT_IN, " now")]),
        ("", "Meet", [(PUT_IN, "Meet")]),
        ("Türkiye'nin", "Türkiye’nin", [(TAKEN_OUT, "Türkiye'nin"), (PUT_IN, "Türkiye’nin")]),
        ("i\u0307yi", "i̇yi", [(SAME, unicodedata.normalize("NFC", "i̇yi"))]),
        ("كَتَبَ الآن", "كَتَبَ غدا", [(SAME, "كَتَبَ "), (TAKEN_OUT, "الآن"), (PUT_IN, "غدا")]),
        ("<b>", "<i>", [(SAME, "<"), (TAKEN_OUT, "b"), (PUT_IN, "i"), (SAME, ">")]),
    ],
)
def test_differences_are_told_by_the_word(before: str, after: str, expected: list[tuple[str, str]]) -> None:
    assert told(before, after) == expected


@given(before=TEXTS, after=TEXTS)
def test_differences_give_back_both_texts(before: str, after: str) -> None:
    pieces = differences(before, after)
    assert "".join(piece.words for piece in pieces if piece.kind != PUT_IN) == plain(before)
    assert "".join(piece.words for piece in pieces if piece.kind != TAKEN_OUT) == plain(after)


def test_texts_that_are_too_long_are_not_compared() -> None:
    long = "word " * MOST_WORDS
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
