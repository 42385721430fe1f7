"""The addresses of the whole site. English has no prefix, Turkish is under /tr/, Arabic under /ar/.

In a process for the public alone (MAJLIS_PUBLIC_ONLY) there is no desk: /admin/ is answered with 404.
"""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from config import error_pages, health


def desk() -> list[URLPattern | URLResolver]:
    if settings.MAJLIS_PUBLIC_ONLY:
        return []
    return [
        path("admin/language/", set_language, name="set_language"),
        path("admin/", admin.site.urls),
    ]


urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *desk(),
    path("api/v1/", include("config.api.router")),
    path("", include("config.site.sitemaps")),
    *i18n_patterns(
        path("", include("partnerships.urls")),
        path("", include("events.urls")),
        path("", include("recommendations.urls")),
        path("", include("config.site.pages")),
        prefix_default_language=False,
    ),
]

handler400 = error_pages.bad_request
handler403 = error_pages.forbidden
handler404 = error_pages.not_found
handler500 = error_pages.server_error
