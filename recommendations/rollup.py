"""What a recommendation has come to, over its addressees and as of a day. All of it SQL, none stored.

The roll-up for display looks at the lead addressees, or at all of them where none leads:

- all in one state: that state;
- all ended, some of them well: partly implemented; all well, in different ways: implemented otherwise;
  none well: not implemented;
- otherwise, something was done by one of them: partly implemented; something moves: in progress;
  something slid back: reversed; something is stuck: stalled; somebody was looked at: not started;
- otherwise: not assessed.

The response rolls up to the answer they share, or to "mixed"; a share that is awaited for longer
than the limit counts as "no_response".
"""

import datetime as dt
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    F,
    Func,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.appended import END_OF_TIME, LATEST_FIRST, end_of
from partnerships.models import Actor
from partnerships.publication import PublicationQuerySet
from recommendations.states import (
    NO_RESPONSE,
    ImplementationState,
    ResponseKind,
)

S = ImplementationState


def months_before(day: dt.date, months: int) -> dt.date:
    """The day `months` calendar months before `day`, or the last of that month where there is none."""
    index = day.year * 12 + day.month - 1 - months
    if index < dt.date.min.year * 12:
        return dt.date.min
    year, month = divmod(index, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (first_of_next - dt.timedelta(days=1)).day))


def days_before(day: dt.date, days: int) -> dt.date:
    """The day `days` days before `day`, or the first day of the calendar."""
    return dt.date.fromordinal(max(day.toordinal() - days, 1))


class RolledUp(Func):
    """One member of what the SQL function `recommendations_rollup` says of a recommendation."""

    template = "(recommendations_rollup(%(expressions)s)).%(member)s"


class AddresseeQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any, *, at: dt.datetime | None = None) -> Self:
        """Those of recommendations that `user` may see: a part is public with its whole."""
        recommendations = apps.get_model("recommendations.Recommendation").objects.visible_to(user, at=at)
        return self.filter(recommendation__in=recommendations)

    def with_status(self, *, on: dt.date, as_of: dt.date | None = None) -> Self:
        """Adds `state`, `checked_date`, `response`, `recorded_response`, `response_date`, as known on `as_of`.

        `on` is the day on which "too long ago" is judged.
        """
        entries = apps.get_model("recommendations.StatusEntry").objects.standing(as_of)
        responses = apps.get_model("recommendations.Response").objects.standing(as_of)
        latest_entry = entries.filter(addressee=OuterRef("pk")).order_by(*LATEST_FIRST)
        latest_response = responses.filter(addressee=OuterRef("pk")).order_by(*LATEST_FIRST)
        limit = days_before(on, settings.MAJLIS_NO_RESPONSE_DAYS)
        return self.annotate(
            state=Coalesce(Subquery(latest_entry.values("state")[:1]), Value(S.NOT_ASSESSED.value)),
            checked_date=Subquery(latest_entry.values("as_of")[:1]),
            recorded_response=Coalesce(
                Subquery(latest_response.values("kind")[:1]),
                Value(ResponseKind.NOT_SENT.value),
            ),
            response_date=Subquery(latest_response.values("as_of")[:1]),
        ).annotate(
            response=Case(
                When(
                    recorded_response=ResponseKind.AWAITING.value,
                    response_date__lt=limit,
                    then=Value(NO_RESPONSE),
                ),
                default=F("recorded_response"),
                output_field=CharField(),
            )
        )


def addressees_with_status(as_of: dt.date | None, *, on: dt.date) -> AddresseeQuerySet:
    """All addressees with what `AddresseeQuerySet.with_status` adds."""
    addressees: AddresseeQuerySet = apps.get_model("recommendations.Addressee").objects.all()
    return addressees.with_status(as_of=as_of, on=on)


class RecommendationQuerySet(PublicationQuerySet):
    def with_rollup(self, *, as_of: dt.date | None = None) -> Self:
        """Adds `state_rolled_up`, `response_rolled_up`, `checked_date`, `is_overdue` and `is_stale`.

        All as known on `as_of` (by default now). The rule is the SQL function `recommendations_rollup`.
        """
        on = as_of or timezone.now().date()
        arguments = (
            F("pk"),
            F("target_date"),
            F("published_at"),
            Value(end_of(as_of) if as_of else END_OF_TIME, DateTimeField()),
            Value(on, DateField()),
            Value(days_before(on, settings.MAJLIS_NO_RESPONSE_DAYS), DateField()),
            Value(months_before(on, settings.MAJLIS_STALE_MONTHS), DateField()),
        )
        return self.annotate(
            state_rolled_up=RolledUp(*arguments, member="state", output_field=CharField()),
            response_rolled_up=RolledUp(*arguments, member="response", output_field=CharField()),
            checked_date=RolledUp(*arguments, member="checked_date", output_field=DateField(null=True)),
            is_overdue=RolledUp(*arguments, member="is_overdue", output_field=BooleanField()),
            is_stale=RolledUp(*arguments, member="is_stale", output_field=BooleanField()),
        )

    def with_standing(self, user: Any, *, as_of: dt.date | None = None) -> Self:
        """The roll-up, and in `standing` each addressee that `user` may see with its response and state.

        With it comes all that one line about a recommendation says. Leads stand before supporters.
        """
        on = as_of or timezone.now().date()
        addressees = addressees_with_status(as_of, on=on).filter(actor__in=Actor.objects.visible_to(user))
        return self.with_rollup(as_of=as_of).prefetch_related(
            Prefetch("addressees", addressees.select_related("actor").order_by("role", "pk"), to_attr="standing"),
            Prefetch("event", apps.get_model("events.Event").objects.visible_to(user)),
            Prefetch("parent", self.model._default_manager.all().visible_to(user)),
        )

    def with_lineage(self, user: Any) -> Self:
        """With `links` and `linked_from`: the recommendations, as far as `user` may see them, that it takes up or became."""
        visible = self.model._default_manager.all().visible_to(user)
        links = apps.get_model("recommendations.RecommendationLink").objects.order_by("pk")
        return self.prefetch_related(
            Prefetch("links", links.filter(target__in=visible).select_related("target")),
            Prefetch("linked_from", links.filter(source__in=visible).select_related("source")),
        )

    def state_counts(self, *, as_of: dt.date | None = None) -> list[dict[str, Any]]:
        """How many of these stand in each state, as `{"state", "label", "count"}`, in the order of the states."""
        rows = self if "state_rolled_up" in self.query.annotations else self.with_rollup(as_of=as_of)
        counted = dict(rows.order_by().values_list("state_rolled_up").annotate(count=Count("pk")))
        return [
            {"state": state.value, "label": state.label, "count": counted[state]} for state in S if state in counted
        ]
