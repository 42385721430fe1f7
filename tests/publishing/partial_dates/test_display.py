"""Partial dates in words."""

import pytest
from django.utils import translation

from publishing.partial_dates.display import in_words, machine_readable
from publishing.templatetags.dates import partial_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025", "2025"),
        ("2025-09", "September 2025"),
        ("2025-09-09", "9 September 2025"),
        ("2022~", "about 2022"),
        ("2022?", "perhaps 2022"),
        ("2022-03%", "perhaps about March 2022"),
        ("2025-09-09/2025-09-11", "9 September 2025 to 11 September 2025"),
        ("2024/..", "since 2024"),
        ("2024/", "from 2024, end unknown"),
        ("/2024-05", "to May 2024, beginning unknown"),
        ("/..", "/.."),
        ("../2024-05", "until May 2024"),
        ("2024~/2025", "about 2024 to 2025"),
        ("202X", "the 2020s"),
        ("19XX", "1900 to 1999"),
        ("2025-XX", "2025"),
        ("2025-XX-XX", "2025"),
        ("2025-09-XX", "September 2025"),
        ("2025-21", "spring 2025"),
        ("2025-24", "winter 2025/26"),
        ("1999-24", "winter 1999/2000"),
        ("../..", "../.."),
        ("Y170000002", "Y170000002"),
    ],
)
def test_partial_date_is_said_in_words(text: str, expected: str) -> None:
    assert in_words(text) == expected


@pytest.mark.parametrize(
    ("language", "month", "day"),
    [("tr", "Eylül 2025", "9 Eylül 2025"), ("ar", "سبتمبر 2025", "9 سبتمبر 2025")],
)
def test_partial_date_is_said_in_the_language_of_the_page(language: str, month: str, day: str) -> None:
    with translation.override(language):
        assert in_words("2025-09") == month
        assert in_words("2025-09-09") == day


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2025-09", "2025-09"), ("2022~", "2022"), ("2025-21", ""), ("2024/2025", ""), ("202X", ""), ("0000", "")],
)
def test_only_a_moment_of_the_calendar_is_machine_readable(text: str, expected: str) -> None:
    assert machine_readable(text) == expected


def test_partial_date_stands_in_a_time_element_where_html_knows_it() -> None:
    assert partial_date("2025-09") == '<time datetime="2025-09">September 2025</time>'
    assert partial_date("2024/..") == "since 2024"
    assert partial_date("") == ""
