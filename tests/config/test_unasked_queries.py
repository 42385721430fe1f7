"""`make test-next`: what a page did not ask for beforehand is refused while it is answered, and only then."""

import os

import pytest

from partnerships.models import Review
from tests.factories import ReviewFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.environ.get("MAJLIS_FETCH") != "raise", reason="needs the Django of `make test-next`"),
]


@pytest.mark.parametrize(
    ("method", "path", "refused"), [("GET", "/claims/", True), ("GET", "/admin/", False), ("POST", "/claims/", False)]
)
def test_row_that_was_not_asked_for_is_refused_on_public_pages_alone(method: str, path: str, refused: bool) -> None:
    from tests.support import unasked_queries  # imports what only that Django has

    claim = ReviewFactory().claim
    review = Review.objects.get()
    unasked_queries.begin({"REQUEST_METHOD": method, "PATH_INFO": path})
    try:
        if refused:
            from django.core.exceptions import FieldFetchBlocked  # of Django 6.1

            with pytest.raises(FieldFetchBlocked, match=r"Review\.claim"):
                _ = review.claim
        else:
            assert review.claim == claim
    finally:
        unasked_queries.end()
    assert review.claim == claim
