"""The lifecycle of a publication, in the database and in Python."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships.models import Actor, Topic
from publishing.database.triggers import BOOKKEEPING
from publishing.identifiers import PUBLIC_ID_PATTERN, new_public_id
from publishing.publication import Publication
from tests.factories import (
    PUBLISHED_AT,
    WITHDRAWN_AT,
    ActorFactory,
    ClaimFactory,
    EventFactory,
    PartnershipFactory,
    RecommendationFactory,
    ReportFactory,
    SeriesFactory,
    SourceFactory,
    TopicFactory,
    UserFactory,
)
from tests.support.cast import Person
from tests.support.refusal import refused, rolled_back

PUBLICATIONS: list[tuple[Any, str]] = [
    # What makes it, and one of its translated texts.
    (ActorFactory, "name"),
    (ClaimFactory, "statement"),
    (EventFactory, "name"),
    (PartnershipFactory, "name"),
    (RecommendationFactory, "title"),
    (ReportFactory, "title"),
    (SeriesFactory, "name"),
    (SourceFactory, "title"),
    (TopicFactory, "name"),
]
LONG_AGO = "2020-01-01T00:00:00+00:00"

each_publication = pytest.mark.parametrize(
    "factory", [factory for factory, _text in PUBLICATIONS], ids=lambda factory: factory._meta.model.__name__
)
each_text = pytest.mark.parametrize(
    ("factory", "text"), PUBLICATIONS, ids=lambda given: given if isinstance(given, str) else given._meta.model.__name__
)


def change(publication: Publication, **columns: Any) -> None:
    """Changes the row by one SQL UPDATE, and reads it anew."""
    type(publication)._base_manager.filter(pk=publication.pk).update(**columns)
    publication.refresh_from_db()


def rule_of(factory: Any) -> str:
    return f"{factory._meta.model._meta.db_table}_publication_rules"


def test_every_publication_is_tried() -> None:
    models = [m for app in ("partnerships", "events", "recommendations") for m in apps.get_app_config(app).get_models()]
    publications = {model for model in models if issubclass(model, Publication)}
    assert {factory._meta.model for factory, _text in PUBLICATIONS} == publications


# The way there, and none back


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_published_publication_never_becomes_a_draft_again(factory: Any, state: str) -> None:
    publication = factory(published=True)
    with refused(rule_of(factory), saying="does not become a draft again"):
        change(publication, state=state, published_at=None)
    publication.refresh_from_db()
    assert publication.state == "published"


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("state", ["draft", "in_review"])
def test_withdrawn_publication_never_becomes_a_draft_again(factory: Any, state: str) -> None:
    publication = factory(withdrawn=True)
    with refused(rule_of(factory), saying="does not become a draft again"):
        change(publication, state=state, published_at=None, withdrawn_at=None)
    publication.refresh_from_db()
    assert publication.state == "withdrawn"


@pytest.mark.django_db
@each_publication
def test_draft_may_go_to_review_and_back(factory: Any) -> None:
    publication = factory()
    for state in ("in_review", "draft"):
        change(publication, state=state)
        assert publication.state == state


@pytest.mark.django_db
@each_publication
def test_withdrawn_publication_may_be_published_again(factory: Any) -> None:
    publication = factory(withdrawn=True)
    change(publication, state="published", withdrawn_at=None)
    assert publication.state == "published"


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_what_was_published_is_never_deleted(factory: Any, state: str) -> None:
    publication = factory(**{state: True})
    with refused(None, saying="withdrawn, never deleted"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {publication._meta.db_table} WHERE id = %s", [publication.pk])
    with refused(None, saying="withdrawn, never deleted"):
        publication.delete()
    assert factory._meta.model.objects.filter(state=state).exists()


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("traits", [{}, {"in_review": True}], ids=["draft", "in_review"])
def test_draft_may_be_deleted(factory: Any, traits: dict[str, bool]) -> None:
    factory(**traits).delete()
    assert not factory._meta.model.objects.exists()


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("traits", [{}, {"published": True}, {"withdrawn": True}], ids=["draft", "public", "withdrawn"])
def test_public_id_is_permanent(factory: Any, traits: dict[str, bool]) -> None:
    publication = factory(**traits)
    with refused(rule_of(factory), saying="permanent"):
        change(publication, public_id=new_public_id())


@pytest.mark.django_db
@each_publication
def test_embargo_is_not_set_on_what_is_public_already(factory: Any) -> None:
    end = timezone.now() + dt.timedelta(hours=1)
    for public in (factory(published=True), factory(published=True, embargo_until=PUBLISHED_AT)):
        with refused(rule_of(factory), saying="public already"):
            change(public, embargo_until=end)
    for still_hidden in (factory(embargo_until=end), factory(published=True, embargo_until=end)):
        change(still_hidden, embargo_until=end + dt.timedelta(hours=1))


# Versions


@pytest.mark.django_db
@each_text
def test_new_words_of_a_published_publication_are_a_new_version(factory: Any, text: str) -> None:
    publication = factory(published=True, version_note="A word was wrong.")
    change(publication, **{f"{text}_en": "Better said."})
    assert publication.version == 2
    change(publication, **{f"{text}_ar": "أفضل"})
    assert publication.version == 3


@pytest.mark.django_db
@each_text
def test_new_words_of_a_published_publication_need_a_note(factory: Any, text: str) -> None:
    publication = factory(published=True)
    table = publication._meta.db_table
    with refused(f"{table}_version_says_what_changed"):
        change(publication, **{f"{text}_en": "Better said."})


@pytest.mark.django_db
@each_text
def test_version_that_comes_with_the_words_is_kept(factory: Any, text: str) -> None:
    publication = factory(published=True)
    change(publication, **{f"{text}_en": "Better said."}, version=2, version_note="A word was wrong.")
    assert publication.version == 2


@pytest.mark.django_db
@each_text
@pytest.mark.parametrize(
    "traits", [{}, {"in_review": True}, {"withdrawn": True}], ids=["draft", "in_review", "withdrawn"]
)
def test_new_words_of_what_is_not_public_are_no_new_version(factory: Any, text: str, traits: dict[str, bool]) -> None:
    publication = factory(**traits)
    change(publication, **{f"{text}_en": "Better said."})
    assert publication.version == 1


BOOKED: dict[str, Callable[[], object]] = {
    "reviewer_id": lambda: UserFactory().pk,
    "published_at": lambda: PUBLISHED_AT + dt.timedelta(days=1),
    "embargo_until": lambda: PUBLISHED_AT + dt.timedelta(days=1),
    "withdrawal_note": lambda: "Not yet.",
    "version_note": lambda: "A word was wrong.",
    "texts_changed_at": lambda: {"en": LONG_AGO},
    "created_at": lambda: PUBLISHED_AT - dt.timedelta(days=1),
}
"""New values for the columns that say how a publication stands; all that a published one can change alone."""


def test_every_column_of_bookkeeping_is_tried() -> None:
    assert {*BOOKED, "state", "version", "withdrawn_at", "public_from"} == {*BOOKKEEPING}


@pytest.mark.django_db
@each_publication
@pytest.mark.parametrize("column", BOOKED)
def test_bookkeeping_is_no_new_version(factory: Any, column: str) -> None:
    publication = factory(published=True)
    change(publication, **{column: BOOKED[column]()})
    assert publication.version == 1


@pytest.mark.django_db
@each_publication
def test_withdrawal_is_no_new_version(factory: Any) -> None:
    publication = factory(published=True)
    change(publication, state="withdrawn", withdrawn_at=WITHDRAWN_AT, withdrawal_note="It was misread.")
    assert publication.version == 1


@pytest.mark.django_db
@each_publication
def test_saving_the_same_again_is_no_new_version(factory: Any) -> None:
    publication = factory(published=True)
    publication.refresh_from_db()
    publication.save()
    publication.refresh_from_db()
    assert publication.version == 1


@each_publication
def test_bookkeeping_names_columns_that_every_publication_has(factory: Any) -> None:
    assert set(BOOKKEEPING) < {field.column for field in factory._meta.model._meta.local_concrete_fields}


# Translations


@pytest.mark.django_db
@each_text
def test_database_notes_when_the_words_of_a_language_changed(factory: Any, text: str) -> None:
    publication = factory(**{f"{text}_tr": "Türkçe"})
    publication.refresh_from_db()
    assert publication.texts_changed_at.keys() == {"en", "tr"}
    change(publication, texts_changed_at={"en": LONG_AGO, "tr": LONG_AGO})
    change(publication, **{f"{text}_tr": "Daha iyi Türkçe"})
    assert publication.texts_changed_at["en"] == LONG_AGO
    assert publication.texts_changed_at["tr"] > LONG_AGO
    change(publication, **{f"{text}_ar": "عربي"})
    assert publication.texts_changed_at.keys() == {"en", "tr", "ar"}
    assert publication.texts_changed_at["en"] == LONG_AGO


@pytest.mark.django_db
@each_text
def test_translation_older_than_the_original_is_outdated(factory: Any, text: str) -> None:
    publication = factory(**{f"{text}_tr": "Türkçe"})
    change(publication, texts_changed_at={"en": LONG_AGO, "tr": LONG_AGO})
    assert not publication.outdated_translation("tr")
    change(publication, **{f"{text}_en": "Better said."})
    assert publication.outdated_translation("tr")
    assert not publication.outdated_translation("en")
    assert not publication.outdated_translation("ar")


@pytest.mark.django_db
def test_change_that_is_none_of_words_leaves_translations_alone() -> None:
    actor = ActorFactory(name_tr="Katar")
    change(actor, texts_changed_at={"en": LONG_AGO, "tr": LONG_AGO})
    change(actor, kind="company", slug="qatar")
    assert actor.texts_changed_at == {"en": LONG_AGO, "tr": LONG_AGO}


@pytest.mark.parametrize(
    ("original", "asked", "changed", "outdated"),
    [
        ("en", "tr", {}, False),
        ("en", "tr", {"en": "2025-05-02T00:00:00+00:00"}, False),
        ("en", "tr", {"tr": "2025-05-01T00:00:00+00:00"}, False),
        ("en", "tr", {"en": "2025-05-02T00:00:00+00:00", "tr": "2025-05-01T23:59:59.999999+00:00"}, True),
        ("en", "tr", {"en": "2025-05-02T00:00:00+00:00", "tr": "2025-05-02T00:00:00+00:00"}, False),
        ("en", "tr", {"en": "2025-05-02T00:00:00+00:00", "tr": "2025-05-02T01:00:00+03:00"}, True),
        ("tr", "en", {"en": "2025-05-01T00:00:00+00:00", "tr": "2025-05-02T00:00:00+00:00"}, True),
        ("tr", "tr", {"en": "2025-05-02T00:00:00+00:00", "tr": "2025-05-01T00:00:00+00:00"}, False),
    ],
)
def test_outdated_translation_compares_with_the_original(
    original: str, asked: str, changed: dict[str, str], outdated: bool
) -> None:
    actor = Actor(original_language=original, texts_changed_at=changed)
    assert actor.outdated_translation(asked) is outdated


# Who sees what


NOW = dt.datetime(2025, 6, 1, 12, tzinfo=dt.UTC)
moments = st.integers(-2, 2).map(lambda seconds: NOW + dt.timedelta(seconds=seconds))
publications = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["draft", "in_review", "published", "withdrawn"]),
        "published_at": moments,
        "embargo_until": st.none() | moments,
    }
)


def topics(drawn: list[dict[str, Any]]) -> list[Topic]:
    """Topics in these states, each with what its state needs."""
    author, reviewer = UserFactory.create_batch(2)
    rows = []
    for columns in drawn:
        row = TopicFactory.build(author=author, **columns)
        if row.state in ("published", "withdrawn"):
            row.reviewer = reviewer
        else:
            row.published_at = None
        if row.state == "withdrawn":
            row.withdrawn_at, row.withdrawal_note = NOW, "It was misread."
        rows.append(row)
    return Topic._base_manager.bulk_create(rows)


@pytest.mark.django_db
@settings(max_examples=40)
@given(drawn=st.lists(publications, min_size=1, max_size=8), at=moments)
def test_predicates_and_filters_agree(drawn: list[dict[str, Any]], at: dt.datetime) -> None:
    with rolled_back():
        made = topics(drawn)
        published = [topic.pk for topic in made if topic.is_published(at=at)]
        assert [*Topic.objects.published(at=at).order_by("pk").values_list("pk", flat=True)] == published
        readers: list[Person | None] = [
            None,
            AnonymousUser(),
            UserFactory(),
            UserFactory(groups=("editors",)),
            UserFactory(groups=("editors",), is_active=False),
            UserFactory(is_superuser=True),
        ]
        for reader in readers:
            visible = [topic.pk for topic in made if topic.is_visible_to(reader, at=at)]
            assert [*Topic.objects.visible_to(reader, at=at).order_by("pk").values_list("pk", flat=True)] == visible


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "public"),
    [
        ({}, False),
        ({"in_review": True}, False),
        ({"withdrawn": True, "withdrawn_at": NOW}, False),
        ({"published": True, "published_at": NOW}, True),
        ({"published": True, "published_at": NOW + dt.timedelta(microseconds=1)}, False),
        ({"published": True, "published_at": NOW, "embargo_until": NOW}, True),
        ({"published": True, "published_at": NOW, "embargo_until": NOW + dt.timedelta(microseconds=1)}, False),
    ],
)
def test_public_sees_what_is_published_and_under_no_embargo(columns: dict[str, Any], public: bool) -> None:
    topic = TopicFactory(**columns)
    assert topic.is_published(at=NOW) is public
    assert Topic.objects.visible_to(AnonymousUser(), at=NOW).exists() is public


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("columns", "had_been_public"),
    [
        ({"published": True}, False),
        ({"withdrawn": True}, True),
        ({"withdrawn": True, "published_at": WITHDRAWN_AT}, True),
        ({"withdrawn": True, "published_at": WITHDRAWN_AT + dt.timedelta(microseconds=1)}, False),
        ({"withdrawn": True, "embargo_until": WITHDRAWN_AT}, True),
        ({"withdrawn": True, "embargo_until": WITHDRAWN_AT + dt.timedelta(microseconds=1)}, False),
    ],
)
def test_withdrawn_is_what_had_been_public(columns: dict[str, Any], had_been_public: bool) -> None:
    TopicFactory(**columns)
    assert Topic.objects.withdrawn().exists() is had_been_public


@pytest.mark.django_db
def test_visible_to_means_now_unless_told() -> None:
    past = TopicFactory(published=True)
    TopicFactory(published=True, embargo_until=timezone.now() + dt.timedelta(hours=1))
    assert [*Topic.objects.visible_to(None)] == [past]


# Names


def test_public_ids_are_ten_characters_that_survive_being_read_aloud() -> None:
    made = {new_public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(PUBLIC_ID_PATTERN.fullmatch(public_id) for public_id in made)
    assert not set("".join(made)) & set("ilou")


@pytest.mark.django_db
@pytest.mark.parametrize("public_id", ["012345678", "0123456789a", "012345678l", "012345678O", "012345678\n"])
def test_public_id_of_another_form_is_refused(public_id: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        TopicFactory.build(author=UserFactory(), public_id=public_id).full_clean()
    assert refusal.value.message_dict.keys() == {"public_id"}


@pytest.mark.django_db
def test_identifier_is_what_stands_in_the_address() -> None:
    assert ActorFactory(slug="qatar").identifier == "qatar"
    assert RecommendationFactory(reference="R-2025-001").identifier == "R-2025-001"
    claim = ClaimFactory()
    assert claim.identifier == claim.public_id
