"""The tracker: the recommendations, their addressees, and what became of them."""

import datetime as dt
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event, Point, Report, Series
from partnerships import prefetches
from partnerships.models import Actor, Instrument, Partnership, Source, Topic
from publishing.bibliography.work import Work
from publishing.pages.detail import DetailPage
from publishing.pages.lists import ListPage
from publishing.prefetches import visible_prefetch
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_of
from publishing.reader.revision_cache import kept_by_revision
from publishing.records import end_of
from recommendations.analysis.lineage import family_of
from recommendations.analysis.scorecard import editions_of, scorecard
from recommendations.filters import RecommendationFilters
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Addressee, Confirmation, Evidence, Fulfilment, Recommendation, Response, StatusEntry
from recommendations.models.recommendation import FULFILLED_BY
from recommendations.querysets.rollup import state_counts


class RecommendationList(ListPage):
    model = Recommendation
    template_name = "recommendations/recommendation_list.html"
    section, section_url_name = _("Recommendations"), "recommendations:recommendation_list"
    standfirst = _("What was asked, of whom, how they answered, what came of it, and how we know.")
    feed_url_name = "recommendations:recommendation_feed"
    filters_class = RecommendationFilters
    identifier = "reference"
    order = ("-year", "reference")

    def sortable(self) -> Any:
        return super().sortable().annotate(year=Substr("reference", 3, 4))

    def rows(self) -> Any:
        known = self.sortable().public_by(self.filters.known_on)
        return self.filters.narrow(known.with_statuses(self.request.user, as_of=self.filters.known_on))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            state_counts=[{**row, "url": self.address(state=row["state"])} for row in self.state_counts()],
            **kwargs,
        )

    def state_counts(self) -> list[dict[str, Any]]:
        """How many of all filtered recommendations are in each state; cached, because counting for each visitor costs
        too much.
        """
        known_on = self.filters.known_on

        def count() -> dict[str, int]:
            found: Any = self.filters.narrow(self.sortable().public_by(known_on).with_rollup(as_of=known_on))
            return {row["state"]: row["count"] for row in found.state_counts(as_of=known_on)}

        asked = ("state counts", tuple(sorted(self.filters.query().items())), timezone.now().date())
        return state_counts(kept_by_revision(asked, count, user=self.request.user))


class RecommendationDetail(DetailPage):
    model = Recommendation
    template_name = "recommendations/recommendation_detail.html"
    section, section_url_name = _("Recommendations"), "recommendations:recommendation_list"
    takes_as_of = True

    def get_queryset(self) -> QuerySet[Any]:
        user, as_of = self.request.user, self.as_of
        recommendations = Recommendation.objects.visible_to(user)
        responses = Response.objects.known_on(as_of).with_corrected(as_of).latest_first()
        entries = StatusEntry.objects.known_on(as_of).with_corrected(as_of).with_being_read().latest_first()
        confirmations = Confirmation.objects.all()
        if as_of is not None:
            confirmations = confirmations.filter(recorded_at__lt=end_of(as_of))
        addressees = (
            Addressee.objects.filter(actor__in=Actor.objects.visible_to(user))
            .with_status(as_of=as_of, on=as_of or timezone.now().date())
            .select_related("actor")
            .prefetch_related(
                Prefetch("responses", responses.prefetch_related(visible_prefetch("source", Source, user))),
                Prefetch(
                    "entries",
                    entries.prefetch_related(
                        Prefetch("confirmation", confirmations),
                        Prefetch("evidence", prefetches.cited(user, Evidence.objects.all())),
                        visible_prefetch("on_behalf_of", Actor, user),
                        visible_prefetch("successor", Recommendation, user),
                    ),
                ),
            )
            .order_by("role", "pk")
        )
        held = editions_of(Event.objects.visible_to(user).filter(lifecycle=Event.Lifecycle.HELD))
        fulfilments = Fulfilment.objects.prefetch_related(
            Prefetch(
                "series", Series.objects.visible_to(user).prefetch_related(Prefetch("events", held, to_attr="held"))
            ),
            visible_prefetch("event", Event, user),
            visible_prefetch("source", Source, user),
            Prefetch("instrument", Instrument.objects.visible_to(user).select_related("partnership")),
        )
        return (
            recommendations.with_rollup(as_of=as_of)
            .with_editions_running(as_of=as_of)
            .with_lineage(user, as_of=as_of)
            .prefetch_related(
                visible_prefetch("event", Event, user),
                Prefetch("parent", recommendations.with_statuses(user, as_of=as_of)),
                Prefetch("point", Point.objects.visible_to(user)),
                visible_prefetch("point__report", Report, user),
                visible_prefetch("topics", Topic, user),
                visible_prefetch("partnerships", Partnership, user),
                "objectives",
                Prefetch(
                    "parts", recommendations.public_by(as_of).with_statuses(user, as_of=as_of).order_by("reference")
                ),
                Prefetch("addressees", addressees),
                Prefetch("fulfilments", fulfilments.order_by("pk")),
            )
        )

    def to_cite(self) -> QuerySet[Any]:
        recommendations: Any = super().to_cite()
        return cast("QuerySet[Any]", recommendations.select_related("event").with_rollup(as_of=self.as_of))

    def caveat_to_cite(self) -> str:
        state = ImplementationState(self.object.state_rolled_up).label
        return gettext("implementation: %(state)s") % {"state": state}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recommendation = self.object
        visible: Any = Recommendation.objects.visible_to(self.request.user)
        event, day = recommendation.event, self.as_of
        return super().get_context_data(
            was_not_made=bool(day and event and event.start_date and event.start_date > day),
            family=family_of(recommendation, visible.with_rollup(as_of=self.as_of), as_of=self.as_of),
            smallest_group=settings.MAJLIS_SMALLEST_GROUP,
            fulfilments=[
                fulfilment
                for fulfilment in recommendation.fulfilments.all()
                if any(getattr(fulfilment, name) for name in FULFILLED_BY)
            ],
            **kwargs,
        )


class SeriesScorecard(DetailPage):
    """What every edition asked, of whom, and what became of it, as known on a day, and since an earlier one."""

    model = Series
    template_name = "recommendations/series_scorecard.html"
    section, section_url_name = _("Events"), "events:event_list"
    takes_as_of = True

    def work(self) -> Work | None:
        work = super().work()
        return replace(work, kind="scorecard", type_name=gettext("Scorecard")) if work else None

    def get_queryset(self) -> QuerySet[Any]:
        return Series.objects.visible_to(self.request.user)

    @property
    def since(self) -> dt.date | None:
        """The day since which changes are shown; it must be before the day of the scorecard."""
        since, day = day_of(self.request.GET, "changed_since"), self.as_of or timezone.now().date()
        if since is not None and since >= day:
            advice = gettext("A change is told since an earlier day. Choose one before the day of the scorecard.")
            raise UnreadableQuery(ParameterProblem("changed_since", since.isoformat(), advice))
        return since

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, as_of, since = self.request.user, self.as_of, self.since
        asked = Recommendation.objects.visible_to(user).with_statuses(user, as_of=as_of).with_lineage(user, as_of=as_of)
        events = editions_of(Event.objects.visible_to(user).filter(series=self.object))
        return super().get_context_data(
            scorecard=scorecard(self.object, events, asked, as_of=as_of, since=since, now=timezone.now()),
            asked_since=since,
            today_url=self.request.path + (f"?{urlencode({'changed_since': since.isoformat()})}" if since else ""),
            **kwargs,
        )
