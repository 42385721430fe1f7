"""All forms, lists, pages, the API and files read days and numbers with the same reader."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import django_filters
import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.formats import get_format
from rest_framework import serializers

from config.knowledge import value
from config.knowledge.document import PlainWord
from partnerships.models import Claim, Review, Source
from publishing.desk.addresses import add_address
from publishing.form_fields import (
    AmountField,
    ClockField,
    DayField,
    MomentField,
    PartialDateFormField,
    WholeNumberField,
)
from publishing.partial_dates.field import PartialDateField
from recommendations.update_form import SnoozeForm, UpdateForm
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    ClaimFactory,
    EventFactory,
    PartnershipFactory,
    RecommendationFactory,
    ReviewFactory,
    SeriesFactory,
    UserFactory,
)
from tests.support.desk import Page

pytestmark = pytest.mark.long

Desk = Callable[..., Page]
LANGUAGES = ("en", "tr", "ar")
OURS = ("config", "events", "partnerships", "publishing", "recommendations")
READERS = (DayField, ClockField, MomentField, WholeNumberField, AmountField)
OF_DJANGO = (
    forms.DateField,
    forms.DateTimeField,
    forms.SplitDateTimeField,
    forms.TimeField,
    forms.DurationField,
    forms.IntegerField,  # and with it decimals and fractions
)
THIRD_OF_APRIL = dt.date(2026, 4, 3)


def published(factory: Any, **attributes: Any) -> Any:
    return factory(published=True, published_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC), **attributes)


def below(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def is_read_by_django(field: forms.Field) -> bool:
    return isinstance(field, OF_DJANGO) and not isinstance(field, READERS)


# Every form


def fields_of_the_admin(user: User) -> Iterator[tuple[str, Any, Any]]:
    """What the admin shows for each column that can be typed into, on each page and in each row below it."""
    request = RequestFactory().get("/")
    request.user = user
    for model, page in admin.site._registry.items():
        if not page.has_add_permission(request) and not page.has_change_permission(request):
            continue
        for part in (page, *(inline(model, admin.site) for inline in page.inlines)):
            for column in part.model._meta.concrete_fields:
                if column.editable and not column.is_relation and not column.primary_key:
                    field = part.formfield_for_dbfield(column, request)
                    if field is not None:
                        yield f"{type(page).__name__}: {part.model.__name__}.{column.name}", column, field


@pytest.mark.django_db
def test_admin_reads_every_column_of_days_and_numbers_by_the_one_reader() -> None:
    found = list(fields_of_the_admin(UserFactory(is_staff=True, is_superuser=True)))
    dated = [
        field
        for _name, column, field in found
        if isinstance(column, models.DateField | models.TimeField | PartialDateField)
    ]
    assert len(dated) > 25
    assert [name for name, _column, field in found if is_read_by_django(field)] == []
    assert [
        name
        for name, column, field in found
        if isinstance(column, PartialDateField) and not isinstance(field, PartialDateFormField)
    ] == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_day_of_the_admin_is_day_first(language: str) -> None:
    with translation.override(language):
        for name, _column, field in fields_of_the_admin(UserFactory(is_staff=True, is_superuser=True)):
            match field:
                case DayField():
                    assert field.clean("03/04/2026") == THIRD_OF_APRIL, name
                    assert field.clean("٣ نيسان ٢٠٢٦") == THIRD_OF_APRIL, name
                case MomentField():
                    read = field.clean(["03/04/2026", "١٠:٣٠"])
                    assert read == dt.datetime(2026, 4, 3, 10, 30, tzinfo=dt.UTC), name
                case PartialDateFormField():
                    assert field.clean("03/04/2026") == "2026-04-03", name
                case ClockField():
                    assert field.clean("١٠:٣٠") == dt.time(10, 30), name
                case WholeNumberField() | AmountField():
                    assert field.clean("٣") == 3, name
                    with pytest.raises(forms.ValidationError):
                        field.clean("6٥0")


def test_no_form_of_ours_has_a_field_that_django_reads() -> None:
    """But for forms of models, whose columns the admin replaces as above."""
    found = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in below(forms.BaseForm)
        if form.__module__.split(".")[0] in OURS
        for name, field in {**getattr(form, "base_fields", {}), **getattr(form, "declared_fields", {})}.items()
        if is_read_by_django(field) and (name in form.declared_fields or not issubclass(form, forms.BaseModelForm))
    }
    assert found == set()
    assert isinstance(UpdateForm.base_fields["as_of"], DayField)
    assert isinstance(SnoozeForm.base_fields["until"], DayField)


def test_no_filter_of_the_api_is_read_by_django() -> None:
    of_days = (
        django_filters.DateFilter,
        django_filters.DateTimeFilter,
        django_filters.NumberFilter,
        django_filters.BaseRangeFilter,
        django_filters.RangeFilter,
    )
    kinds: set[Any] = {
        type(one) for filters in below(django_filters.FilterSet) for one in filters.base_filters.values()
    }
    assert kinds
    assert [kind for kind in kinds if issubclass(kind, of_days)] == []
    assert [kind for kind in kinds if is_read_by_django(kind.field_class())] == []


def test_api_takes_no_day_or_number_in_a_body_that_it_would_read_otherwise() -> None:
    read = (serializers.DateField, serializers.DateTimeField, serializers.TimeField, serializers.IntegerField)
    found = [
        f"{one.__name__}.{name}"
        for one in below(serializers.Serializer)
        if one.__module__.split(".")[0] in OURS
        for name, field in one._declared_fields.items()
        if isinstance(field, read)
        and not field.read_only
        and not one.__module__.endswith(("scorecard", "lineage", "problems"))
    ]
    assert found == []


def test_no_template_leaves_a_day_to_the_order_of_the_browser() -> None:
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        assert not any(f'type="{kind}"' in path.read_text() for kind in ("date", "datetime-local", "number", "time"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_left_to_django_is_year_month_day(language: str) -> None:
    """Its calendar writes in the first of these formats, and no other is read where a door was forgotten."""
    with translation.override(language):
        assert get_format("DATE_INPUT_FORMATS") == ["%Y-%m-%d"]
        assert all(form.startswith("%Y-%m-%d") for form in get_format("DATETIME_INPUT_FORMATS"))
        for field in (forms.DateField(), forms.DateTimeField()):
            with pytest.raises(forms.ValidationError):
                field.clean("03/04/2026")


# The desk


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_permanent_record_is_dated_day_first_and_the_day_is_said_back(
    language: str, editor: User, client_of: Callable[[User], Client]
) -> None:
    claim, client = published(ClaimFactory), client_of(editor)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = Page(client, add_address(Review, claim=claim.pk))
    page.send("_save", status="unverified", reason="Made up.", as_of="03/04/2026", language="en")
    assert Review.objects.get(claim=claim).as_of == THIRD_OF_APRIL
    said = {"en": "3 April 2026", "tr": "3 Nisan 2026", "ar": "3 إبريل 2026"}[language]
    assert any(said in message for message in page.said)


@pytest.mark.django_db
def test_words_stand_beside_a_day_before_it_is_saved(desk: Desk, editor: User) -> None:
    page = desk(editor, Review, claim=published(ClaimFactory).pk, as_of="03/04/2026")
    words = '<output class="in-words" id="id_as_of_words" for="id_as_of">3 April 2026</output>'
    assert words in page.response.content.decode()
    page.send("_save", reason="")  # refused, and shown again
    assert not Review.objects.exists()
    assert words in page.response.content.decode()
    assert page.fields["as_of"] == "03/04/2026"


@pytest.mark.django_db
def test_hijri_year_is_asked_about_and_taken_once_the_era_is_said(desk: Desk, editor: User) -> None:
    page = desk(editor, Source)
    given = {"title_en": "A made-up chronicle", "date": "1446", "accessed_date": "1446-06-01"}
    page.send("_continue", **given)
    assert not Source.objects.exists()
    assert "“1446” looks like a year of the Hijri" in page.errors["date"][0]
    assert "write “1446-06-01 CE”" in page.errors["accessed_date"][0]
    assert (page.fields["date"], page.fields["accessed_date"]) == (
        "1446",
        "1446-06-01",
    )  # nothing is confirmed for them
    page.send("_continue", date="1446 CE", accessed_date="1 June 1446 CE")
    source = Source.objects.get()
    assert (source.date, source.accessed_date) == ("1446", dt.date(1446, 6, 1))
    # Shown so that to save it again is no question.
    assert (page.fields["date"], page.fields["accessed_date"]) == ("1446 CE", "1446-06-01 CE")
    page.send("_continue", publisher_name="Nobody")
    source.refresh_from_db()
    assert (source.publisher_name, source.date) == ("Nobody", "1446")


@pytest.mark.django_db
def test_moment_and_partial_date_are_typed_in_words_and_in_arabic_digits(desk: Desk, editor: User) -> None:
    page = desk(editor, Claim)
    page.send(
        "_continue", kind="occurrence", statement_en="Made up.", valid="١١ كانون الثاني ٢٠١١", review_by="٢٠٢٧-٠٩-٠٩",
        embargo_until_0="3 Nisan 2027", embargo_until_1="١٠:٣٠", quantity_min="٦٥٠٫٥", quantity_max="۶۵۱", unit="troops",
    )  # fmt: skip
    claim = Claim.objects.get()
    assert (claim.valid, claim.review_by) == ("2011-01-11", dt.date(2027, 9, 9))
    assert claim.embargo_until == dt.datetime(2027, 4, 3, 10, 30, tzinfo=dt.UTC)
    assert (float(claim.quantity_min), float(claim.quantity_max)) == (650.5, 651)
    for said in ("Valid: 11 January 2011", "Review by: 9 September 2027", "Embargo until: 3 April 2027, 10:30"):
        assert said in page.said[-1]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["03/04/2026", "3 Nisan 2026", "٢٠٢٦-٠٤-٠٣"])
@pytest.mark.parametrize("column", ["as_of", "recorded_at"])
def test_address_of_a_list_names_a_day_as_it_is_typed(
    column: str, address: str, editor: User, client_of: Callable[[User], Client]
) -> None:
    at = dt.datetime(2026, 4, 3, 12, tzinfo=dt.UTC)
    here = ReviewFactory(as_of=THIRD_OF_APRIL, recorded_at=at)
    ReviewFactory(as_of=dt.date(2026, 3, 4), recorded_at=dt.datetime(2026, 3, 4, 12, tzinfo=dt.UTC))
    answer = client_of(editor).get("/admin/partnerships/review/", {f"{column}__gte": address})
    assert [row.pk for row in answer.context["cl"].queryset] == [here.pk]


@pytest.mark.django_db
def test_what_somebody_types_is_said_in_words_by_the_server(editor: User, client_of: Callable[[User], Client]) -> None:
    def said(client: Client, **query: str) -> str:
        return client.get("/admin/in-words/", query).content.decode()

    client = client_of(editor)
    assert said(client, text="03/04/2026") == "3 April 2026"
    assert said(client, text="2004-24", kind="partial-date") == "winter 2004/05"
    assert said(client, text="04/18/2026") == said(client, text="") == said(client, text="1446-06-01") == ""
    assert said(client, text="<b>" * 10_000, kind="?") == ""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"
    assert said(client, text="03/04/2026") == "3 إبريل 2026"
    assert Client().get("/admin/in-words/", {"text": "03/04/2026"}).status_code == 302


# Pages and the API


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["", "/tr", "/ar"])
@pytest.mark.parametrize("day", ["03/04/2026", "3 April 2026", "3 Nisan 2026", "٣ نيسان ٢٠٢٦", "٢٠٢٦-٠٤-٠٣"])
def test_page_is_asked_about_a_day_as_it_is_typed(prefix: str, day: str) -> None:
    partnership = published(PartnershipFactory)
    address = f"{prefix}{partnership.get_absolute_url()}"
    answer = Client().get(address, {"as_of": day, "since": day})
    assert answer.status_code == 200
    assert answer.context["as_of"] == THIRD_OF_APRIL
    assert answer.context["since"] == THIRD_OF_APRIL
    for name in ("as_of", "since"):
        assert f'name="{name}" value="2026-04-03"' in answer.content.decode()
    listed = Client().get(f"{prefix}/recommendations/", {"as_of": day, "running": "٣"})
    assert listed.status_code == 200
    assert "as_of=2026-04-03" in listed.content.decode()  # what leads on from there says it plainly


@pytest.mark.django_db
def test_page_refuses_a_day_of_another_calendar_in_words() -> None:
    answer = Client().get(published(PartnershipFactory).get_absolute_url(), {"as_of": "1446-06-01"})
    assert answer.status_code == 400
    assert "looks like a year of the Hijri" in answer.content.decode()


@pytest.mark.django_db
def test_pages_say_once_that_days_of_records_are_days_in_utc() -> None:
    """Where a day is asked about, and where the days of what was recorded stand without it being asked about."""
    told = [published(kind) for kind in (PartnershipFactory, ClaimFactory, ActorFactory, SeriesFactory)]
    told.append(published(RecommendationFactory))
    series = told[3]
    lists = ("/", "/corrections/", "/claims/", "/recommendations/", "/claims/calibration/")
    for address in (*lists, *(one.get_absolute_url() for one in told), f"{series.get_absolute_url()}scorecard/"):
        content = Client().get(address).content.decode()
        expected = 0 if address == "/corrections/" else 1  # nothing is corrected yet
        assert content.count("Days of records are days in UTC.") == expected, address


@pytest.mark.django_db
def test_recommendation_is_overdue_from_the_day_after_its_target_date() -> None:
    recommendation = published(RecommendationFactory, target_date=dt.date(2025, 11, 29))
    published(ActorFactory, name="Qatar")
    AddresseeFactory(recommendation=recommendation)
    for address in (recommendation.get_absolute_url(), "/recommendations/"):
        assert "Overdue since 30 November 2025" in Client().get(address).content.decode()


@pytest.mark.django_db
def test_api_reads_the_digits_of_arabic_and_persian_and_year_month_day_alone() -> None:
    partnership = published(PartnershipFactory)
    event = published(EventFactory, start_date=THIRD_OF_APRIL)
    published(RecommendationFactory, event=event)

    def ask(path: str, **query: str) -> tuple[int, Any]:
        answer = Client().get(f"/api/v1/{path}", query)
        return answer.status_code, json.loads(answer.content)

    for day in ("٢٠٢٦-٠٤-٠٣", "۲۰۲۶-۰۴-۰۳"):
        assert ask(f"partnerships/{partnership.slug}/", as_of=day)[0] == 200
    assert ask("events/", year="٢٠٢٦", page_size="۵")[1]["results"][0]["slug"] == event.slug
    assert ask("recommendations/", editions_running="٣", page_size="٥")[0] == 200
    for query in ({"as_of": "03/04/2026"}, {"as_of": "3 April 2026"}):
        status, problem = ask(f"partnerships/{partnership.slug}/", **query)
        assert status == 400
        assert "year-month-day" in problem["detail"]
    for name, path in (("year", "events/"), ("page_size", "events/"), ("as_of", "partnerships/")):
        assert ask(path, **{name: "6٥"})[0] == 400


# Knowledge files


@pytest.mark.parametrize(
    ("read", "text", "expected"),
    [
        (value.day, "03/04/2026", THIRD_OF_APRIL),
        (value.day, "٢٠٢٦-٠٤-٠٣", THIRD_OF_APRIL),
        (value.day, "3 Nisan 2026", THIRD_OF_APRIL),
        (value.possible_date, "٢٠٢٥-٠٩", "2025-09"),
        (value.possible_date, "18 June 2024", "2024-06-18"),
        (value.clock_time, "١٠:٣٠", dt.time(10, 30)),
        (value.number_from_one, PlainWord("٣"), 3),
        (value.amount, PlainWord("٦٥٠"), 650),
        (value.moment, "٢٠٢٥-٠٩-٠٩T١٠:٠٠+٠٣:٠٠", dt.datetime(2025, 9, 9, 7, tzinfo=dt.UTC)),
    ],
)
def test_file_is_read_by_the_same_reader(read: Callable[[object], object], text: str, expected: object) -> None:
    assert read(text) == expected
