import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.functional import Promise
from django.utils.html import escape

from publishing.database.clean_text import IMPOSSIBLE, LOST
from publishing.languages import page_language, text_of
from publishing.models.change import Change, ChangeEvent
from publishing.publication import Publication
from publishing.site_address import absolute, site_address
from publishing.templatetags.texts import html_of

MAX_ENTRIES = 30

LOOKED_THROUGH = 300
"""How many lines of the feed of changes are searched for the entries; one action often writes many lines."""

BEFORE_EVERYTHING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When an empty feed was updated; Atom requires a moment."""


def tag(*parts: str) -> str:
    """A permanent tag URI for something, such as tag:majlis.example.org,2026:claim/c4x9k2."""
    return f"tag:{settings.MAJLIS_TAG_AUTHORITY}:{'/'.join(parts)}"


class AtomWithTombstones(Atom1Feed):
    """An Atom feed with tombstones: `withdrawn`, lines of the feed of changes."""

    feed: dict[str, Any]

    def root_attributes(self) -> dict[str, str]:
        return {
            **super().root_attributes(),
            "xml:base": f"{self.feed['site']}/",
            "xmlns:at": "http://purl.org/atompub/tombstones/1.0",
        }

    def latest_post_date(self) -> dt.datetime:
        moments = [item["updateddate"] for item in self.items] + [line.effective_at for line in self.feed["withdrawn"]]
        return max(moments, default=BEFORE_EVERYTHING)

    def write_items(self, handler: Any) -> None:
        super().write_items(handler)
        for line in self.feed["withdrawn"]:
            about = {"ref": tag(line.kind, line.public_id), "when": rfc3339_date(line.effective_at)}
            handler.startElement("at:deleted-entry", about)
            if line.note:
                handler.addQuickElement("at:comment", as_xml_holds(line.note))
            handler.endElement("at:deleted-entry")


@dataclass(frozen=True, slots=True)
class FeedContent:
    """The content of a feed, the latest first: publications with their `last_change`, and lines about withdrawals."""

    request: HttpRequest
    entries: list[Any]
    withdrawn: list[Change]


def as_xml_holds(words: str) -> str:
    """`words`, without characters of old notes (which never change) that would make the feed invalid."""
    return IMPOSSIBLE.sub(LOST, words)


class PublicationFeed(Feed):
    """The publications of one kind that changed last, each once, with the moment of its last change."""

    feed_type = AtomWithTombstones
    author_name = "Majlis"
    model: ClassVar[type[Publication]]
    list_url_name: ClassVar[str]
    title_field: ClassVar[str] = "name"
    body_field: ClassVar[str] = "summary"
    title: Promise

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FeedContent:
        """What the public may see of it, also if somebody from the desk asks."""
        now = timezone.now()
        lines = Change.objects.effective(at=now).filter(kind=self.model._meta.model_name)
        newest: dict[str, Change] = {}
        for change in lines.order_by("-effective_at", "-id")[:LOOKED_THROUGH]:
            newest.setdefault(change.public_id, change)
        visible = self.model._default_manager.all().visible_to(AnonymousUser(), at=now)
        found: dict[str, Any] = {
            publication.public_id: publication for publication in visible.filter(public_id__in=newest)
        }
        told = [
            change
            for public_id, change in newest.items()
            if public_id in found or change.event == ChangeEvent.WITHDRAWN
        ][:MAX_ENTRIES]
        entries = []
        for change in told:
            if change.event != ChangeEvent.WITHDRAWN:
                publication = found[change.public_id]
                publication.last_change = change
                publication.address = absolute(publication.get_absolute_url(), request)
                entries.append(publication)
        return FeedContent(request, entries, [change for change in told if change.event == ChangeEvent.WITHDRAWN])

    def feed_extra_kwargs(self, obj: FeedContent) -> dict[str, Any]:
        return {"site": site_address(obj.request), "withdrawn": obj.withdrawn}

    def feed_guid(self, obj: FeedContent) -> str:
        return tag("feed", str(self.model._meta.model_name), page_language())

    def feed_url(self, obj: FeedContent) -> str:
        return absolute(obj.request.path, obj.request)

    def link(self, obj: FeedContent) -> str:
        return absolute(reverse(self.list_url_name), obj.request)

    def items(self, obj: FeedContent) -> list[Any]:
        return obj.entries

    def item_link(self, item: Any) -> str:
        return str(item.address)

    def item_guid(self, item: Any) -> str:
        return tag(item.last_change.kind, item.public_id)

    def item_title(self, item: Any) -> str:
        return as_xml_holds(text_of(item, self.title_field).words)

    def item_description(self, item: Any) -> str:
        """HTML, as Django's feeds declare it: what changed, or else the text as its page shows it."""
        note: str = item.last_change.note
        return escape(as_xml_holds(note)) if note else html_of(text_of(item, self.body_field).words)

    def item_pubdate(self, item: Any) -> dt.datetime:
        moment: dt.datetime = item.published_at
        return moment

    def item_updateddate(self, item: Any) -> dt.datetime:
        moment: dt.datetime = item.last_change.effective_at
        return moment
