"""What is new or changed, kind by kind, as Atom; in the language of the address."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.clean_text import IMPOSSIBLE, LOST
from partnerships.models import Change, Claim, Partnership
from partnerships.models.change import ChangeEvent
from partnerships.publication import Publication
from partnerships.texts import text_of

ENTRIES = 30
LOOKED_THROUGH = 300
"""How many lines of the feed of changes the entries are looked for in; one act often writes many."""


def as_xml_holds(words: str) -> str:
    """`words`; of an old note, which is never changed, without what would break the feed."""
    return IMPOSSIBLE.sub(LOST, words)


class PublicationFeed(Feed):
    """The publications of one kind that changed last, each once, with the moment of its last change."""

    feed_type = Atom1Feed
    author_name = "Majlis"
    model: ClassVar[type[Publication]]
    list_url_name: ClassVar[str]
    title_field: ClassVar[str] = "name"
    body_field: ClassVar[str] = "summary"
    title: Promise

    def link(self) -> str:
        return reverse(self.list_url_name)

    def items(self) -> list[Any]:
        """What everybody may see of it, also where somebody from the desk asks."""
        now = timezone.now()
        lines = Change.objects.effective(at=now).filter(kind=self.model._meta.model_name)
        newest: dict[str, Change] = {}
        for change in lines.order_by("-effective_at", "-id")[:LOOKED_THROUGH]:
            newest.setdefault(change.public_id, change)
        visible = self.model._default_manager.all().visible_to(AnonymousUser(), at=now)
        found: dict[str, Any] = {
            publication.public_id: publication for publication in visible.filter(public_id__in=newest)
        }
        items = []
        for public_id, change in newest.items():
            if public_id in found and change.event != ChangeEvent.WITHDRAWN:
                found[public_id].last_change = change
                items.append(found[public_id])
        return items[:ENTRIES]

    def item_title(self, item: Any) -> str:
        return as_xml_holds(text_of(item, self.title_field).words)

    def item_description(self, item: Any) -> str:
        return as_xml_holds(str(item.last_change.note) or text_of(item, self.body_field).words)

    def item_pubdate(self, item: Any) -> dt.datetime:
        moment: dt.datetime = item.published_at
        return moment

    def item_updateddate(self, item: Any) -> dt.datetime:
        moment: dt.datetime = item.last_change.effective_at
        return moment


class PartnershipFeed(PublicationFeed):
    model = Partnership
    title = _("Majlis: partnerships")
    list_url_name = "partnerships:partnership_list"


class ClaimFeed(PublicationFeed):
    model = Claim
    title = _("Majlis: claims")
    list_url_name = "partnerships:claim_list"
    title_field, body_field = "statement", "context"
