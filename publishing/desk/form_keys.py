"""The keys with which forms of the desk are shown: each is random, and holds for one person and one address.

A key holds for as long as it is known that its form was recorded, and no longer: after that, the same form
would be recorded a second time.
"""

import uuid
from datetime import timedelta
from typing import Any

from django.core.signing import BadSignature, TimestampSigner

from publishing.models.sent_form import KEPT_DAYS

FORM_KEY = "form_key"
"""The name of the hidden field."""


class BadKey(Exception):  # noqa: N818 – reads as what it is
    """A key that was made up, or for somebody else or another address, or is too old."""


def _signer(person: Any, path: str) -> TimestampSigner:
    return TimestampSigner(salt=f"form:{person.pk}:{path}")


def new_key(*, person: Any, path: str) -> str:
    """A key for a form that is about to be shown to `person`, and is sent to `path`."""
    return _signer(person, path).sign(str(uuid.uuid4()))


def read_key(key: str, *, person: Any, path: str) -> uuid.UUID:
    """The number in a key that `person` sent to `path`; raises BadKey."""
    try:
        return uuid.UUID(_signer(person, path).unsign(key, max_age=timedelta(days=KEPT_DAYS)))
    except (BadSignature, ValueError) as error:
        raise BadKey from error
