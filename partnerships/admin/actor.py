from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from partnerships.admin.citation import CITED_COUNT, CitationsOfMembership, cited_count
from partnerships.models import Actor, Membership
from publishing.desk.languages import texts_searched
from publishing.desk.part import PartOffTheIndex, PartTable
from publishing.desk.publication import PublicationAdmin


class MembershipTable(PartTable):
    model = Membership
    fk_name = "member"
    fields = ("bloc", "since", "until", "sources")
    readonly_fields = ("sources",)
    autocomplete_fields = ("bloc",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("bloc", "member").annotate(**CITED_COUNT)

    @admin.display(description=_("sources"))
    def sources(self, membership: Any) -> str:
        return cited_count(membership)


@admin.register(Actor)
class ActorAdmin(PublicationAdmin):
    texts = ("name", "short_name")
    about = (
        (_("Actor"), {"fields": ["kind", "slug", "parent"]}),
        (_("Identifiers"), {"fields": [("iso_code", "wikidata_id")]}),
    )
    list_display = ("name", "short_name", "kind", "parent")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = (*texts_searched("name", "short_name"), "slug", "iso_code")
    autocomplete_fields = ("parent",)
    prepopulated_fields = {"slug": ("name_en",)}
    inlines = (MembershipTable,)


@admin.register(Membership)
class MembershipAdmin(PartOffTheIndex):
    """The page of one membership, for its sources; the membership itself is edited with its actor."""

    whole = "member"
    fields = ("member", "bloc", ("since", "until"))
    autocomplete_fields = ("bloc", "member")
    list_display = ("member", "bloc", "since", "until")
    list_select_related = ("member", "bloc")
    search_fields = (*texts_searched("member__name", "bloc__name"),)
    inlines = (CitationsOfMembership,)
