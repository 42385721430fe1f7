import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.generic import DetailView

from publishing.bibliography import FORMATS, highwire
from publishing.bibliography.work import Work
from publishing.languages import Text, listed, text_of
from publishing.models.change import Change
from publishing.pages.page import Gone, Page, edit_address
from publishing.publication import Publication, PublicationState
from publishing.query_parameters import ParameterProblem, UnreadableQuery, day_of
from publishing.records import end_of
from publishing.site_address import absolute


@dataclass(frozen=True, slots=True)
class CitationFile:
    """A format in which a page can be cited, and its address."""

    name: str
    media_type: str
    url: str


class DetailPage(Page, DetailView):
    """A page of one publication. `takes_as_of` says whether it accepts `as_of`, the day of which it tells.

    With `format` it answers with its citation, as a file for reference managers.
    """

    model: type[Publication]
    takes_as_of: ClassVar[bool] = False

    @property
    def as_of(self) -> dt.date | None:
        return day_of(self.request.GET) if self.takes_as_of else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "format" in request.GET:
            return self.citation(request.GET["format"])
        return super().get(request, *args, **kwargs)

    def citation(self, name: str) -> HttpResponse:
        """The citation in the format that `name` asks for. Raises UnreadableQuery, Http404, Gone."""
        form = FORMATS.get(name)
        if form is None:
            advice = gettext("There is no such format. Choose one of: %(known)s.")
            raise UnreadableQuery(ParameterProblem("format", name, advice % {"known": listed(FORMATS)}))
        self.object = self.get_object(self.to_cite())
        work = self.work()
        if work is None:
            raise Http404(f"no citation of {self.object.identifier}")
        return HttpResponse(
            form.write(work),
            content_type=f"{form.media_type}; charset=utf-8",
            headers={
                "Content-Disposition": f'attachment; filename="{work.key}.{form.extension}"',
                "Content-Language": work.title.language,
                "Link": f'<{absolute(self.request.path, self.request)}>; rel="describes"',
                "X-Robots-Tag": "noindex",
            },
        )

    def to_cite(self) -> QuerySet[Any]:
        """The related objects that a citation needs."""
        found: Any = self.model._default_manager.all()
        return found.visible_to(self.request.user)

    def caveat_to_cite(self) -> str:
        """What must be said where the publication is cited, in words."""
        return ""

    def work(self) -> Work | None:
        """The page as others cite it; None if it is not public.

        Without `as_of` it is cited as known today, so that the address keeps showing what was read.
        """
        publication: Publication = self.object
        today = timezone.now().date()
        as_of = (self.as_of or today) if self.takes_as_of else None
        address = absolute(self.request.path, self.request)
        return work_of(
            publication,
            kind=str(publication._meta.model_name),
            type_name=str(dict(settings.PUBLICATION_KINDS)[str(publication._meta.model_name)]),
            identifier=publication.identifier,
            title=title_of(publication),
            address=f"{address}?as_of={as_of.isoformat()}" if as_of else address,
            as_of=as_of,
            caveat=self.caveat_to_cite(),
        )

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        identifier = self.kwargs["identifier"]
        visible = self.get_queryset() if queryset is None else queryset
        found = visible.filter(**{self.model.identifier_field: identifier}).first()
        if found is not None and found.state != PublicationState.WITHDRAWN:
            return found
        withdrawal = Change.objects.tombstone(
            kind=str(self.model._meta.model_name), identifier=identifier, at=timezone.now()
        )
        if withdrawal is not None:
            raise Gone(withdrawal, found)
        raise Http404(f"{self.model._meta.model_name} {identifier}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        publication: Publication = self.object
        work = self.work()
        return super().get_context_data(
            publication=publication,
            work=work,
            citation_tags=highwire.tags(work) if work else [],
            citation_files=self.citation_files() if work else [],
            edit_url=edit_address(publication, self.request.user),
            as_of=self.as_of,
            then=then(self.as_of),
            embargo_until=embargo_of(publication),
            was_not_published=not_published_on(publication, self.as_of),
            **self.whereabouts(),
            **kwargs,
        )

    def citation_files(self) -> list[CitationFile]:
        """The citation of this page in each format; other query parameters are kept."""
        asked = {"as_of": self.as_of.isoformat()} if self.as_of else {}
        asked |= {"cite": self.request.GET["cite"]} if self.request.GET.get("cite") else {}
        return [
            CitationFile(form.name, form.media_type, f"{self.request.path}?{urlencode({**asked, 'format': name})}")
            for name, form in FORMATS.items()
        ]


def title_of(thing: Any) -> Text:
    """The full title of a publication or of a point, however long it is."""
    field = next(name for name in ("name", "title", "statement", "text") if hasattr(thing, f"{name}_en"))
    return text_of(thing, field)


def work_of(publication: Publication, **said: Any) -> Work | None:
    """`publication` or a part of it, as others cite it; None if it is not public."""
    now = timezone.now()
    if publication.published_at is None or not publication.is_published(at=now):
        return None
    return Work(
        publisher=settings.MAJLIS_PUBLISHER,
        published=publication.published_at.date(),
        version=publication.version,
        accessed=now.date(),
        **said,
    )


def then(day: dt.date | None) -> str:
    """The query parameters that keep the day in links between pages of that day."""
    return f"?as_of={day.isoformat()}" if day is not None else ""


def not_published_on(publication: Publication, day: dt.date | None) -> bool:
    """Whether `publication` became public only after `day`."""
    if day is None or publication.published_at is None:
        return False
    return publication.published_at >= end_of(day)


def embargo_of(publication: Publication) -> dt.datetime | None:
    """The end of an embargo that still holds; only the desk ever sees one."""
    until = publication.embargo_until
    return until if until is not None and until > timezone.now() else None
