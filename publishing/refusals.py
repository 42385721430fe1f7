"""How actions refuse: a validation error that says what was wrong and what to do."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publishing.languages import listed
from publishing.public_texts import PublicText
from publishing.publication import Publication


class Refused(ValidationError):  # noqa: N818 – reads as what happened, as Django's PermissionDenied does
    """An action that is not possible as asked."""


class NotAllowed(Refused):
    """The person may not do this."""


class WrongState(Refused):
    """The publication is not in a state from which this is possible."""


class ReviewerIsAuthor(Refused):
    """Somebody other than the author has to review before publication."""


class NothingSaid(Refused):
    """A public note is missing."""


class NeedsMore(Refused):
    """What is recorded needs something that is not there; each need stands at its field."""


class RefersToUnpublished(Refused):
    """What is to be published names things that are not public, and would give them away."""

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
    """A text that is about to be public says what it must not.

    Whoever answers the person calls `keep` once the transaction is rolled back, and so outside of it.
    """

    findings: Sequence[tuple[PublicText, str]] = ()
    """Pairs of a text and, for those who may know them, the words that were found in it.

    The message has no such words: it may be kept where others read it.
    """

    shows_words: bool = False
    """Whether the person is shown the words, and so can put them right at once."""

    may_be_overruled: bool = False
    """Whether the person may say why the words can stand."""

    def keep(self) -> None:
        """Records that it was refused."""
