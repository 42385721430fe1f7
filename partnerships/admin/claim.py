from collections.abc import Iterable
from itertools import combinations
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from partnerships import actions, verification
from partnerships.admin.citation import CitationsOfClaim
from partnerships.forms import OriginsForm, PromoteForm, ReviewForm
from partnerships.models import (
    Claim,
    ClaimLink,
    ClaimSubject,
    OfficialPosition,
    OriginDecision,
    OriginOutcome,
    Resolution,
    Review,
    VerificationStatus,
)
from partnerships.models.claim import ClaimKind
from partnerships.origins import found_independent, proposals
from publishing.acting import Act
from publishing.desk.addresses import add_address, change_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, Tool, request_user
from publishing.desk.part import PartTable
from publishing.desk.publication import PublicationAdmin
from publishing.desk.record import RecordAdmin, records_panel
from publishing.desk.saving import said_of_names, show_refusal
from publishing.languages import listed
from publishing.publication import PublicationState
from publishing.refusals import REFUSALS


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


def one_origin_address(claim: Claim, groups: Iterable[str]) -> str:
    """The page on which a person decides whether `groups` of citations of `claim` have one origin."""
    address = reverse("admin:partnerships_claim_one_origin", args=[claim.pk])
    return f"{address}?{urlencode([('group', group) for group in groups])}"


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
    kept_for_another = ("kind", "partnerships")
    told_by_itself: ClassVar[Any] = {"review_by": _("The day by which it is looked at again is another one.")}
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

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/one-origin/", view(self.one_origin_view), name="partnerships_claim_one_origin"),
            path("<path:object_id>/promote/", view(self.promote_view), name="partnerships_claim_promote"),
            *super().get_urls(),
        ]

    def tools(self, request: HttpRequest, obj: Any) -> list[Tool]:
        if obj.kind not in actions.SAYS_THAT_A_PACT_EXISTS or not request.user.has_perm("partnerships.add_instrument"):
            return []
        return [Tool(_("Enter it as an instrument"), reverse("admin:partnerships_claim_promote", args=[obj.pk]))]

    def one_origin_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks whether citations with similar words have one origin; merges their groups, or records that they are
        independent.
        """
        claim = self.found(request, object_id)
        if not self.has_change_permission(request, claim):
            raise PermissionDenied
        groups = [group for group in request.GET.getlist("group") if "\0" not in group]
        citations = list(claim.citations.filter(independence_group__in=groups).select_related("source").order_by("pk"))
        are_independent = "_independent" in request.POST
        form = OriginsForm(
            request.POST if request.method == "POST" else None,
            are_independent=are_independent,
            is_public=claim.state == PublicationState.PUBLISHED,
            initial={"what_changed": _("Citations that go back to one origin count as one.")},
        )
        if request.method == "POST" and form.is_valid():
            by, at, reason = request_user(request), timezone.now(), form.cleaned_data["reason"]
            try:
                if are_independent:
                    actions.keep_origins_apart(claim, groups=groups, reason=reason, act=Act(by=by, at=at))
                else:
                    actions.count_as_one_origin(
                        claim,
                        groups=groups,
                        reason=reason,
                        note=form.cleaned_data.get("what_changed", ""),
                        act=Act(by=by, at=at, names_override_reason=said_of_names(request)),
                    )
            except REFUSALS as refusal:
                show_refusal(request, form, refusal)
            else:
                if are_independent:
                    self.log_change(request, claim, "Kept apart as independent origins")
                    messages.success(request, _("These origins are kept apart, and are not proposed as one again."))
                    return HttpResponseRedirect(change_address(claim))
                self.log_change(request, claim, "Counted as one origin")
                messages.success(request, _("These citations count as one origin now."))
                missing = verification.lacking(self.get_queryset(request).get(pk=claim.pk).status, claim.grounds())
                if missing:
                    messages.warning(request, format_html("{} {}", missing, _("Record a new review of the claim.")))
                return HttpResponseRedirect(change_address(claim))
        return self.ask(
            request,
            claim,
            title=_("Count as one origin"),
            explanation=_(
                "These quotations are nearly the same. If they repeat one dispatch, they are one origin, however many "
                "articles there are. All citations of these groups then count as one."
            ),
            form=form,
            submit=[("", _("They are one origin")), ("_independent", _("No, they are independent"))],
            context={"alike": citations},
        )

    def promote_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks for the data of an instrument, and creates it from the claim."""
        claim = self.found(request, object_id)
        if not request.user.has_perm("partnerships.add_instrument"):
            raise PermissionDenied
        form = PromoteForm(request.POST if request.method == "POST" else None, claim=claim)
        if request.method == "POST" and form.is_valid():
            try:
                instrument = actions.promote(
                    claim,
                    form.instrument(),
                    act=Act(by=request_user(request), at=timezone.now(), names_override_reason=said_of_names(request)),
                    note=form.cleaned_data.get("what_changed", ""),
                )
            except REFUSALS as refusal:
                show_refusal(request, form, refusal)
            else:
                self.log_change(request, claim, "Entered as an instrument")
                messages.success(request, _("“%(name)s” is entered as an instrument.") % {"name": instrument})
                return HttpResponseRedirect(change_address(instrument))
        return self.ask(
            request,
            claim,
            title=_("Enter it as an instrument"),
            explanation=_(
                "A claim that something is agreed becomes an instrument once it is corroborated or officially "
                "confirmed. The link to the claim stays, and the instrument takes over the citations that support it."
            ),
            form=form,
            submit=[("", _("Enter the instrument"))],
        )

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        grounds = obj.grounds()
        alike = [
            PanelRow(
                cells=[
                    citation.source,
                    citation.quotation,
                    citation.independence_group,
                    _("proposal %(n)d") % {"n": number},
                ],
                tools=[Tool(_("Look, and decide"), one_origin_address(obj, proposal.groups))]
                if place == 0 and self.has_change_permission(request, obj)
                else [],
            )
            for number, proposal in enumerate(proposals(obj), start=1)
            for place, citation in enumerate(proposal.citations)
        ]
        return [
            Panel(
                title=_("What it rests on"),
                columns=[_("verification status"), _("what it needs, and what is there"), _("now")],
                rows=[
                    PanelRow(
                        cells=[
                            status.label,
                            verification.needs_in_words(status, grounds),
                            _("lacking") if verification.is_lacking(status, grounds) else _("there"),
                        ]
                    )
                    for status in verification.NEEDS
                ],
            ),
            *(
                [
                    Panel(
                        title=_("Perhaps one origin: these quotations are nearly the same"),
                        columns=[_("source"), _("quotation"), _("independence group"), _("together with")],
                        rows=alike,
                    )
                ]
                if alike
                else []
            ),
            *self.origin_panels(request, obj),
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
            *([self.resolutions_panel(request, obj)] if obj.kind == ClaimKind.FORECAST else []),
        ]

    def origin_panels(self, request: HttpRequest, claim: Any) -> list[Panel]:
        """The decisions on its origins, the last first; no panel without decisions."""
        decisions: list[OriginDecision] = list(claim.origin_decisions.select_related("by").order_by("-id"))
        if not decisions:
            return []
        independent = found_independent(claim)
        cited = {citation.independence_group for citation in claim.citations.all()}
        rows = []
        for decision in decisions:
            stands = decision.outcome == OriginOutcome.INDEPENDENT and any(
                frozenset(pair) in independent for pair in combinations(decision.groups, 2)
            )
            may_decide = stands and cited.issuperset(decision.groups) and self.has_change_permission(request, claim)
            rows.append(
                PanelRow(
                    cells=[
                        decision.get_outcome_display(),
                        listed(decision.groups),
                        decision.reason,
                        decision.by.get_username(),
                        date_format(timezone.localtime(decision.recorded_at), "DATETIME_FORMAT"),
                    ],
                    tools=[Tool(_("Decide otherwise"), one_origin_address(claim, decision.groups))]
                    if may_decide
                    else [],
                    struck=decision.outcome == OriginOutcome.INDEPENDENT and not stands,
                )
            )
        return [
            Panel(
                title=_("What was decided on its origins"),
                columns=[_("decision"), _("independence groups"), _("reason"), _("by"), _("recorded at")],
                rows=rows,
            )
        ]

    def resolutions_panel(self, request: HttpRequest, claim: Any) -> Panel:
        return records_panel(
            title=_("How it ended"),
            records=claim.resolutions.select_related("by", "source").latest_first(),
            columns=[
                (_("outcome"), lambda resolution: resolution.get_outcome_display()),
                (_("source"), lambda resolution: resolution.source or "–"),
                (_("reason"), lambda resolution: resolution.reason),
            ],
            subject="claim",
            may_add=request.user.has_perm("partnerships.add_resolution"),
            tools=[Tool(_("Record how it ended"), add_address(Resolution, claim=claim.pk))],
            empty=_("It is not known how it ended. Somebody other than its author records it."),
        )


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


@admin.register(Resolution)
class ResolutionAdmin(RecordAdmin):
    subject = "claim"
    append = actions.record_resolution
    fieldsets = (
        (None, {"fields": ["claim", "outcome", "as_of", "source", "reason"]}),
        (_("The entry"), {"fields": [("language", "corrects")]}),
    )
    list_display = ("short_claim", "outcome", "as_of", "by")
    list_filter = ("outcome",)
    list_select_related = ("claim", "by")
    search_fields = (*texts_searched("claim__statement"), "reason")
    autocomplete_fields = ("claim", "source")

    @admin.display(description=_("forecast"), ordering="claim")
    def short_claim(self, resolution: Resolution) -> str:
        return Truncator(str(resolution.claim)).chars(90)


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
