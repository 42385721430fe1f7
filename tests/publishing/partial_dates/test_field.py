"""Partial dates: EDTF levels 0 and 1, and nothing else."""

import calendar
import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partnerships.models import Source
from publishing.partial_dates.field import LEVELS_0_AND_1, bounds, read_partial_date, unambiguous_date
from tests.factories import InstrumentActionFactory, SourceFactory, UserFactory
from tests.support.refusal import refused

DATES: dict[str, tuple[str | None, str | None]] = {
    # Level 0
    "2025": ("2025-01-01", "2025-12-31"),
    "2025-09": ("2025-09-01", "2025-09-30"),
    "2025-02": ("2025-02-01", "2025-02-28"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2025-09-09": ("2025-09-09", "2025-09-09"),
    "2024-02-29": ("2024-02-29", "2024-02-29"),
    "0001": ("0001-01-01", "0001-12-31"),
    "9999-12-31": ("9999-12-31", "9999-12-31"),
    "2025-09-09/2025-09-11": ("2025-09-09", "2025-09-11"),
    "2025-09/2025-10": ("2025-09-01", "2025-10-31"),
    "2024/2025-03-01": ("2024-01-01", "2025-03-01"),
    "2025/2025": ("2025-01-01", "2025-12-31"),
    # Level 1: qualified
    "2022~": ("2022-01-01", "2022-12-31"),
    "2022?": ("2022-01-01", "2022-12-31"),
    "2022%": ("2022-01-01", "2022-12-31"),
    "2025-09~": ("2025-09-01", "2025-09-30"),
    "2025-09-09?": ("2025-09-09", "2025-09-09"),
    "2022~/2023?": ("2022-01-01", "2023-12-31"),
    # Level 1: unspecified digits
    "202X": ("2020-01-01", "2029-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2025-XX": ("2025-01-01", "2025-12-31"),
    "2025-09-XX": ("2025-09-01", "2025-09-30"),
    "2025-XX-XX": ("2025-01-01", "2025-12-31"),
    # Level 1: seasons
    "2025-21": ("2025-03-01", "2025-05-31"),
    "2025-22": ("2025-06-01", "2025-08-31"),
    "2025-23": ("2025-09-01", "2025-11-30"),
    "2025-24": ("2025-12-01", "2026-02-28"),
    "2023-24": ("2023-12-01", "2024-02-29"),
    "2004-24/2005-24": ("2004-12-01", "2006-02-28"),
    "9999-24": ("9999-12-01", "9999-12-31"),
    # Level 1: open intervals
    "2025-09/..": ("2025-09-01", None),
    "../2025-09": (None, "2025-09-30"),
    "2022~/..": ("2022-01-01", None),
}

NONSENSE = [
    "",
    "yesterday",
    "autumn 2025",
    "25",
    "2025-9",
    "2025-13",
    "2025-00",
    "2025-02-30",
    "2023-02-29",
    "2025-09-00",
    "2025-09-31",
    "09/2025",
    "9.9.2025",
    "2025.09.09",
    "2025/09/09",
    "2025--09",
    "0000",
    "-0001",
    "10000",
    "Y170000002",
    "XXXX",
    "199u",
    "199x",
    "2025/open",
    "unknown/2025",
    "/",
    "..",
    "2025-09\x00",
    "2025-0९",
    "٢٠٢٥",
    "2025–09",
    "2025" * 20,
]

LEVEL_TWO = [
    "[2025,2026]",
    "{2025..2026}",
    "2025?-09",
    "?2025",
    "2025-09-~11",
    "156X-12-25",
    "1950S2",
    "2025-25",
    "2025-41",
]


@pytest.mark.parametrize("text", DATES)
def test_partial_date_means_its_first_and_last_day(text: str) -> None:
    first, last = DATES[text]
    assert bounds(text) == (first and dt.date.fromisoformat(first), last and dt.date.fromisoformat(last))


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        bounds(text)
    assert f"“{text}”" in refusal.value.messages[0]
    assert refusal.value.code == "partial_date"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-02-30", "2025-02-30"),
        ("1900-02-29", "1900-02-29"),
        ("2025-06-31~", "2025-06-31"),
        ("2025-09-31/2025-09-01", "2025-09-31"),
        ("2025-09-01/2025-09-31", "2025-09-31"),
        ("2025-02-29/..", "2025-02-29"),
    ],
)
def test_day_that_is_not_in_the_calendar_is_refused_by_name(text: str, day: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        bounds(text)
    assert refusal.value.messages == [
        f"There is no “{day}” in the calendar. Write a day that there is, or the month or the year alone."
    ]


@pytest.mark.parametrize("text", LEVEL_TWO)
def test_level_two_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        bounds(text)


@pytest.mark.parametrize("text", [" 2025", "2025 ", "2025\n", "\t2025-09", "2025-09 /2025-10"])
def test_blanks_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        bounds(text)


@pytest.mark.parametrize("text", ["2025/2024", "2025-09-11/2025-09-09", "2025-10/2025-09", "2026~/2025"])
def test_span_that_ends_before_it_starts_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="ends before it starts"):
        bounds(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2025-09/", (dt.date(2025, 9, 1), None)), ("/2025-09", (None, dt.date(2025, 9, 30)))],
)
def test_unknown_side_of_a_span_is_not_made_up(text: str, expected: tuple[dt.date | None, dt.date | None]) -> None:
    assert bounds(text) == expected


