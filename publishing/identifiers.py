import re
import secrets
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

PUBLIC_ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: without i, l, o and u, so that an id can be read aloud without mistakes."""

PUBLIC_ID_LENGTH = 10
"""Fifty random bits: the odds of a collision at a million rows are 1 in 10^9, and the unique index would refuse it."""

PUBLIC_ID_PATTERN = re.compile(rf"[{PUBLIC_ID_ALPHABET}]{{{PUBLIC_ID_LENGTH}}}")


def new_public_id() -> str:
    """Ten random characters of `PUBLIC_ID_ALPHABET`."""
    return "".join(secrets.choice(PUBLIC_ID_ALPHABET) for _ in range(PUBLIC_ID_LENGTH))


class PublicIdField(models.CharField):
    """A short, random, permanent identifier that reveals nothing about the row or its number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(
            max_length=PUBLIC_ID_LENGTH,
            default=new_public_id,
            editable=False,
            validators=[RegexValidator(rf"\A{PUBLIC_ID_PATTERN.pattern}\Z", _("This is not a public id."))],
        )
        kwargs.setdefault("unique", True)
        kwargs.setdefault("verbose_name", _("public id"))
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """In a migration it is a plain text field: how a new id is made is code, and code changes."""
        name, _path, args, kwargs = super().deconstruct()
        del kwargs["default"], kwargs["validators"]
        # The table of versions repeats the ids of the rows; this must also hold in a migration.
        kwargs["unique"] = self.unique
        return name, "django.db.models.CharField", args, kwargs
