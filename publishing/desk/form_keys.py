"""The keys of the desk's forms: each is random, and valid for one person and one address.

A key is valid only as long as we still know whether its form was recorded; after that, the same form could be recorded
twice.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner

from publishing.models.sent_form import KEPT_DAYS

FORM_KEY = "form_key"
"""The name of the hidden field."""


class BadKey(Exception):  # noqa: N818 – reads as what it is
    """A key that is forged, too old, or of another person or address."""


def _signer(person: Any, path: str) -> TimestampSigner:
    return TimestampSigner(salt=f"form:{person.pk}:{path}")


def new_key(*, person: Any, path: str) -> str:
    """A key for a form that is shown to `person` and sent to `path`."""
    return _signer(person, path).sign(str(uuid.uuid4()))


def read_key(key: str, *, person: Any, path: str) -> uuid.UUID:
    """The number in a key that `person` sent to `path`. Raises BadKey."""
    try:
        return uuid.UUID(_signer(person, path).unsign(key, max_age=timedelta(days=KEPT_DAYS)))
    except (BadSignature, ValueError) as error:
        raise BadKey from error
