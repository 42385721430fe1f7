from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from partnerships import actions
from partnerships.admin.citation import CitationsOfClaim
from partnerships.admin.languages import texts_searched
from partnerships.admin.page import Panel, Tool
from partnerships.admin.part import PartTable
from partnerships.admin.publication import PublicationAdmin
from partnerships.admin.record import RecordAdmin, records_panel
from partnerships.desk_addresses import add_address
from partnerships.forms import ReviewForm
from partnerships.models import Claim, ClaimLink, ClaimSubject, OfficialPosition, Review, VerificationStatus


class SubjectTable(PartTable):
    model = ClaimSubject
    fields = ("actor", "role")
    autocomplete_fields = ("actor",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("actor")


class ClaimLinkTable(PartTable):
    model = ClaimLink
    fk_name = "source"
    fields = ("type", "target")
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source", "target")


class VerificationFilter(admin.SimpleListFilter):
    """By the verification status as of today."""

    title = _("verification status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return VerificationStatus.choices

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value()
        return queryset.filter(status=value) if value in VerificationStatus.values else queryset


@admin.register(Claim)
class ClaimAdmin(PublicationAdmin):
    texts = ("statement", "context")
    about = (
        (
            _("Claim"),
            {
                "fields": [
                    ("kind", "likelihood"),
                    "valid",
                    ("perspective", "asserted_by"),
                    "partnerships",
                    "topics",
                    ("sensitive", "review_by"),
                ]
            },
        ),
        (
            _("Quantity"),
            {"fields": [("quantity_min", "quantity_max", "quantity_approximate"), ("unit", "currency")]},
        ),
    )
    list_display = ("short_statement", "kind", "verification", "origins")
    list_filter = (VerificationFilter, "kind", "sensitive")
    search_fields = (*texts_searched("statement"), "key", "public_id")
    autocomplete_fields = ("perspective", "asserted_by", "partnerships", "topics")
    permanent = ("key",)
    inlines = (CitationsOfClaim, SubjectTable, ClaimLinkTable)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_status().with_origins()

    @admin.display(description=_("statement"), ordering="statement")
    def short_statement(self, claim: Claim) -> str:
        return Truncator(str(claim)).chars(110)

    @admin.display(description=_("verification status"))
    def verification(self, claim: Any) -> str:
        status = VerificationStatus(claim.status)
        return format_html('<span class="standing">{}</span>', status.label)

    @admin.display(description=_("independent origins"), ordering="origins")
    def origins(self, claim: Any) -> int:
        return int(claim.origins)

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        return [
            records_panel(
                title=_("Reviews of its truth"),
                records=obj.reviews.select_related("by").latest_first(),
                columns=[
                    (_("verification status"), lambda review: review.get_status_display()),
                    (_("reason"), lambda review: review.reason),
                ],
                subject="claim",
                may_add=request.user.has_perm("partnerships.add_review"),
                tools=[Tool(_("Record a review"), add_address(Review, claim=obj.pk))],
                empty=_("Nobody has assessed it yet: its status is “unassessed”."),
            ),
            records_panel(
                title=_("What governments say"),
                records=obj.positions.select_related("by", "government", "source").latest_first(),
                columns=[
                    (_("government"), lambda position: position.government),
                    (_("position"), lambda position: position.get_position_display()),
                    (_("source"), lambda position: position.source or "–"),
                    (_("note"), lambda position: position.note),
                ],
                subject="claim",
                may_add=request.user.has_perm("partnerships.add_officialposition"),
                tools=[Tool(_("Record a position"), add_address(OfficialPosition, claim=obj.pk))],
                empty=_("No position is recorded. Silence is recorded too, and is not denial."),
            ),
        ]


@admin.register(Review)
class ReviewAdmin(RecordAdmin):
    form = ReviewForm
    subject = "claim"
    append = actions.record_review
    not_repeated = ("decided_at",)
    fieldsets = (
        (None, {"fields": ["claim", "status", "reason", ("as_of", "decided_at")]}),
        (_("The entry"), {"fields": [("language", "corrects")]}),
    )
    list_display = ("short_claim", "status", "as_of", "by", "recorded_at")
    list_filter = ("status",)
    list_select_related = ("claim", "by")
    search_fields = (*texts_searched("claim__statement"), "reason")
    autocomplete_fields = ("claim",)

    @admin.display(description=_("claim"), ordering="claim")
    def short_claim(self, review: Review) -> str:
        return Truncator(str(review.claim)).chars(90)


@admin.register(OfficialPosition)
class OfficialPositionAdmin(RecordAdmin):
    subject = "claim"
    append = actions.record_position
    fieldsets = (
        (None, {"fields": ["claim", "government", "position", "source", "as_of", "note"]}),
        (_("The entry"), {"fields": [("language", "corrects")]}),
    )
    list_display = ("short_claim", "government", "position", "as_of", "by")
    list_filter = ("position",)
    list_select_related = ("claim", "government", "by")
    search_fields = texts_searched("claim__statement", "government__name")
    autocomplete_fields = ("claim", "government", "source")

    @admin.display(description=_("claim"), ordering="claim")
    def short_claim(self, position: OfficialPosition) -> str:
        return Truncator(str(position.claim)).chars(90)
