"""The errors of actions: validation errors that say what is wrong and what to do, at the field of the model.

An action raises an error once, and whoever answers the request places it once: a form at its fields
(`publishing/desk/forms.py`), the API at a member of the body, an import at a line of the file.
"""

import contextlib
from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from publishing.languages import listed
from publishing.public_texts import PublicText
from publishing.publication import Publication

REFUSALS = (ValidationError, IntegrityError)
"""What an action raises if it cannot do what was asked: a rule of ours refused it, or one of the database's."""


class Refused(ValidationError):  # noqa: N818 – reads as what happened, as Django's PermissionDenied does
    """The action is not possible as requested."""


class NotAllowed(Refused):
    """The user has no permission for this."""


class WrongState(Refused):
    """The state of the publication does not allow this."""


class ReviewerIsAuthor(Refused):
    """Somebody other than the author has to review before publication."""


class NothingSaid(Refused):
    """A public note is missing."""


class NeedsMore(Refused):
    """The record lacks something required; each error is at its field."""


class RefersToUnpublished(Refused):
    """The publication refers to things that are not public, and would reveal them."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        self.publications = list(publications)
        super().__init__(
            _("Publish these first, or together with it: %(names)s."),
            code="refers_to_unpublished",
            params={
                "names": listed(
                    f"{publication._meta.verbose_name} “{publication}”" for publication in self.publications
                )
            },
        )


class TextRefused(Refused):
    """A text that is about to be public says what must stay secret.

    Whoever answers the request calls `keep` after the rollback, outside the transaction.
    """

    findings: Sequence[tuple[PublicText, str]] = ()
    """Pairs of a text and, for people who may know them, the words found in it.

    The message does not contain these words: it may be stored where others read it.
    """

    shows_words: bool = False
    """Whether the person is shown the words, and so can correct the text at once."""

    may_be_overruled: bool = False
    """Whether the person may give a reason for letting the words stand."""

    def keep(self) -> None:
        """Records the refusal."""


@contextlib.contextmanager
def about(part: str) -> Iterator[None]:
    """A block in which every refusal is about one part of the input: one row of a form, or the source of an update."""
    try:
        yield
    except REFUSALS as refusal:
        refusal.part = part  # type: ignore[union-attr]
        raise


def part_of(refusal: Exception) -> str:
    """The part that `refusal` is about; empty if it is about the input as a whole."""
    return getattr(refusal, "part", "")
