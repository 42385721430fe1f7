"""Atom feeds of what is new, changed or withdrawn, one for each kind, in the language of the address.

An entry is identified by a tag URI of its publication (RFC 4151): the same in every language and at every address of
the site, also after a move or a new slug, so that no reader sees it twice. A withdrawn entry stays as a `deleted-entry`
(RFC 6721), so that feed readers delete their copies.
"""

from django.utils.translation import gettext_lazy as _

from partnerships.models import Claim, Partnership
from publishing.pages.feeds import PublicationFeed


class PartnershipFeed(PublicationFeed):
    model = Partnership
    title = _("Majlis: partnerships")
    list_url_name = "partnerships:partnership_list"


class ClaimFeed(PublicationFeed):
    model = Claim
    title = _("Majlis: claims")
    list_url_name = "partnerships:claim_list"
    title_field, body_field = "statement", "context"
