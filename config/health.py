"""Whether this process runs, and whether it can do its work."""

import logging

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from publishing.reader import rights
from publishing.reader.credentials import WrongCredentials

logger = logging.getLogger(__name__)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It does not ask the database, so that an unreachable database does not restart the process."""
    return text_response("ok")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether the database answers, the credentials are right, and the database is complete; else 503 with the reason.

    It checks the migrations and rights that the code of this process knows. The code on disk may be newer by now, and
    the database too: the running code keeps serving until it is restarted.
    """
    try:
        missing = rights.applied_to(connection).missing
        wrong = [] if missing else rights.faults(connection)
    except WrongCredentials as refusal:
        logger.error("%s", refusal)
        return text_response("the credentials for the database are not the reader's", status=503)
    except DatabaseError:
        return text_response("the database does not answer", status=503)
    if missing:
        count = "1 migration is" if len(missing) == 1 else f"{len(missing)} migrations are"
        return text_response(f"{count} not applied", status=503)
    if wrong:
        advice = " ".join(rights.advice(wrong))
        return text_response(
            f"the database is not as the code declares it: {rights.shortened_list(wrong)}. {advice}", status=503
        )
    return text_response("ok")


def text_response(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{text}\n", content_type="text/plain; charset=utf-8", status=status)
