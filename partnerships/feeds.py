"""What is new, changed or withdrawn, kind by kind, as Atom; in the language of the address.

An entry is named by a tag of its publication (RFC 4151): the same in every language and at every
address of the site, before and after a move or another slug, so that no reader is shown it twice. What
was withdrawn stays as a `deleted-entry` (RFC 6721), so that readers which keep what they have read
let go of it.
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
