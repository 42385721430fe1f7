from typing import Any

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from publishing.desk.addresses import add_address, change_address
from publishing.desk.languages import texts_searched
from publishing.desk.page import Panel, PanelRow, Tool
from publishing.desk.part import PartStack, PartTable
from recommendations import actions
from recommendations.admin.briefing import MakesBriefingPacks
from recommendations.admin.closing import ClosesTheLoop
from recommendations.admin.drafting import DraftingChecked
from recommendations.lifecycle.states import RESPONSES, ImplementationState
from recommendations.models import (
    Addressee,
    Fulfilment,
    Objective,
    Recommendation,
    RecommendationLink,
    Response,
    StatusEntry,
)
from recommendations.querysets.rollup import addressees_with_status

RESPONSE_LABELS = dict(RESPONSES)


class ObjectiveTable(PartTable):
    model = Objective
    fields = ("position", "text_en", "text_tr", "text_ar")


class AddresseeTable(PartTable):
    model = Addressee
    fields = ("actor", "role", "basis", "followed")
    readonly_fields = ("followed",)
    autocomplete_fields = ("actor",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("actor", "recommendation")

    @admin.display(description=_("what came of it"))
    def followed(self, addressee: Any) -> str:
        if addressee.pk is None:
            return str(_("once it is saved"))
        return format_html('<a href="{}">{}</a>', change_address(addressee), _("responses and status"))


class RecommendationLinkTable(PartTable):
    model = RecommendationLink
    fk_name = "source"
    fields = ("type", "target")
    autocomplete_fields = ("target",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("source", "target")


class FulfilmentStack(PartStack):
    model = Fulfilment
    fields = (("series", "event"), ("instrument", "source"), "note")
    autocomplete_fields = ("series", "event", "instrument", "source")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("series", "event", "instrument", "source")


@admin.register(Recommendation)
class RecommendationAdmin(DraftingChecked, MakesBriefingPacks, ClosesTheLoop):
    texts = ("title", "text", "test_of_done")
    about = (
        (
            _("Recommendation"),
            {"fields": ["reference", ("strength", "priority"), "target_date"]},
        ),
        (_("Where it comes from"), {"fields": ["event", "point", "parent"]}),
        (_("What it is about"), {"fields": ["topics", "partnerships"]}),
    )
    list_display = ("reference", "short_title", "strength", "state_now", "response_now", "update_now")
    list_filter = ("strength", "priority", ("event", admin.RelatedOnlyFieldListFilter))
    search_fields = ("reference", *texts_searched("title", "text"))
    autocomplete_fields = ("event", "point", "parent", "topics", "partnerships")
    kept_for_another = ("event", "strength")
    inlines = (ObjectiveTable, AddresseeTable, RecommendationLinkTable, FulfilmentStack)

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        return rows.with_rollup()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = super().get_readonly_fields(request, obj)
        return own if obj is None else (*own, "reference")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        reference = actions.next_reference(year=timezone.now().year)
        return {"reference": reference, **super().get_changeform_initial_data(request)}

    @admin.display(description=_("title"), ordering="title")
    def short_title(self, recommendation: Recommendation) -> str:
        return Truncator(recommendation.title).chars(90)

    @admin.display(description=_("implementation"))
    def state_now(self, recommendation: Any) -> str:
        state = ImplementationState(recommendation.state_rolled_up).label
        overdue = format_html(" · <strong>{}</strong>", _("overdue")) if recommendation.is_overdue else ""
        return format_html('<span class="standing">{}</span>{}', state, overdue)

    @admin.display(description=_("response"))
    def response_now(self, recommendation: Any) -> str:
        return str(RESPONSE_LABELS[recommendation.response_rolled_up])

    @admin.display(description=_("update"))
    def update_now(self, recommendation: Recommendation) -> str:
        address = reverse("admin:recommendations_recommendation_update", args=[recommendation.pk])
        said = _("Record an update: %(reference)s") % {"reference": recommendation.reference}
        return format_html('<a href="{}" aria-label="{}">{}</a>', address, said, _("Record an update"))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.update_view)
        name = "recommendations_recommendation_update"
        return [path("<path:object_id>/update/", view, name=name), *super().get_urls()]

    def update_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Redirects to the update of the addressee that was not checked for longest, leads before supporters."""
        recommendation = self.found(request, object_id)
        longest_ago = F("current_status__checked_on").asc(nulls_first=True)
        addressee = recommendation.addressees.order_by("role", longest_ago, "pk").first()
        if addressee is None:
            messages.error(request, _("It is addressed to nobody yet: name an addressee and save."))
            return HttpResponseRedirect(change_address(recommendation))
        return HttpResponseRedirect(reverse("admin:recommendations_addressee_update", args=[addressee.pk]))

    def panels(self, request: HttpRequest, obj: Any) -> list[Panel]:
        """The addressees and both their axes, with links to record more."""
        may = request.user.has_perm
        addressees = (
            addressees_with_status(None, on=timezone.now().date())
            .filter(recommendation=obj)
            .select_related("actor")
            .order_by("id")
        )
        rows = [
            PanelRow(
                cells=[
                    addressee.actor,
                    addressee.get_role_display(),
                    RESPONSE_LABELS[addressee.response],
                    ImplementationState(addressee.state).label,
                    date_format(addressee.checked_date, "DATE_FORMAT") if addressee.checked_date else "–",
                ],
                tools=[
                    Tool(_("Open"), change_address(addressee)),
                    *(
                        [
                            Tool(
                                _("Record an update"),
                                reverse("admin:recommendations_addressee_update", args=[addressee.pk]),
                            )
                        ]
                        if may("recommendations.add_statusentry")
                        else []
                    ),
                    *(
                        [Tool(_("Record a response"), add_address(Response, addressee=addressee.pk))]
                        if may("recommendations.add_response")
                        else []
                    ),
                    *(
                        [Tool(_("Record a status"), add_address(StatusEntry, addressee=addressee.pk))]
                        if may("recommendations.add_statusentry")
                        else []
                    ),
                ],
            )
            for addressee in addressees
        ]
        return [
            Panel(
                title=_("What came of it"),
                columns=[_("addressee"), _("role"), _("response"), _("implementation"), _("checked")],
                rows=rows,
                empty=_("It is addressed to nobody yet: name an addressee above and save."),
            )
        ]
