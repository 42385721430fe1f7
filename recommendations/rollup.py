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
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.appended import LATEST_FIRST
from partnerships.models import Actor
from partnerships.publication import PublicationQuerySet
from recommendations.states import (
    ENDS,
    MIXED,
    NO_RESPONSE,
    ImplementationState,
    ResponseKind,
)

S = ImplementationState
WELL = (S.IMPLEMENTED, S.IMPLEMENTED_OTHERWISE)
NOT_OUR_QUESTION_ANY_MORE = (S.SUPERSEDED, S.NO_LONGER_APPLICABLE, S.WITHDRAWN)


def months_before(day: dt.date, months: int) -> dt.date:
    """The day `months` calendar months before `day`, or the last of that month where there is none."""
    index = day.year * 12 + day.month - 1 - months
    if index < dt.date.min.year * 12:
        return dt.date.min
    year, month = divmod(index, 12)
    first_of_next = dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return dt.date(year, month + 1, min(day.day, (first_of_next - dt.timedelta(days=1)).day))


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
        limit = dt.date.fromordinal(max(on.toordinal() - settings.MAJLIS_NO_RESPONSE_DAYS, 1))
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
        """Adds `state_rolled_up`, `response_rolled_up`, `checked_date`, `is_overdue` and `is_stale`, as known on `as_of` (default: now)."""
        on = as_of or timezone.now().date()
        addressees = addressees_with_status(as_of, on=on)
        leads = addressees.filter(recommendation=OuterRef(OuterRef("pk")), role="lead")
        counted = addressees.filter(recommendation=OuterRef("pk")).filter(Q(role="lead") | ~Exists(leads))
        # Grouping by the recommendation makes one row of all the addressees that count.
        grouped = (
            counted.order_by()
            .values("recommendation")
            .annotate(
                states=Count("state", distinct=True),
                only_state=Min("state"),
                n=Count("pk"),
                ended=Count("pk", filter=Q(state__in=ENDS)),
                well=Count("pk", filter=Q(state__in=WELL)),
                settled_otherwise=Count("pk", filter=Q(state__in=NOT_OUR_QUESTION_ANY_MORE)),
                partly=Count("pk", filter=Q(state__in=[*WELL, S.PARTLY_IMPLEMENTED])),
                moving=Count("pk", filter=Q(state=S.IN_PROGRESS)),
                slid_back=Count("pk", filter=Q(state=S.REVERSED)),
                stuck=Count("pk", filter=Q(state=S.STALLED)),
                looked_at=Count("pk", filter=~Q(state=S.NOT_ASSESSED)),
            )
        )
        state = grouped.annotate(
            rolled=Case(
                When(states=1, then=F("only_state")),
                When(ended=F("n"), well=F("n"), then=Value(S.IMPLEMENTED_OTHERWISE.value)),
                When(ended=F("n"), well__gt=0, then=Value(S.PARTLY_IMPLEMENTED.value)),
                When(
                    ended=F("n"),
                    settled_otherwise=F("n"),
                    then=Value(S.NO_LONGER_APPLICABLE.value),
                ),
                When(ended=F("n"), then=Value(S.NOT_IMPLEMENTED.value)),
                When(partly__gt=0, then=Value(S.PARTLY_IMPLEMENTED.value)),
                When(moving__gt=0, then=Value(S.IN_PROGRESS.value)),
                When(slid_back__gt=0, then=Value(S.REVERSED.value)),
                When(stuck__gt=0, then=Value(S.STALLED.value)),
                When(looked_at__gt=0, then=Value(S.NOT_STARTED.value)),
                default=Value(S.NOT_ASSESSED.value),
                output_field=CharField(),
            )
        ).values("rolled")
        answers = (
            counted.order_by()
            .values("recommendation")
            .annotate(answers=Count("response", distinct=True), only_response=Min("response"))
            .annotate(
                rolled=Case(
                    When(answers=1, then=F("only_response")),
                    default=Value(MIXED),
                    output_field=CharField(),
                )
            )
            .values("rolled")
        )
        checked = counted.order_by().values("recommendation").annotate(latest=Max("checked_date")).values("latest")
        stale_before = months_before(on, settings.MAJLIS_STALE_MONTHS)
        return self.annotate(
            state_rolled_up=Coalesce(Subquery(state), Value(S.NOT_ASSESSED.value), output_field=CharField()),
            response_rolled_up=Coalesce(
                Subquery(answers),
                Value(ResponseKind.NOT_SENT.value),
                output_field=CharField(),
            ),
            checked_date=Subquery(checked, output_field=DateField()),
        ).annotate(
            is_overdue=Case(
                When(
                    Q(target_date__lt=on) & ~Q(state_rolled_up__in=ENDS),
                    then=Value(True),
                ),
                default=Value(False),
            ),
            is_stale=Case(
                When(
                    Q(published_at__isnull=False)
                    & ~Q(state_rolled_up__in=ENDS)
                    & Q(
                        Q(checked_date__lt=stale_before)
                        | Q(
                            checked_date__isnull=True,
                            published_at__date__lt=stale_before,
                        )
                    ),
                    then=Value(True),
                ),
                default=Value(False),
            ),
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
