"""Unique names, and a slug for each: at the desk, in files, in the database."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Actor, Topic
from publishing.desk.addresses import change_address
from publishing.desk.forms import slug_for
from publishing.unique_names import offered_slug
from tests.factories import ActorFactory, EventFactory, SeriesFactory, TopicFactory

TWINS = [
    ("Türkiye", "TÜRKİYE"),
    ("Diyarbakır", "DİYARBAKIR"),
    ("AI", "Aı"),
    ("Al-Jazeera Centre", "al‐jazeera  centre"),
    ("Qur'an", "Qur’an"),
    ("إعلان العُلا", "اعلان العلا"),
    ("إعلان", "إعـــلان"),
    ("الدوحة", "الدوحه"),
    ("مستشفى", "مستشفي"),
    ("مجلس 2025", "مجلس ٢٠٢٥"),
    ("ΑΘΗΝΑ", "αθηνα"),
    ("Москва", "МОСКВА"),
    ("Gulf\u200e Bank", "Gulf Bank"),
    ("Qa\u034ftar", "Qatar"),
    ("GISR\u2062 roundtables", "GISR roundtables\ufe0f"),
    ("\u2067قطر\u2069", "قطر"),
    ("ھندي", "هندي"),
    ("وزارة\u06d6", "وزارة"),
]
OTHERS = [("Ağrı", "Agri"), ("C", "C#"), ("Oman", "Amman"), ("قطر", "قطار"), ("United Nations", "United Nation")]


def folded(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT majlis_folded(%s)", [name])
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), TWINS)
def test_twins_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_others_do_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_the_database_refuses_a_twin_in_any_language(language: str) -> None:
    SeriesFactory(name_en="Gulf dialogue")
    with pytest.raises(IntegrityError, match="This is the name of another already"), transaction.atomic():
        SeriesFactory(**{"name_en": "Another", f"name_{language}": "GULF  dialogue"})


@pytest.mark.django_db
def test_what_sets_two_of_one_name_apart() -> None:
    pakistan, qatar = ActorFactory(name="Pakistan"), ActorFactory(name="Qatar")
    ActorFactory(name="Ministry of Defence", parent=qatar)
    ActorFactory(name="Ministry of Defence", parent=pakistan)
    TopicFactory(name="Mediation", kind=Topic.Kind.THEME)
    TopicFactory(name="Mediation", kind=Topic.Kind.COOPERATION_AREA)
    EventFactory(name="Roundtable")
    EventFactory(name="Roundtable")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActorFactory(name="ministry of defence", parent=qatar)


@pytest.mark.django_db
def test_a_twin_of_before_is_let_be_until_its_name_changes() -> None:
    first = ActorFactory(name="Gulf bank")
    second = ActorFactory(name="Other bank")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE partnerships_actor DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE partnerships_actor SET name_en = 'Gulf bank', name = 'Gulf bank' WHERE id = %s", [second.pk]
        )
        cursor.execute("ALTER TABLE partnerships_actor ENABLE TRIGGER USER")
    second.refresh_from_db()
    second.wikidata_id = "Q1"
    second.full_clean()
    second.save()
    assert Actor.objects.filter(name_en=first.name_en).count() == 2


@pytest.mark.django_db
def test_the_desk_refuses_a_twin_at_its_name_and_links_the_other(desk: Any, editor: User) -> None:
    first = ActorFactory(name="Türkiye & <b>", slug="turkiye")
    page = desk(editor, Actor).send(kind="state", name_tr="TÜRKİYE & <B>", original_language="tr")
    assert page.errors == {
        "name_tr": [
            f'This is the name of another: “<a href="{change_address(first)}">Türkiye &amp; &lt;b&gt;</a>” (turkiye). '
            "Use that one, or write what sets the two apart."
        ]
    }
    assert f'<a href="{change_address(first)}">' in page.response.content.decode()


@pytest.mark.django_db
def test_the_desk_links_what_has_a_slug_already(desk: Any, editor: User) -> None:
    first = ActorFactory(name="Gulf bank", slug="bank")
    page = desk(editor, Actor).send(kind="company", name_en="Another bank", slug="bank")
    assert page.errors == {"slug": [f'“<a href="{change_address(first)}">Gulf bank</a>” has this already (bank).']}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ({"name_ar": "مركز الخليج للأبحاث", "original_language": "ar"}, "mrkz-lkhlyj-llbhth"),
        ({"name_tr": "İkizce", "original_language": "tr"}, "ikizce"),
        ({"name_en": "C#", "slug": "c"}, "c-2"),
        ({"name_en": "C#"}, "c-2"),
        ({"name_en": "Agri", "name_tr": "Ağrı"}, "agri"),
        ({"name_en": "!!!"}, "actor"),
        ({"name_en": "Qatar", "slug": "typed"}, "typed"),
    ],
)
def test_a_slug_is_offered_from_a_name_in_any_script(desk: Any, editor: User, typed: dict[str, str], slug: str) -> None:
    ActorFactory(name="C", slug="c")
    page = desk(editor, Actor).send(kind="civil_society", **typed)
    assert page.errors == {}
    assert Actor.objects.latest("pk").slug == slug


@pytest.mark.django_db
def test_without_a_name_only_the_name_is_asked_for(desk: Any, editor: User) -> None:
    page = desk(editor, Actor).send(kind="civil_society")
    assert page.errors == {"name_en": ["Write this text at least in the original language."]}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_the_original_language_begins_as_that_of_the_desk(client_of: Any, editor: User, language: str) -> None:
    client = client_of(editor)
    client.cookies["language"] = language
    page = client.get("/admin/partnerships/actor/add/")
    assert page.context["adminform"].form["original_language"].value() == language


@pytest.mark.django_db
@given(name=st.text(min_size=1))
def test_whatever_the_name_its_slug_is_one(name: str) -> None:
    slug = slug_for("", [name], Actor)
    assert 0 < len(slug) <= 80
    assert slug.isascii()
    assert offered_slug(name) in {slug, ""}
