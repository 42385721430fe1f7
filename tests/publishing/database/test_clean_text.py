"""What `cleaned` accepts, changes and refuses; the database has the same rules for every column."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.database.clean_text import cleaned, is_seen

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ANY = st.one_of(
    st.text(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cn"])),
    st.text(st.sampled_from(f"ab\u064b\n\t\r\x0b{TURNS}\u200f\ufeff\u0301e")),
)


def is_known_to_both(sign: str) -> bool:
    """Whether PostgreSQL can hold it, and it is no character of a version of Unicode that only one of the two knows."""
    return sign != "\0" and (unicodedata.category(sign) not in {"Cs", "Cn"} or ord(sign) & 0xFFFE == 0xFFFE)


def in_database(words: str, *, lines: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT majlis_is_clean(%s, %s)", [words, lines])
        return bool(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ag\u0306rı", "Ağrı"),
        ("ا\u0655علان", "إعلان"),
        ("One\x0btwo\r\nthree\rfour\x0cfive\x85six\u2028seven\u2029eight", "One\ntwo\nthree\nfour\nfive\nsix\nseven\neight"),
        ("a\tb", "a\tb"),
        ("\ufeffa", "a"),
        ("قطر\u200f (GCC\u200e) می\u200cخواهم\u061c \u200d", "قطر\u200f (GCC\u200e) می\u200cخواهم\u061c \u200d"),
        ("\u2067قطر \u202aGCC\u202c\u2069.\n\u2066b\u2069", "\u2067قطر \u202aGCC\u202c\u2069.\n\u2066b\u2069"),
    ],
)  # fmt: skip
def test_what_is_kept(typed: str, kept: str) -> None:
    assert cleaned(typed, lines=True) == kept


@pytest.mark.parametrize(
    "typed",
    [" ", "\u00a0", "\u3000", "\u200b", "\u3164", "\u2800", "\u180e", "\ufe0f", "\u2067\u2069", "\u0301", "\n\n"],
)
def test_what_nobody_sees_is_no_text(typed: str) -> None:
    assert cleaned(typed, lines=True) == ""


def test_a_text_of_one_line_gets_spaces_for_line_ends_and_tabs() -> None:
    assert cleaned("Joint\x0bstatement\r\n\tof 2025", lines=False) == "Joint statement of 2025"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("One line\x07.", "U+0007 has no place in a text (character 9, after “One line”): remove it."),
        ("\x00", "U+0000 has no place in a text (character 1): remove it."),
        ("a\nb\x9fc", "U+009F has no place in a text (character 4, after “b”): remove it."),
        ("x\ufffe", "U+FFFE has no place in a text (character 2, after “x”): remove it."),
        ("x\ufdd0", "U+FDD0 has no place in a text (character 2, after “x”): remove it."),
        ("x\U0002ffff", "U+2FFFF has no place in a text (character 2, after “x”): remove it."),
        ("x\U000e0041", "U+E0041 has no place in a text (character 2, after “x”): remove it."),
        ("x\ue000", "U+E000 has no place in a text (character 2, after “x”): remove it."),
        ("x\U00100000", "U+100000 has no place in a text (character 2, after “x”): remove it."),
        ("x\ud800", "U+D800 has no place in a text (character 2, after “x”): remove it."),
        ("x\ufeffy", "U+FEFF has no place in a text (character 2, after “x”): remove it."),
        ("x\ufff9y", "U+FFF9 has no place in a text (character 2, after “x”): remove it."),
        (
            "T\ufffdrkiye",
            "U+FFFD stands where a letter was lost in an earlier conversion (character 2, after “T”): write the letter again.",
        ),
        (
            "About 650 advisers\u202e (unverified)",
            "U+202E turns the direction of the text, and nothing ends that (character 19, after “About 650 advisers”): remove it.",
        ),
        (
            "\u2067a\nb\u2069",
            "U+2067 turns the direction of the text, and nothing ends that (character 1): remove it.",
        ),
        ("a\u202c", "U+202C ends a turn of direction that did not begin (character 2, after “a”): remove it."),
        ("\u2067a\u202c", "U+202C ends a turn of direction that did not begin (character 3, after “a”): remove it."),
    ],
)
def test_what_is_refused_is_named_with_its_place(typed: str, said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        cleaned(typed, lines=True)
    assert refused.value.messages == [said]


@settings(max_examples=400)
@given(words=ANY)
def test_what_is_clean_is_composed_stays_so_and_reads_the_same(words: str) -> None:
    try:
        kept = cleaned(words, lines=True)
    except ValidationError:
        return
    assert cleaned(kept, lines=True) == kept == unicodedata.normalize("NFC", kept)
    if is_seen(words) and not set(words) & set("\r\x0b\x0c\x85\u2028\u2029\ufeff"):
        assert kept == unicodedata.normalize("NFC", words)


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [True, False])
@settings(max_examples=400, deadline=None)
@given(words=ANY.filter(lambda words: all(map(is_known_to_both, words))))
def test_the_database_judges_as_the_doors_do(lines: bool, words: str) -> None:
    seen = words if is_seen(words) else f"{words}a"  # for the doors it would be no text at all
    try:
        is_clean = cleaned(seen, lines=lines) == seen
    except ValidationError:
        is_clean = False
    assert in_database(words, lines=lines) is is_clean
