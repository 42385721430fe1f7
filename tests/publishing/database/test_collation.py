"""Sorting names in three languages."""

import random

import pytest

from partnerships.models import Actor
from publishing.database.collation import sort_key
from tests.factories import ActorFactory

pytestmark = pytest.mark.django_db


def in_order(language: str) -> list[str]:
    """The names in `language` as a list in it shows them."""
    actors = Actor.objects.annotate(sort_name=sort_key(language)).order_by("sort_name", "pk")
    return [getattr(actor, f"name_{language}") for actor in actors]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Afghanistan", "Ägypten", "egypt", "Türkiye", "tuvalu", "Zanzibar"]),
        ("tr", ["Cezayir", "Çin", "Endonezya", "Iğdır", "Irak", "İran", "İsrail", "Ürdün", "Yemen"]),
        ("ar", ["الأردن", "تركيا", "السعودية", "قطر", "مصر"]),
    ],
)
def test_names_stand_in_the_order_of_their_language(language: str, names: list[str]) -> None:
    for name in random.Random(1).sample(names, len(names)):
        ActorFactory(**{"name_en": name, f"name_{language}": name})
    assert in_order(language) == names


def test_name_that_is_not_translated_sorts_by_another() -> None:
    ActorFactory(name_en="Qatar", name_tr="Katar")
    ActorFactory(name_en="Jordan", name_tr="")
    ordered = Actor.objects.annotate(sort_name=sort_key("tr")).order_by("sort_name")
    assert list(ordered.values_list("name_en", flat=True)) == ["Jordan", "Qatar"]