def test_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bounds.cache_clear()
    first = bounds("2025-09-09/2025-09-11")
    monkeypatch.setattr("publishing.partial_dates.field.parse_edtf", None)
    assert bounds("2025-09-09/2025-09-11") == first


tokens = st.sampled_from([*"0123456789-/~?%X.TZYESu+:[]{},^ \n\x00", "..", "2025", "-09", "-02-29", "-21", "9999", "é"])


@settings(max_examples=200)
@given(text=st.lists(tokens, max_size=8).map("".join) | st.text(max_size=45))
@example("2025-09-09T24:00:00+99:99")
@example("Y9E9")
@example("2931S0012")
@example("9999/..")
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        first, last = bounds(text)
    except ValidationError:
        return
    assert first is None or last is None or first <= last


@settings(max_examples=30)
@given(day=st.dates(), qualifier=st.sampled_from(["", "~", "?", "%"]))
def test_every_day_month_and_year_is_read_exactly(day: dt.date, qualifier: str) -> None:
    year, month = f"{day.year:04}", f"{day.year:04}-{day.month:02}"
    assert bounds(day.isoformat() + qualifier) == (day, day)
    end_of_month = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    assert bounds(month + qualifier) == (day.replace(day=1), end_of_month)
    assert bounds(year + qualifier) == (dt.date(day.year, 1, 1), dt.date(day.year, 12, 31))


# As a person types it


@pytest.mark.parametrize("text", DATES)
def test_edtf_is_read_as_it_is(text: str) -> None:
    assert read_partial_date(text) == text
    assert read_partial_date(f" {text}\u200f") == text
    assert read_partial_date(text.translate({ord(digit): "٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in "0123456789"})) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18 June 2024", "2024-06-18"),
        ("18 Haziran 2024", "2024-06-18"),
        ("11 يناير 2011", "2011-01-11"),
        ("١١ كانون الثاني ٢٠١١", "2011-01-11"),
        ("18.06.2024", "2024-06-18"),
        ("18/06/2024", "2024-06-18"),
        ("5.6.2027", "2027-06-05"),
        ("03/04/2026", "2026-04-03"),
        ("June 2024", "2024-06"),
        ("Haziran 2024", "2024-06"),
        ("حزيران ٢٠٢٤", "2024-06"),
    ],
)
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_day_and_month_in_words_are_read_in_every_language(text: str, expected: str, language: str) -> None:
    with translation.override(language):
        assert read_partial_date(text) == expected


@pytest.mark.parametrize(
    ("text", "present"),
    [
        ("2022-uu", "2022-XX"),
        ("2022-uu-uu", "2022-XX-XX"),
        ("199u", "199X"),
        ("199x", "199X"),
        ("19uu", "19XX"),
        ("unknown/2006", "/2006"),
        ("2004/unknown", "2004/"),
        ("2004/open", "2004/.."),
        ("open/2006", "../2006"),
        ("199u/open", "199X/.."),
        ("1922?-40", "1922?/1940"),
        ("192X-33", "192X/1933"),
        ("1922-45", "1922/1945"),
        ("2004?~", "2004%"),
    ],
)
def test_old_spelling_is_refused_with_the_present_one(text: str, present: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_partial_date(text)
    assert refusal.value.messages == [f"“{text}” is an old spelling. Write “{present}”."]
    assert read_partial_date(present) == present


@pytest.mark.parametrize("text", [*LEVEL_TWO, "yesterday", "autumn 2025", "09/2025", "2025-13", "uuuu", "unknown/open"])
def test_what_is_no_date_is_refused_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(ValidationError, match="is no date we can read"):
        read_partial_date(text)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("1446", "1446"), ("1446-06-01", "1446"), ("1446~", "1446"), ("14XX", "14XX"), ("144X", "144X"),
        ("1299/1446", "1446"), ("../1446", "1446"), ("Haziran 1446", "1446"), ("2569", "2569"), ("٢٥٦٩", "2569"),
    ],
)  # fmt: skip
def test_year_of_another_calendar_is_asked_about(text: str, year: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        read_partial_date(text)
    assert f"“{year}” looks like a year of the" in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1446 CE", "1446"), ("1446-06-01 CE", "1446-06-01"), ("١٤٤٦ م", "1446"), ("MS 1446/1447", "1446/1447")],
)
def test_year_of_our_era_is_read_once_that_is_said_and_shown_so(text: str, expected: str) -> None:
    assert read_partial_date(text) == expected
    assert unambiguous_date(expected) == f"{expected} CE"
    assert read_partial_date(unambiguous_date(expected)) == expected


