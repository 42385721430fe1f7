"""/sitemap.xml and /robots.txt: what search engines may read, in every language."""

import datetime as dt
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.site.latest_changes import ADDRESSES, FOLLOWED_MODELS
from publishing.models.change import Change
from publishing.site_address import absolute, site_address


class EveryLanguage(Sitemap):
    """Addresses in English, Turkish and Arabic, each linked to the others."""

    i18n = True
    alternates = True
    x_default = True
    limit = 5_000

    def __init__(self, site: str) -> None:
        self.protocol, self.domain = site.split("://")

    def get_domain(self, site: object = None) -> str:
        return self.domain


class Lists(EveryLanguage):
    """The pages that always exist."""

    names: ClassVar = (
        "home",
        "partnerships:partnership_list",
        "partnerships:actor_list",
        "partnerships:claim_list",
        "partnerships:calibration",
        "events:event_list",
        "events:series_list",
        "recommendations:recommendation_list",
        "about",
        "corrections",
    )

    def items(self) -> list[str]:
        return list(self.names)

    def location(self, item: str) -> str:
        return reverse(item)


class Publications(EveryLanguage):
    """The published rows of one kind, with the moment at which each last changed."""

    def __init__(self, site: str, kind: str) -> None:
        super().__init__(site)
        self.kind = kind

    def items(self) -> QuerySet[Any]:
        now = timezone.now()
        lines = Change.objects.filter(kind=self.kind, public_id=OuterRef("public_id"), effective_at__lte=now)
        changed = lines.order_by().values("public_id").annotate(last=Max("effective_at")).values("last")
        visible: QuerySet[Any] = (
            apps.get_model(SITEMAP_KINDS[self.kind])._default_manager.all().visible_to(AnonymousUser(), at=now)
        )
        return visible.annotate(changed_at=Subquery(changed)).order_by("pk")

    def lastmod(self, item: Any) -> dt.datetime:
        moment: dt.datetime = item.changed_at
        return moment


SITEMAP_KINDS = {**FOLLOWED_MODELS, "actor": "partnerships.Actor"}


@require_safe
def site_map(request: HttpRequest) -> HttpResponseBase:
    """The pages that always exist, and everything that is published."""
    site = site_address(request)
    kinds = (*ADDRESSES, "actor")
    return sitemap(request, {"pages": Lists(site), **{kind: Publications(site, kind) for kind in kinds}})


NOT_FOR_ROBOTS = ("/admin/", "/api/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Robots may read everything except the desk and the API; the same in every language."""
    lines = ["User-agent: *", *(f"Disallow: {address}" for address in NOT_FOR_ROBOTS)]
    lines += ["", f"Sitemap: {absolute(reverse('sitemap'), request)}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", site_map, name="sitemap"),
]
