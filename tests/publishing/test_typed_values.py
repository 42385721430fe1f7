"""Days, times and numbers as people type them: each can be read back, and none is guessed."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.formats import date_format
from hypothesis import given, settings
from hypothesis import strategies as st

from publishing import typed_values

LANGUAGES = ("en", "tr", "ar")
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹")

# Written down here, and not taken from the library that the reader takes them from.
MONTHS = (
    "January February March April May June July August September October November December",
    "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "OCAK ŞUBAT MART NİSAN MAYIS HAZİRAN TEMMUZ AĞUSTOS EYLÜL EKİM KASIM ARALIK",
    "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik",
    "Oca Şub Mar Nis May Haz Tem Ağu Eyl Eki Kas Ara",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس ابريل مايو يونيو يوليو اغسطس سبتمبر اكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "كانون_الثاني شباط اذار نيسان ايار حزيران تموز اب ايلول تشرين_الاول تشرين_الثاني كانون_الاول",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس أبريل ماي يونيو يوليوز غشت شتنبر أكتوبر نونبر دجنبر",
)

years = st.integers(1501, 2399) | st.integers(1000, 1299) | st.integers(2701, 9999)
days = st.builds(lambda year, day: dt.date(year, 1, 1) + dt.timedelta(days=day), years, st.integers(0, 364))


def in_script(text: str, script: str) -> str:
    return text.translate({ord(digit): script[value] for value, digit in enumerate(SCRIPTS[0])})


def in_digits(day: dt.date) -> list[str]:
    """`day` in digits, year first and day first."""
    year, month, number = f"{day.year:04}", day.month, day.day
    return [
        day.isoformat(),
        f"{year}/{month:02}/{number:02}",
        f"{year}.{month}.{number}",
        *(f"{number}{sign}{month}{sign}{year}" for sign in "/.-"),
        *(f"{number:02}{sign}{month:02}{sign}{year}" for sign in "/.-"),
        f"{number:02}. {month:02}. {year}",
    ]


def in_words(day: dt.date) -> list[str]:
    """`day` with the name of its month, in each language."""
    names = [names.split()[day.month - 1].replace("_", " ") for names in MONTHS]
    return [
        written
        for name in names
        for written in (
            f"{day.day} {name} {day.year:04}",
            f"{name} {day.day}, {day.year:04}",
            f"{day.day}، {name}، {day.year:04}",
            f"{day.day}-{name}-{day.year:04}",
            f"\u200f{day.day}\u00a0{name}\u202f{day.year:04}\u200e",
        )
    ]


@settings(max_examples=60, deadline=None)
@given(day=days, script=st.sampled_from(SCRIPTS), language=st.sampled_from(LANGUAGES))
def test_any_day_in_any_writing_reads_back_to_itself(day: dt.date, script: str, language: str) -> None:
    with translation.override(language):
        for written in [*in_digits(day), *in_words(day), typed_values.unambiguous_day(day)]:
            assert typed_values.read_day(in_script(written, script)) == day, written


@settings(max_examples=60, deadline=None)
@given(day=days, language=st.sampled_from(LANGUAGES), of_page=st.sampled_from(LANGUAGES))
def test_what_a_page_says_is_read_on_every_other(day: dt.date, language: str, of_page: str) -> None:
    with translation.override(language):
        said = date_format(day, "DATE_FORMAT")
    with translation.override(of_page):
        assert typed_values.read_day(said) == day


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sign", "/.-")
def test_digits_never_stand_month_first(language: str, sign: str) -> None:
    with translation.override(language):
        for first, second in itertools.product(range(1, 13), range(1, 13)):
            assert typed_values.read_day(f"{first:02}{sign}{second:02}{sign}2026") == dt.date(2026, second, first)


@pytest.mark.parametrize("text", ["04/18/2026", "4.18.2026", "12/13/2026"])
def test_month_first_is_refused_with_the_order(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        typed_values.read_day(text)
    [said] = refusal.value.messages
    assert said.startswith(f"“{text}” would have the month 1")
    assert said.endswith("Write the day first, then the month: 3/4/2026 is 3 April 2026.")


@pytest.mark.parametrize(
    "text",
    [
        "", "3/4/26", "3 April", "April 2026", "2026", "20260403", "2026-W14-5", "3/4-2026", "3 4 2026", "yesterday",
        "3 April 2026 5", "3 April May 2026", "3 April 2026 2027", "2026-04-03T10:00", "3 Aprile 2026", "3/4/02026",
        "0026-04-03", "3/4/0026", "3 April 0026", "2025-0९-01", "2026–04–03", "3 tashrin 2026", "\x00", "3\x004/2026", "3/4/2026 " * 50,
    ],
)  # fmt: skip
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        typed_values.read_day(text)
    assert refusal.value.code == "unreadable"
    assert "3/4/2026 or 3 April 2026" in refusal.value.messages[0]


@pytest.mark.parametrize(
    "text", ["30/02/2026", "2026-02-30", "31 June 2026", "29 Şubat 2026", "0/4/2026", "2026-13-01"]
)
def test_day_that_is_not_in_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="in the calendar"):
        typed_values.read_day(text)


@pytest.mark.parametrize("text", ["6٥0", "2026-٠4-03", "٣/۴/2026", "3 أبريل ٢٠٢٦"])
def test_digits_of_two_scripts_are_refused_wherever_one_reads(text: str) -> None:
    for read in (
        typed_values.read_day,
        typed_values.read_iso_day,
        typed_values.read_whole,
        typed_values.read_amount,
        typed_values.read_clock,
    ):
        with pytest.raises(ValidationError, match="digits of two scripts"):
            read(text)


# Other calendars

OURS = ("CE", "AD", "ce", "A.D.", "MS", "م", "ميلادي", "ميلادية")
HIJRI = ("هـ", "ه", "AH", "A.H.", "هجري", "هجرية", "Hicri", "hijri")


@settings(max_examples=40, deadline=None)
@given(
    year=st.integers(1300, 1500) | st.integers(2400, 2700),
    language=st.sampled_from(LANGUAGES),
    script=st.sampled_from(SCRIPTS),
    era=st.sampled_from(OURS),
)
def test_year_that_looks_like_another_calendars_is_asked_about_and_read_once_the_era_is_said(
    year: int, language: str, script: str, era: str
) -> None:
    day = dt.date(year, 6, 1)
    with translation.override(language):
        for written in [*in_digits(day), *in_words(day)]:
            with pytest.raises(ValidationError) as refusal:
                typed_values.read_day(in_script(written, script))
            assert refusal.value.code == "calendar"
            assert typed_values.read_day(f"{in_script(written, script)} {era}") == day
            # What the refusal offers is read as it stands there.
            assert refusal.value.params is not None
            assert typed_values.read_day(refusal.value.params["sure"]) == day
        assert typed_values.read_day(typed_values.unambiguous_day(day)) == day


@pytest.mark.parametrize(
    ("text", "calendar"),
    [("1446-06-01", "Hijri or the Persian"), ("1/6/1446", "Hijri or the Persian"), ("2569-06-01", "Buddhist")],
)
def test_refusal_says_what_a_year_was_taken_for(text: str, calendar: str) -> None:
    with pytest.raises(ValidationError, match=f"looks like a year of the {calendar} calendar"):
        typed_values.read_day(text)


@pytest.mark.parametrize("era", HIJRI)
@pytest.mark.parametrize("day", ["30-12-1433", "١ شوال ١٤٤٣", "1 Ramazan 1443", "1/1/2026"])
def test_hijri_day_is_not_converted(day: str, era: str) -> None:
    with pytest.raises(ValidationError, match="is a day of the Hijri calendar"):
        typed_values.read_day(f"{day} {era}")


def test_hijri_month_is_known_by_its_year() -> None:
    with pytest.raises(ValidationError, match="is a day of the Hijri calendar"):
        typed_values.read_day("1 شوال 1443")


def test_no_name_is_that_of_two_months() -> None:
    numbers: dict[str, set[int]] = {}
    for number, name in typed_values.names_of_months():
        numbers.setdefault(typed_values.folded(name), set()).add(number)
    assert [name for name, found in numbers.items() if len(found) > 1] == []


# What programs write


@settings(max_examples=30, deadline=None)
@given(day=days, script=st.sampled_from(SCRIPTS))
def test_programs_write_year_month_day_in_any_digits(day: dt.date, script: str) -> None:
    assert typed_values.read_iso_day(in_script(day.isoformat(), script)) == day


@pytest.mark.parametrize("text", ["3/4/2026", "03.04.2026", "3 April 2026", "2026/04/03", "2026-4-3", "20260403", ""])
def test_no_other_order_is_read_of_programs(text: str) -> None:
    with pytest.raises(ValidationError, match="Write the day as year-month-day"):
        typed_values.read_iso_day(text)


# Times and numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10:30", dt.time(10, 30)),
        ("9:05", dt.time(9, 5)),
        ("١٠:٣٠", dt.time(10, 30)),
        ("۲۳:۵۹:۵۸", dt.time(23, 59, 58)),
        ("10.30", dt.time(10, 30)),
        (" 00:00 ", dt.time(0, 0)),
    ],
)
def test_time_of_day_is_read(text: str, expected: dt.time) -> None:
    assert typed_values.read_clock(text) == expected


@pytest.mark.parametrize("text", ["", "10", "24:00", "10:60", "10:3", "10:30 pm", "1030", "-1:30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="clock of 24 hours"):
        typed_values.read_clock(text)


@settings(max_examples=50, deadline=None)
@given(number=st.integers(-(10**12), 10**12), script=st.sampled_from(SCRIPTS))
def test_whole_number_is_read_in_any_digits(number: int, script: str) -> None:
    assert typed_values.read_whole(in_script(f" {number}\u00a0", script)) == number


@settings(max_examples=50, deadline=None)
@given(number=st.decimals(-(10**12), 10**12, places=2), script=st.sampled_from(SCRIPTS), point=st.sampled_from(".,٫،"))
def test_amount_is_read_in_any_digits_and_with_the_points_of_the_three_languages(
    number: Decimal, script: str, point: str
) -> None:
    assert typed_values.read_amount(in_script(f"{number}".replace(".", point), script)) == number


@pytest.mark.parametrize("text", ["", "4.5", "1_000", "4,500", "1e3", "+5", "0x10", "५", "three", "--5"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="whole number"):
        typed_values.read_whole(text)


@pytest.mark.parametrize(
    "text", ["", "4.500", "4,500", "4 500", "4٬500", "1_000", "1e3", "NaN", "Infinity", "1.2.3", "५"]
)
def test_thousands_are_not_taken_for_decimals(text: str) -> None:
    with pytest.raises(ValidationError, match="without signs between its thousands"):
        typed_values.read_amount(text)
