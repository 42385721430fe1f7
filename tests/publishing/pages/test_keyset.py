"""Pages of a list that begin after a row."""

import pytest

from partnerships.models import Actor
from publishing.pages.keyset import UnknownRow, slice_of
from tests.factories import ActorFactory

pytestmark = pytest.mark.django_db

ORDER = ("-kind", "slug")


def slugs(after: str = "", before: str = "", size: int = 2) -> tuple[list[str], bool, bool]:
    """The slugs on a page, and whether there are others before and after it."""
    found = slice_of(
        Actor.objects.exclude(slug="hidden"),
        order=ORDER,
        size=size,
        identifier="slug",
        known=Actor.objects.all(),
        after=after,
        before=before,
    )
    return [actor.slug for actor in found.rows], found.has_previous, found.has_next


@pytest.fixture
def actors() -> None:
    for slug in ("b", "a", "d"):
        ActorFactory(slug=slug, kind=Actor.Kind.STATE)
    for slug in ("c", "hidden", "e"):
        ActorFactory(slug=slug, kind=Actor.Kind.BLOC)


@pytest.mark.usefixtures("actors")
def test_pages_follow_each_other_without_gap_or_repetition() -> None:
    assert slugs() == (["a", "b"], False, True)
    assert slugs(after="b") == (["d", "c"], True, True)
    assert slugs(after="c") == (["e"], True, False)
    assert slugs(after="e") == ([], True, False)


@pytest.mark.usefixtures("actors")
def test_pages_go_backwards_too() -> None:
    assert slugs(before="e") == (["d", "c"], True, True)
    assert slugs(before="d") == (["a", "b"], False, True)


@pytest.mark.usefixtures("actors")
def test_page_may_begin_after_a_row_that_is_filtered_out() -> None:
    assert slugs(after="hidden") == ([], True, False)
    assert slugs(before="hidden") == (["c", "e"], True, True)


@pytest.mark.usefixtures("actors")
def test_unknown_row_is_refused() -> None:
    with pytest.raises(UnknownRow):
        slugs(after="nobody")
