"""What PostgreSQL writes is what the serializers say, to the byte."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import orjson
import psycopg
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework import serializers

from config.api.router import router
from partnerships.api.views import ClaimViewSet
from publishing.api.collection import Collection
from publishing.api.negotiation import JSONRenderer
from publishing.api.reader import Reader
from publishing.api.statements import statement_of
from publishing.database.clean_text import cleaned
from publishing.languages import Language
from publishing.reader.audience import reading_as_the_public
from publishing.site_address import site_address
from recommendations.api.views import RecommendationViewSet
from tests.factories import AS_OF, PUBLISHED_AT, ClaimFactory, ObjectiveFactory, RecommendationFactory, SourceFactory
from tests.support.published import IDENTIFIERS, everything

pytestmark = pytest.mark.long

VIEWS: dict[str, Any] = {prefix: view for prefix, view, _name in router.registry if prefix in IDENTIFIERS}


def both(
    view: type[Collection], keys: Sequence[Any], *, as_of: dt.date | None = None
) -> tuple[list[bytes], list[bytes]]:
    """Each of the rows with `keys` as PostgreSQL writes it, and as its serializer does."""
    request = RequestFactory().get("/")
    reader, collection = Reader(AnonymousUser(), timezone.now(), as_of), view()
    with reading_as_the_public():
        statement = statement_of(collection, reader)
        texts = statement.answers(keys, reader=reader, site=site_address(request))
        rows = {row.pk: row for row in collection.shown(reader).filter(pk__in=keys)}
        serializer: Any = view.serializer_class
        expected = [serializer(rows[key], context={"request": request}).data for key in keys if key in rows]
    write = JSONRenderer().render
    if statement.finished:
        return [write(statement.finish(orjson.loads(text))) for text in texts], [write(one) for one in expected]
    return [text.encode() for text in texts], [write(one) for one in expected]


@pytest.mark.django_db
@pytest.mark.parametrize("collection", VIEWS)
def test_postgresql_writes_what_the_serializer_does(collection: str) -> None:
    for _each in range(2):
        everything()
    view = VIEWS[collection]
    keys = list(view.model._default_manager.order_by("-pk").values_list("pk", flat=True))
    for language in Language.values:
        for as_of in (None, AS_OF, timezone.now().date()):
            with translation.override(language):
                written, expected = both(view, keys, as_of=as_of)
            assert written == expected
            assert len(written) >= 2 or as_of == AS_OF


def is_clean(words: str) -> bool:
    try:
        return cleaned(words, lines=False) == words
    except ValidationError:
        return False


letters = st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" \"\\/'<&{}[]:,")
words = (
    st.lists(letters, max_size=12)
    .map(lambda signs: unicodedata.normalize("NFC", "".join(signs)).strip())
    .filter(lambda text: text == "" or is_clean(text))
)
moments = st.integers(0, 10**15).map(lambda past: PUBLISHED_AT - dt.timedelta(microseconds=past))
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
amounts = st.decimals(0, Decimal("999999999999999999.99"), places=2) | st.sampled_from([Decimal(0), Decimal("1E+3")])


def texts(field: str, languages: Sequence[str], original: str, chosen: Sequence[str]) -> dict[str, str]:
    """`chosen` as the words of a field; the original is never empty."""
    found = {f"{field}_{language}": text for language, text in zip(languages, chosen, strict=True)}
    return found | {f"{field}_{original}": found[f"{field}_{original}"] or "Asıl “söz”"}


in_three = st.tuples(words, words, words)
languages = st.sampled_from(Language.values)


@pytest.mark.django_db
@settings(max_examples=60)
@given(page=languages, original=languages, said=in_three, context=in_three, published=moments,
       review_by=days | st.none(), low=amounts | st.none(), more=amounts | st.none(), unit=words.filter(bool), sensitive=st.booleans())  # fmt: skip
def test_any_claim_is_written_alike(  # noqa: PLR0917 -- hypothesis calls by name
    page: str,
    original: str,
    said: Sequence[str],
    context: Sequence[str],
    published: dt.datetime,
    review_by: dt.date | None,
    low: Decimal | None,
    more: Decimal | None,
    unit: str,
    sensitive: bool,
) -> None:
    has_quantity = low is not None or more is not None
    if low is not None and more is not None:
        low, more = min(low, more), max(low, more)
    claim = ClaimFactory(published=True, published_at=published)
    values: dict[str, Any] = {
        "original_language": original,
        "version_note": "Put “otherwise”.\n\\",
        "review_by": review_by,
        "quantity_min": low,
        "quantity_max": more,
        "unit": unit if has_quantity else "",
        "sensitive": sensitive,
        **texts("statement", Language.values, original, said),
        **dict(zip([f"context_{language}" for language in Language.values], context, strict=True)),
    }
    type(claim).objects.filter(pk=claim.pk).update(**values)
    with translation.override(page):
        [written], [expected] = both(ClaimViewSet, [claim.pk])
    assert written == expected


@pytest.mark.django_db
@settings(max_examples=40)
@given(page=languages, original=languages, title=in_three, text=in_three, aim=in_three, day=days | st.none())
def test_any_recommendation_is_written_alike(
    page: str, original: str, title: Sequence[str], text: Sequence[str], aim: Sequence[str], day: dt.date | None
) -> None:
    recommendation = RecommendationFactory(published=True, event__published=True)
    objective = ObjectiveFactory(recommendation=recommendation)
    type(objective).objects.filter(pk=objective.pk).update(**texts("text", Language.values, original, aim))
    type(recommendation).objects.filter(pk=recommendation.pk).update(
        original_language=original,
        version_note="Otherwise",
        target_date=day,
        **texts("title", Language.values, original, title),
        **texts("text", Language.values, original, text),
    )
    with translation.override(page):
        [written], [expected] = both(RecommendationViewSet, [recommendation.pk])
    assert written == expected


@pytest.mark.django_db
def test_rows_come_in_the_order_of_their_keys_and_no_others() -> None:
    first, second, draft = SourceFactory(published=True), SourceFactory(published=True), SourceFactory()
    for keys in ([second.pk, first.pk], [first.pk, second.pk]):
        written, expected = both(VIEWS["sources"], [*keys, draft.pk, 0])
        assert written == expected
        assert len(written) == 2


@pytest.mark.django_db
def test_statement_that_would_keep_a_moment_of_its_own_is_refused() -> None:
    class Hasty(ClaimViewSet):
        def shown(self, reader: Reader) -> Any:
            return super().shown(reader).filter(published_at__lte=timezone.now())

    with pytest.raises(ValueError, match="is no moment of the reader"):
        statement_of(Hasty(), Reader(AnonymousUser(), timezone.now()))


@pytest.mark.django_db
def test_member_that_only_python_knows_is_refused() -> None:
    class Computed(serializers.ModelSerializer[Any]):
        length = serializers.SerializerMethodField()

        class Meta:
            model = ClaimViewSet.model
            fields = ("length",)

    class Counting(ClaimViewSet):
        serializer_class: Any = Computed

    with pytest.raises(TypeError, match="length is computed in Python"):
        statement_of(Counting(), Reader(AnonymousUser(), timezone.now()))


@pytest.mark.django_db
def test_statement_is_planned_once() -> None:
    SourceFactory(published=True)
    keys = list(VIEWS["sources"].model._default_manager.values_list("pk", flat=True))
    for _each in range(3):
        both(VIEWS["sources"], keys)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%%given.place'"
        )
        assert (3, 0) in cursor.fetchall()


@pytest.mark.django_db
def test_plan_that_was_made_for_the_owner_is_not_used_for_the_reader() -> None:
    SourceFactory()  # a draft
    connection.ensure_connection()
    cursor: Any = psycopg.RawCursor(connection.connection)

    def counted() -> Any:
        return cursor.execute("SELECT count(*) FROM partnerships_source WHERE $1::int = 1", [1]).fetchone()[0]

    assert counted() == 1
    with reading_as_the_public():
        assert counted() == 0
    assert counted() == 1
    cursor.execute(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%partnerships_source WHERE $1::int%'"
    )
    assert cursor.fetchone()[0] >= 1
