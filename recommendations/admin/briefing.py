"""The desk's page that makes a briefing pack from a filtered list."""

import contextlib
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from publishing.desk.page import request_user
from publishing.languages import label_of, page_language
from publishing.query_parameters import ParameterProblem, UnreadableQuery, null_characters
from publishing.reader.audience import reading_as_the_public, was_given_up
from publishing.refusals import Refused
from publishing.site_address import site_address
from recommendations.briefing import selection
from recommendations.briefing.content import Pack
from recommendations.briefing.form import BriefingForm
from recommendations.briefing.gathering import gather
from recommendations.briefing.selection import Selection, UnreadableList
from recommendations.models.recommendation import RecommendationStrength

ADDRESS = "admin:recommendations_recommendation_briefing"
LIST = "list"
"""The query parameter with the query of the desk's own list."""

PAGING_PARAMETERS = ("p", "all", "o", "e")
"""Parameters of the desk's list that do not filter: page and order."""

NEWS_OF_DAYS = 90
"""From how long ago changes are listed, unless somebody chooses another day."""

PUBLIC = AnonymousUser()

Choose = Callable[[Any], Selection]
"""Selects what the given reader may see."""


class MakesBriefingPacks(admin.ModelAdmin):
    """Adds the page to the desk's list of recommendations."""

    change_list_template = "admin/recommendations/recommendation_list.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.briefing_view)
        return [path("briefing/", view, name="recommendations_recommendation_briefing"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        address = f"{reverse(ADDRESS)}?{urlencode({LIST: request.GET.urlencode()})}"
        return super().changelist_view(request, {"briefing_address": address, **(extra_context or {})})

    def briefing_view(self, request: HttpRequest) -> HttpResponse:
        """Asks for language, day and format; answers with the file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        initial = {
            "language": page_language(),
            "since": now.date() - dt.timedelta(days=NEWS_OF_DAYS),
            "format": BriefingForm.Format.WORD,
        }
        form = BriefingForm(request.POST if request.method == "POST" else None, initial=initial)
        problems: list[ParameterProblem] = []
        refused: list[str] = []
        offer = None
        try:
            choose = self._choice(request)
            if form.is_bound and form.is_valid():
                return made(request, choose, form.cleaned_data, at=now)
            offer = Offer.of(choose, request_user(request))
        except (UnreadableQuery, UnreadableList) as unreadable:
            problems = unreadable.problems
        except Refused as refusal:
            refused = refusal.messages
        except OperationalError as error:
            if not was_given_up(error):
                raise
            refused = [str(_("This took too long. Narrow the list, and try again."))]
        return TemplateResponse(
            request,
            "admin/recommendations/briefing.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Make a briefing pack"),
                "opts": self.opts,
                "form": form,
                "problems": problems,
                "refused": refused,
                "offer": offer,
                "has_view_permission": True,
            },
            status=400 if problems or refused else 200,
        )

    def _choice(self, request: HttpRequest) -> Choose:
        """The selection in the address of the page. Raises UnreadableList and TooMuch."""
        if LIST not in request.GET:
            return lambda user: selection.of_the_tracker(request.GET, user=user)
        asked = QueryDict(request.GET[LIST], mutable=True)
        problems = null_characters(asked)
        if problems:
            raise UnreadableList(problems)
        for name in PAGING_PARAMETERS:
            asked.pop(name, None)
        as_listed = HttpRequest()
        as_listed.method, as_listed.user, as_listed.path = "GET", request.user, request.path
        as_listed.GET = asked  # type: ignore[assignment] # the stubs ask for one that cannot be changed any more
        try:
            rows = self.get_changelist_instance(as_listed).get_queryset(as_listed)
            keys = selection.bounded(rows)
        except IncorrectLookupParameters as error:
            advice = str(_("The list has no such filter. Go back to it, and choose again."))
            raise UnreadableList([ParameterProblem(LIST, request.GET[LIST][:200], advice)]) from error
        return lambda user: selection.of_the_desk(keys, user=user, in_words=lambda: stated(asked, user))


def stated(asked: QueryDict, user: Any) -> list[tuple[str, str]]:
    """The filters of the desk's list as a pack names them; filters about the desk's work are left out."""
    left = {name: str(value) for name, value in asked.items() if value}
    found = []
    strength = left.pop("strength__exact", "")
    if strength in RecommendationStrength.values:
        found.append((str(_("Strength")), str(RecommendationStrength(strength).label)))
    if left.pop("priority__exact", "") == "1":
        found.append((str(_("Priority")), ""))
    key = left.get("event__id__exact", "")
    event = Event.objects.visible_to(user).filter(pk=key).first() if key.isdecimal() else None
    if event is not None:
        del left["event__id__exact"]
        found.append((str(_("Made at")), label_of(event).words))
    if left:
        found.append((str(_("a choice of the desk")), ""))
    return found


@dataclass(frozen=True, slots=True)
class Offer:
    """What a pack would contain, before it is made."""

    number: int
    number_public: int
    about: str
    in_words: list[tuple[str, str]]

    @classmethod
    def of(cls, choose: Choose, user: Any) -> "Offer":
        chosen = choose(user)
        try:
            public = len(choose(PUBLIC).keys)
        except UnreadableList:
            public = 0  # it filters by something that is not public
        return cls(len(chosen.keys), public, chosen.about.words, chosen.in_words())


def made(request: HttpRequest, choose: Choose, wanted: dict[str, Any], *, at: dt.datetime) -> HttpResponse:
    """The file of a pack. Raises UnreadableList, Refused, and OperationalError if the query took too long."""
    user: Any = request_user(request) if wanted["with_drafts"] else PUBLIC
    # The database also refuses what is not public.
    with contextlib.nullcontext() if wanted["with_drafts"] else reading_as_the_public():
        pack = gather(
            choose(user),
            user=user,
            language=wanted["language"],
            since=wanted["since"],
            at=at,
            site=site_address(request),
            with_drafts=wanted["with_drafts"],
            prepared_by=wanted["prepared_by"],
        )
    return pack_response(pack, wanted["format"])


def pack_response(pack: Pack, kind: str) -> HttpResponse:
    """`pack` as a file to download. Its name contains no title: that could be secret, or no valid file name."""
    # They import a parser of XML, which no process loads before somebody asks for a pack.
    from recommendations.briefing import spreadsheet, word  # noqa: PLC0415

    name = f"majlis-briefing-{pack.known_on.isoformat()}-{pack.language}{'-drafts' if pack.with_drafts else ''}"
    writers: dict[str, Any] = {"docx": word, "xlsx": spreadsheet}
    if kind in writers:
        content, content_type = writers[kind].write(pack), writers[kind].CONTENT_TYPE
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as both:
            for ending, writer in writers.items():
                both.writestr(f"{name}.{ending}", writer.write(pack))
        content, content_type, kind = out.getvalue(), "application/zip", "zip"
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
