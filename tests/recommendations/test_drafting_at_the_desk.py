"""The drafting check at the desk: hints beside the fields, near duplicates with a link, and it never blocks."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publishing.desk.addresses import change_address
from recommendations.models import Recommendation
from recommendations.querysets.similarity import nearest
from tests.factories import (
    ActorFactory,
    AddresseeFactory,
    EventFactory,
    RecommendationFactory,
    RecommendationLinkFactory,
)
from tests.support.desk import Page
from tests.support.pages import words

Desk = Callable[..., Page]

pytestmark = pytest.mark.django_db

ASKED = "Hold a strategic dialogue between Türkiye and the Gulf states every year"
AR, TR = "عقد حوار استراتيجي سنوي بين تركيا ودول الخليج", "Türkiye ile Körfez arasında her yıl diyalog düzenlemek"


def draft(**given: Any) -> Any:
    return RecommendationFactory(**{"title": ASKED, "text": f"{ASKED}, at the level of think tanks first.", **given})


def labels(recommendation: Recommendation) -> list[tuple[str, int]]:
    return [(like.recommendation.reference, round(like.likeness * 100)) for like in nearest(recommendation)]


# Near duplicates


def test_nearly_the_same_is_found_whatever_its_state() -> None:
    ours = draft()
    others = [
        draft(reference="R-2024-001"),
        draft(reference="R-2024-002", title="Hold a strategic dialogue of Türkiye and the Gulf", published=True),
        draft(reference="R-2024-003", title="Build a harbour", text="A harbour in the south, before the winter comes."),
        draft(reference="R-2024-004", withdrawn=True),
    ]
    found = labels(ours)
    assert [reference for reference, _percent in found] == ["R-2024-001", "R-2024-002"]
    assert found[0][1] == 100
    assert 30 < found[1][1] < 100
    assert nearest(others[2]) == []


@pytest.mark.parametrize(("language", "title"), [("tr", TR), ("ar", AR)])
def test_nearly_the_same_is_found_in_each_language(language: str, title: str) -> None:
    ours = draft(title="Ours", text="Ours alone.", **{f"title_{language}": title})
    other = draft(title="Theirs", text="Nothing of the kind.", **{f"title_{language}": f"{title}!"})
    assert [like.recommendation for like in nearest(ours)] == [other]


def test_spelling_and_capitals_make_no_difference() -> None:
    ours = draft(title="الاتفاق على أُسس الحوار", text="الاتفاق على أُسس الحوار", original_language="ar")
    other = draft(title="الإتفاق على اسس الحوار", text="الإتفاق على اسس الحوار", original_language="ar")
    assert [like.recommendation for like in nearest(ours)] == [other]


def test_what_is_linked_already_is_no_duplicate() -> None:
    ours, earlier, later = draft(), draft(), draft()
    RecommendationLinkFactory(source=ours, target=earlier)
    RecommendationLinkFactory(source=later, target=ours, type="narrows")
    whole = draft()
    part = draft(parent=whole)
    assert nearest(part)
    assert whole not in [like.recommendation for like in nearest(part)]
    assert {like.recommendation for like in nearest(ours)} == {whole, part}


def test_five_are_shown_at_most() -> None:
    ours = draft()
    for _ in range(7):
        draft()
    assert len(nearest(ours)) == 5


def test_index_finds_them() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    for language in ("en", "tr", "ar"):
        plan = Recommendation.objects.near(ASKED, "", language=language)[:5].explain()
        assert f"recommendations_recommendation_like_{language}" in plan


# At the desk


def test_draft_shows_its_hints_beside_the_fields(editor: User, desk: Desk) -> None:
    ours = draft(text="Consider an annual dialogue and publish its papers; report each year.", author=editor)
    page = desk(editor, ours)
    content = page.response.content.decode()
    said = words(content)
    assert "Drafting check Hints only: none of them keeps it from being saved" in said
    assert "text (English): It seems to ask for more than one thing." in said
    assert "; and publish" in said
    assert "Nobody can see when this is done. Say what should be there in the end. consider" in said
    assert "addressees : Nobody is asked yet." in said
    assert 'href="#id_text_en"' in content
    assert 'href="#addressees-group"' in content
    assert content.count('class="drafting__beside"') == 4  # the text twice, the test of done, the date


def test_near_duplicate_is_linked_with_how_alike_it_is(editor: User, desk: Desk) -> None:
    other = draft(published=True, reference="R-2024-001")
    page = desk(editor, draft(author=editor))
    assert f'<a href="{change_address(other)}" dir="auto">R-2024-001 {ASKED}</a> · 100 % alike' in " ".join(
        page.response.content.decode().split()
    )


def test_hostile_words_are_shown_as_words(editor: User, desk: Desk) -> None:
    draft(title="<script>alert(1)</script> {{ 7 }}", text="x")
    ours = draft(
        title="<script>alert(1)</script> {{ 7 }}", text="Hold it, and also <b>publish</b>; %s %(x)s", author=editor
    )
    content = desk(editor, ours).response.content.decode()
    assert "<script>alert(1)" not in content
    assert "<b>publish" not in content


def test_reviewer_sees_the_hints_of_what_waits(reviewer: User, desk: Desk) -> None:
    page = desk(reviewer, draft(in_review=True))
    assert "Drafting check" in page.response.content.decode()


def test_what_is_public_or_new_has_no_hints(reviewer: User, desk: Desk) -> None:
    assert "Drafting check" not in desk(reviewer, draft(published=True)).response.content.decode()
    assert "Drafting check" not in desk(reviewer, Recommendation).response.content.decode()


def test_whole_draft_is_told_that_it_is_whole(editor: User, desk: Desk) -> None:
    ours = draft(test_of_done="A second edition is held.", target_date="2027-01-01", author=editor)
    AddresseeFactory(recommendation=ours, actor=ActorFactory())
    assert "and asks one thing." in desk(editor, ours).response.content.decode()


def test_submission_tells_the_number_of_hints_and_is_not_kept_back(editor: User, desk: Desk) -> None:
    ours = draft(author=editor)
    page = desk(editor, ours).send("_submit")
    ours.refresh_from_db()
    assert ours.state == "in_review"
    assert page.said[-1] == (f"The drafting check has 3 hints on “{ours}”; whoever reviews it sees them too.")


def test_submission_of_a_whole_draft_says_nothing_more(editor: User, desk: Desk) -> None:
    ours = draft(test_of_done="A second edition is held.", target_date="2027-01-01", author=editor)
    AddresseeFactory(recommendation=ours, actor=ActorFactory())
    page = desk(editor, ours).send("_submit")
    assert page.said == [f"“{ours}” waits for review."]


@pytest.mark.parametrize("number", [1, 3])
def test_hints_cost_the_same_for_one_near_duplicate_and_for_three(number: int, editor: User) -> None:
    ours = draft(author=editor, event=EventFactory())
    for _ in range(number):
        draft()
    with CaptureQueriesContext(connection) as queries:
        assert len(nearest(ours)) == number
    assert len(queries) == 1
