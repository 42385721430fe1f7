"""Home, about, corrections and search: the pages that combine several rooms."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from config.site import latest_changes
from config.site.search import SEARCHED_KINDS, HitPlace, Search
from events.models import Event, Series
from partnerships import prefetches
from partnerships.models import Claim, VerificationStatus
from partnerships.models.source import InformationCredibility, SourceReliability
from publishing.identifiers import PUBLIC_ID_PATTERN
from publishing.languages import page_language
from publishing.pages.lists import PAGE_SIZE, Choice, ListFilters
from publishing.pages.page import Page
from publishing.prefetches import visible_prefetch
from publishing.query_parameters import ParameterProblem, UnreadableQuery
from recommendations.lifecycle.states import ImplementationState, ResponseKind
from recommendations.models import Recommendation

NEWS_ON_HOME = 8
RUMOURS_ON_HOME = 3
CORRECTIONS_SHOWN = 100
MAX_QUERY_LENGTH = 200

KIND_NAMES = {
    "partnership": _("Partnerships"),
    "claim": _("Claims"),
    "event": _("Events"),
    "recommendation": _("Recommendations"),
    "actor": _("Actors"),
    "report": _("Reports"),
    "point": _("Points"),
}
"""What can be searched, in the order of the page."""

HIT_PLACE = rf"\A({'|'.join(SEARCHED_KINDS)})-{PUBLIC_ID_PATTERN.pattern}\Z"
"""The place of a hit, as the address of the next page names it."""


CONFIRMED_STATUSES = (VerificationStatus.CORROBORATED, VerificationStatus.OFFICIALLY_CONFIRMED)


class HomePage(Page, TemplateView):
    """What this is, how the recommendations stand, what is verified and what is not, what is new."""

    template_name = "config/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, now = self.request.user, timezone.now()
        events = Event.objects.visible_to(user).prefetch_related(visible_prefetch("series", Series, user))
        claims = prefetches.claims(user)
        by_status = Claim.objects.visible_to(user).status_counts()
        number = {row["state"]: row["count"] for row in by_status}
        return super().get_context_data(
            state_counts=Recommendation.objects.visible_to(user).state_counts(),
            verification_counts=by_status,
            number_confirmed=sum(number.get(status, 0) for status in CONFIRMED_STATUSES),
            number_unverified=number.get(VerificationStatus.UNVERIFIED, 0),
            number_unassessed=number.get(VerificationStatus.UNASSESSED, 0),
            rumours=claims.filter(status=VerificationStatus.UNVERIFIED).order_by("-pk")[:RUMOURS_ON_HOME],
            news=latest_changes.latest(user, at=now, number=NEWS_ON_HOME),
            next_event=events.upcoming(on=now.date()).first(),
            latest_event=events.filter(lifecycle=Event.Lifecycle.HELD).first(),
            **kwargs,
        )


class SearchFilters(ListFilters):
    q = forms.CharField(
        label=_("Search"),
        max_length=MAX_QUERY_LENGTH,
        required=False,
        error_messages={"max_length": _("The search takes at most %(limit_value)d characters. Write fewer words.")},
    )
    kind = Choice([(kind, KIND_NAMES[kind]) for kind in SEARCHED_KINDS], label=_("Kind"))
    after = forms.RegexField(
        HIT_PLACE, required=False, error_messages={"invalid": _("The list has no such row. Begin at its first page.")}
    )


class SearchPage(Page, TemplateView):
    """One search over everything that has a page, in the language of the page."""

    template_name = "config/search.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = SearchFilters(self.request.GET, user=self.request.user)
        if not filters.is_valid():
            raise UnreadableQuery(*filters.problems())
        query, kind, after = (filters.cleaned_data[name] for name in ("q", "kind", "after"))
        context: dict[str, Any] = {"query": query, "kind": kind, "form": filters, **kwargs}
        if query:
            search = Search(query, language=page_language(), user=self.request.user, at=timezone.now())
            hits = search.hits([kind] if kind else [], size=PAGE_SIZE + 1, after=place_of(search, after))
            counts = search.counts()
            context |= {
                "hits": hits[:PAGE_SIZE],
                "total": sum(counts.values()),
                "facets": [
                    {
                        "label": label,
                        "count": counts[name],
                        "url": self.address(q=query, kind=name),
                        "is_set": name == kind,
                    }
                    for name, label in KIND_NAMES.items()
                ],
                "all_url": self.address(q=query),
                "first_page_url": self.address(q=query, kind=kind) if after else "",
                "next_url": self.address(
                    q=query, kind=kind, after=f"{hits[PAGE_SIZE - 1].kind}-{hits[PAGE_SIZE - 1].publication.public_id}"
                )
                if len(hits) > PAGE_SIZE
                else "",
            }
        return super().get_context_data(**context)

    def address(self, **query: str) -> str:
        """The address of this page with `query`, without empty parameters."""
        return f"{self.request.path}?{urlencode({name: value for name, value in query.items() if value})}"


def place_of(search: Search, after: str) -> HitPlace | None:
    """The place of the hit that `after` names ("claim-0d1f2g3h4j"). Raises UnreadableQuery if it is no longer a hit."""
    if not after:
        return None
    kind, _dash, public_id = after.partition("-")
    place = search.place_of(kind, public_id)
    if place is None:
        raise UnreadableQuery(
            ParameterProblem("after", after, gettext("The list has no such row. Begin at its first page."))
        )
    return place


class AboutPage(Page, TemplateView):
    """How to read this knowledge base: its terms, its grades, its two dates, its data."""

    template_name = "config/about.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            statuses=[(status, VERIFICATION_MEANS[status]) for status in VerificationStatus],
            reliabilities=SourceReliability.choices,
            credibilities=InformationCredibility.choices,
            states=[(state, STATE_MEANS[state]) for state in ImplementationState],
            responses=[(kind, RESPONSE_MEANS[kind]) for kind in ResponseKind],
            **kwargs,
        )


class CorrectionsPage(Page, TemplateView):
    """What was withdrawn or changed after publication, and why."""

    template_name = "config/corrections.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        news = latest_changes.corrections(self.request.user, at=timezone.now(), number=CORRECTIONS_SHOWN)
        return super().get_context_data(news=news, **kwargs)


VERIFICATION_MEANS = {
    VerificationStatus.UNASSESSED: _("A source says so; nobody here has weighed it yet."),
    VerificationStatus.UNVERIFIED: _("Looked into, and found in no independent source."),
    VerificationStatus.DISPUTED: _("Sources contradict each other."),
    VerificationStatus.CORROBORATED: _("At least two sources of independent origin say so."),
    VerificationStatus.OFFICIALLY_CONFIRMED: _("A party to it has confirmed it."),
    VerificationStatus.REFUTED: _("Shown to be wrong."),
    VerificationStatus.SUPERSEDED: _("True once; something later has taken its place."),
    VerificationStatus.RETRACTED: _("Taken back by whoever said it, or by us."),
}
STATE_MEANS = {
    ImplementationState.NOT_ASSESSED: _("Nobody has looked yet."),
    ImplementationState.NOT_STARTED: _("Looked at, and nothing had been done by that day."),
    ImplementationState.IN_PROGRESS: _("A dated source shows that something moves."),
    ImplementationState.STALLED: _("It moved once, and stopped; the entry says when and why."),
    ImplementationState.PARTLY_IMPLEMENTED: _("Some of it is done; the entry says what remains."),
    ImplementationState.IMPLEMENTED: _("Done, on a primary or independent source, confirmed by a second person."),
    ImplementationState.IMPLEMENTED_OTHERWISE: _("The intent is met in another way; the entry says how."),
    ImplementationState.NOT_IMPLEMENTED: _("Not done, and no longer followed up; the entry says why."),
    ImplementationState.SUPERSEDED: _("Another recommendation has taken its place."),
    ImplementationState.NO_LONGER_APPLICABLE: _("The world has moved on; the entry says how."),
    ImplementationState.WITHDRAWN: _("Those who made it have taken it back."),
    ImplementationState.REVERSED: _("It was done, and then undone."),
}
RESPONSE_MEANS = {
    ResponseKind.NOT_SENT: _("It has not been handed over yet."),
    ResponseKind.AWAITING: _("It was sent, and the answer is open. After some time this counts as no response."),
    ResponseKind.ACCEPTED: _("The addressee accepted it, in a source that is named."),
    ResponseKind.PARTLY_ACCEPTED: _("The addressee accepted a part of it, which is named."),
    ResponseKind.NOTED: _("The addressee took note in so many words; silence is never read so."),
    ResponseKind.REJECTED: _("The addressee declined it. That does not keep it from being done."),
}

urlpatterns = [
    path("", HomePage.as_view(), name="home"),
    path("search/", SearchPage.as_view(), name="search"),
    path("about/", AboutPage.as_view(), name="about"),
    path("corrections/", CorrectionsPage.as_view(), name="corrections"),
]
