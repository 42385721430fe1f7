"""Markdown as paragraphs, and characters that no document may contain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publishing.database.clean_text import printable
from recommendations.briefing.prose import FormattedWords, markdown_as_text, paragraphs


def test_words_keep_their_kind() -> None:
    (paragraph,) = paragraphs("They **should** *soon* see [the report](https://example.org/a).")
    assert paragraph.words == [
        FormattedWords("They "),
        FormattedWords("should", is_strong=True),
        FormattedWords(" "),
        FormattedWords("soon", is_emphasised=True),
        FormattedWords(" see "),
        FormattedWords("the report", address="https://example.org/a"),
        FormattedWords("."),
    ]


def test_lists_keep_their_numbers() -> None:
    assert markdown_as_text("Aims:\n\n3. trust\n4. warning\n\n- one\n- two\n  1. inner\n\nEnd") == (
        "Aims:\n3. trust\n4. warning\n• one\n• two\n1. inner\nEnd"
    )


def test_address_stands_behind_its_words() -> None:
    assert markdown_as_text("See [this](https://example.org/).") == "See this (https://example.org/)."


@pytest.mark.parametrize("text", ["", "<script>alert(1)</script>", "# no heading", "    no code"])
def test_what_is_no_markdown_here_stays_as_it_was_written(text: str) -> None:
    assert markdown_as_text(text) == text.strip()


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    found = printable(markdown_as_text(text))
    etree.fromstring(b"<a/>").text = found  # lxml refuses what XML does not hold


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\x0bb\x1fc\x7f", "a\ufffdb\ufffdc\ufffd"),
        ("a\r\nb\rc\nd\te", "a\nb\nc\nd\te"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("\ud800\uffff", "\ufffd\ufffd"),
        ("İstanbul – مجلس 😀", "İstanbul – مجلس 😀"),
    ],
)
def test_printable(words: str, printed: str) -> None:
    assert printable(words) == printed