@pytest.mark.parametrize("text", ["2025", "2025-09/..", "1501", "1299", "1500/1501 CE", "14XX/2001 CE"])
def test_only_what_would_be_asked_about_is_written_with_its_era(text: str) -> None:
    assert read_partial_date(unambiguous_date(read_partial_date(text))) == read_partial_date(text)
    assert unambiguous_date("2025-09") == "2025-09"


@settings(max_examples=200, deadline=None)
@given(text=st.lists(tokens, max_size=8).map("".join) | st.text(max_size=45))
def test_any_text_that_is_read_is_a_date_that_can_be(text: str) -> None:
    try:
        found = read_partial_date(text)
    except ValidationError:
        return
    assert LEVELS_0_AND_1.fullmatch(found)
    bounds(found)


# The field


@pytest.mark.django_db
def test_saving_fills_the_bounds() -> None:
    source = SourceFactory(date="2025-09")
    source.refresh_from_db()
    assert (source.date, source.date_earliest, source.date_latest) == (
        "2025-09",
        dt.date(2025, 9, 1),
        dt.date(2025, 9, 30),
    )
    source.date = ""
    source.save()
    source.refresh_from_db()
    assert (source.date, source.date_earliest, source.date_latest) == ("", None, None)


@pytest.mark.django_db
def test_form_names_the_field_of_an_unreadable_date() -> None:
    with pytest.raises(ValidationError) as refusal:
        SourceFactory.build(author=UserFactory(), date="2025-02-30").full_clean()
    assert refusal.value.message_dict.keys() == {"date"}


@pytest.mark.django_db
def test_unreadable_date_is_never_stored() -> None:
    with pytest.raises(ValidationError), transaction.atomic():
        SourceFactory(date="soon")
    assert not Source.objects.exists()


@pytest.mark.django_db
def test_action_on_an_instrument_is_not_known_before_it_happened() -> None:
    action = InstrumentActionFactory(date="2025-06", as_of=dt.date(2025, 6, 1))
    action.full_clean()
    action.date = "2025-06-02"
    with pytest.raises(ValidationError) as refusal:
        action.full_clean()
    assert refusal.value.message_dict == {"as_of": ["This cannot have been true before it happened."]}


# The database sees the same


def can_be(*texts: str) -> list[bool]:
    """What PostgreSQL says of each text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT publishing_can_be(said) FROM unnest(%s::text[]) WITH ORDINALITY AS each(said, place) ORDER BY place",
            [list(texts)],
        )
        return [answer for (answer,) in cursor.fetchall()]


def is_read(text: str) -> bool:
    """Whether `bounds` reads it; a span that ends before it starts is a matter of the bounds, and so left out."""
    try:
        bounds(text)
    except ValidationError as refusal:
        return "ends before it starts" in str(refusal)
    return True


@pytest.mark.django_db
def test_database_reads_the_same_dates_and_refuses_the_same_nonsense() -> None:
    nonsense = [text for text in [*NONSENSE, *LEVEL_TWO, " 2025", "2025\n", "2025-02-30/2025-03"] if "\x00" not in text]
    assert can_be(*DATES) == [True] * len(DATES)
    assert can_be(*nonsense) == [False] * len(nonsense)


@pytest.mark.django_db
@settings(max_examples=10)
@given(texts=st.lists(st.from_regex(LEVELS_0_AND_1, fullmatch=True), min_size=1, max_size=4))
@example(
    texts=[
        "0000",
        "000X",
        "00XX",
        "0000-21",
        "0001",
        "2023-02-29",
        "1900-02-29",
        "2000-02-29",
        "9999/..",
        "../0000",
        "2025-21?",
        "2025-21",
    ]
)
def test_database_reads_what_python_reads(texts: list[str]) -> None:
    assert dict(zip(texts, can_be(*texts), strict=True)) == {text: is_read(text) for text in texts}


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["2025-02-30", "soon", "2025-13", "2025-09-31/2025-10"])
def test_raw_sql_stores_no_day_that_cannot_be(text: str) -> None:
    source = SourceFactory(date="2025-02")
    with refused("partnerships_source_date_can_be"):
        Source.objects.filter(pk=source.pk).update(date=text)
