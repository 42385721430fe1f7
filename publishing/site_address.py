"""Where the site stands: what every absolute address begins with.

`request.build_absolute_uri` and Django's `get_current_site` take the host, its port and its spelling from
what a client sent, so that anybody could put their own into a feed, a citation or an answer that a cache keeps.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.encoding import iri_to_uri

USUAL_PORTS = {"http": "80", "https": "443"}


def site_address(request: HttpRequest | None) -> str:
    """Scheme and host, such as https://majlis.example.org: `SITE_URL` where it is set.

    Else the name by which the request came, as `ALLOWED_HOSTS` vouches for it: in small letters and
    without the port that the client named. Outside of production the port is the one on which the
    server listens. Without a request it is the first name that is allowed. Raises DisallowedHost.
    """
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    if request is None:
        return f"{'https' if settings.PRODUCTION else 'http'}://{settings.FIRST_HOST}"
    scheme = str(request.scheme)
    host, _port = split_domain_port(request.get_host())
    port = request.META["SERVER_PORT"]
    if settings.PRODUCTION or port == USUAL_PORTS[scheme]:
        return f"{scheme}://{host}"
    return f"{scheme}://{host}:{port}"


def absolute(path: str, request: HttpRequest | None) -> str:
    """The address of `path`, which begins with a slash, as others can follow it."""
    return iri_to_uri(site_address(request) + path)
