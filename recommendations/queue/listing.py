"""The items of the queue, and the number of each kind."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from partnerships.models import Claim, Resolution, Review, Source
from publishing.desk.addresses import add_address, change_address
from publishing.permissions import reviews
from recommendations.models import Addressee, Recommendation, Submission
from recommendations.models.recommendation import to_whom
from recommendations.queue.of_addressees import MAX_BY_KEY, MINE, WALKS_OF_ADDRESSEES
from recommendations.queue.of_claims import WALKS_OF_CLAIMS
from recommendations.queue.place import EVERYTHING, QUEUE_KINDS, SOMETIME, Narrowed, Place, QueueKind
from recommendations.queue.walk import Walk

COUNTED = 100
"""How many of a kind are counted; beyond that, the answer is only that there are more."""

WALKS = (*WALKS_OF_ADDRESSEES, *WALKS_OF_CLAIMS)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An item of the queue: about an addressee, or else a claim or a source.

    A source to publish may be evidence for several addressees; it is listed with the first.
    """

    place: Place
    addressee: Addressee | None
    submission: Submission | None
    source: Source | None
    claim: Claim | None
    since: dt.date
    """The day from which its age is counted; for something due, the day on which it is due."""
    is_mine: bool
    on: dt.date

    @property
    def kind(self) -> QueueKind:
        return self.place.kind

    @property
    def recommendation(self) -> Recommendation | None:
        return self.addressee.recommendation if self.addressee is not None else None

    @property
    def what(self) -> Addressee | Submission | Source | Claim:
        """What is postponed when somebody postpones the item."""
        what = self.submission or self.source or self.claim or self.addressee
        assert what is not None, "every walk is about something"
        return what

    @property
    def title(self) -> str:
        """Its subject, in one line."""
        if self.addressee is None:
            return str(self.what)
        recommendation = self.addressee.recommendation
        return f"{recommendation.reference} {recommendation.title} {to_whom()} {self.addressee.actor}"

    @property
    def days(self) -> int:
        """How many days it has waited; negative if it lies in the future."""
        return (self.on - self.since).days

    @property
    def age(self) -> str:
        """The same in words."""
        number = abs(self.days)
        if self.kind == QueueKind.DUE and self.days < 0:
            return ngettext("in %(number)d day", "in %(number)d days", number) % {"number": number}
        if self.kind in (QueueKind.DUE, QueueKind.FORECAST, QueueKind.REVIEW):
            return ngettext("%(number)d day ago", "%(number)d days ago", number) % {"number": number}
        return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}

    @property
    def why(self) -> str:
        """Why it is in the queue, in a few words."""
        said = {"day": date_format(self.since, "DATE_FORMAT")}
        if self.kind == QueueKind.STALE and self.place.day == SOMETIME:
            return _("Published on %(day)s, and nobody has looked since.") % said
        if (
            self.kind == QueueKind.UNVERIFIED
            and self.claim is not None
            and self.claim.current_verification.review_id is None
        ):
            return _("Published on %(day)s, and nobody has assessed it since.") % said
        if self.kind == QueueKind.GONE and self.source is not None and self.source.archived_date is None:
            return _("Its address has not answered since %(day)s, and there is no copy of it.") % said
        return str(WHY[self.kind]) % said

    @property
    def url(self) -> str:
        """The page on which one handles it."""
        if self.source is not None:
            return change_address(self.source)
        if self.claim is not None:
            return add_address(Resolution if self.kind == QueueKind.FORECAST else Review, claim=self.claim.pk)
        if self.submission is not None:
            return reverse("admin:recommendations_submission_accept", args=[self.submission.pk])
        return reverse("admin:recommendations_addressee_update", args=[self.what.pk])


WHY = {
    QueueKind.SUBMISSION: _("The partner reported on %(day)s."),
    QueueKind.SOURCE: _("Cited since %(day)s, and shown to nobody before a second person publishes it."),
    QueueKind.CONFIRM: _("Said to be implemented on %(day)s; a second person has to confirm it."),
    QueueKind.DUE: _("The next edition or the target date is on %(day)s."),
    QueueKind.FORECAST: _("Its time ended on %(day)s, and nobody has said how it ended."),
    QueueKind.REVIEW: _("To be reviewed by %(day)s, and not reviewed since."),
    QueueKind.NO_RESPONSE: _("Asked on %(day)s, and no answer since."),
    QueueKind.GONE: _("Its address has not answered since %(day)s; the desk keeps a copy of it."),
    QueueKind.STALE: _("Last checked on %(day)s."),
    QueueKind.UNVERIFIED: _("Last reviewed on %(day)s, and still unverified."),
}


