"""The address of the site, with which every absolute address begins.

`request.build_absolute_uri` and Django's `get_current_site` take the host and port from what the client sent, so a
client could put another host into a feed, a citation or a cached answer.
"""

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.encoding import iri_to_uri

USUAL_PORTS = {"http": "80", "https": "443"}


def site_address(request: HttpRequest | None) -> str:
    """Scheme and host, such as https://majlis.example.org: `SITE_URL` if it is set.

    Otherwise the host name of the request, checked against `ALLOWED_HOSTS`: in lower case and without the client's
    port. Outside production the port is the one on which the server listens. Without a request it is the first allowed
    name. Raises DisallowedHost.
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
    """The absolute address of `path`, which begins with a slash."""
    return iri_to_uri(site_address(request) + path)