class Count(NamedTuple):
    """The number of items of a kind; `is_more` if there are more than were counted."""

    kind: QueueKind
    number: int
    is_more: bool


def _walks(narrowed: Narrowed, after: Place | None) -> list[Walk]:
    first = QUEUE_KINDS.index(after.kind) if after is not None else 0
    return [walk for walk in WALKS if narrowed.kind in (None, walk.kind) and QUEUE_KINDS.index(walk.kind) >= first]


def _mine(by: User) -> list[int] | None:
    """The addressees that belong to `by`, if they are few; None if they are many."""
    with connection.cursor() as cursor:
        cursor.execute(MINE, {"by": by.pk, "most": MAX_BY_KEY})
        found = [key for (key,) in cursor.fetchall()]
    return found if len(found) < MAX_BY_KEY else None


def _given(by: User, narrowed: Narrowed, after: Place | None, *, on: dt.date) -> dict[str, Any]:
    return {
        "by": by.pk,
        "reviews": reviews(by),
        "on": on,
        "no_response_days": settings.MAJLIS_NO_RESPONSE_DAYS,
        "stale_months": settings.MAJLIS_STALE_MONTHS,
        "due_days": settings.MAJLIS_DUE_DAYS,
        "unverified_days": settings.MAJLIS_UNVERIFIED_DAYS,
        "mine": _mine(by) if narrowed.mine else None,
        "series": narrowed.series,
        "partner": narrowed.partner,
        "after_day": after.day if after else None,
        "after_key": after.key if after else None,
    }


def items(
    by: User, *, on: dt.date, narrowed: Narrowed = EVERYTHING, after: Place | None = None, number: int = 50
) -> list[QueueItem]:
    """The first `number` items of the queue of `by` on a day, or those after the place `after`.

    One query for each kind until there are enough, and one for each model that the items are about.
    """
    walks = _walks(narrowed, after)
    given = _given(by, narrowed, after, on=on)
    few = given["mine"] is not None
    rows: list[tuple[Any, ...]] = []
    for kind in sorted({walk.kind for walk in walks}, key=QUEUE_KINDS.index):
        lists = [walk.sql(narrowed, after, mine_are_few=few, limit="%(number)s") for walk in walks if walk.kind == kind]
        whole = " UNION ALL ".join(lists)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT * FROM ({whole}) AS queue ORDER BY day, key LIMIT %(number)s",
                given | {"number": number - len(rows)},
            )
            rows += cursor.fetchall()
        if len(rows) == number:
            break
    related = ("recommendation__event__series", "actor", "current_status")
    addressees = Addressee.objects.select_related(*related).in_bulk({row[3] for row in rows if row[3]})
    submissions = Submission.objects.select_related("submitted_by").in_bulk({row[4] for row in rows if row[4]})
    sources = Source.objects.in_bulk({row[5] for row in rows if row[5]})
    claims = (
        Claim.objects.select_related("current_verification")
        .prefetch_related("partnerships")
        .in_bulk({row[6] for row in rows if row[6]})
    )
    return [
        QueueItem(
            place=Place(QUEUE_KINDS[place], day, key),
            addressee=addressees.get(addressee),
            submission=submissions.get(submission),
            source=sources.get(source),
            claim=claims.get(claim),
            since=since,
            is_mine=is_mine,
            on=on,
        )
        for place, day, key, addressee, submission, source, claim, since, is_mine in rows
    ]


def counts(by: User, *, on: dt.date, narrowed: Narrowed = EVERYTHING) -> list[Count]:
    """The number of items of each kind, in one query; kinds without items are left out.

    A kind is counted up to `COUNTED`, so that the count costs no more in a large table.
    """
    given = _given(by, narrowed, None, on=on) | {"number": COUNTED + 1}
    few = given["mine"] is not None
    walks = " UNION ALL ".join(
        walk.sql(narrowed, None, mine_are_few=few, limit="%(number)s") for walk in _walks(narrowed, None)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT place, count(*) FROM ({walks}) AS queue GROUP BY place ORDER BY place", given)
        rows = cursor.fetchall()
    return [Count(QUEUE_KINDS[place], min(number, COUNTED), number > COUNTED) for place, number in rows]
