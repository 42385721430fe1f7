"""Unique names, and the slugs made from them.

Two names count as the same (twins) if they differ only in case (also in Turkish: İ, I, ı and i are one letter here), in
Arabic letters that are written for each other, in vowel signs, blanks, hyphens or apostrophes. Accents do distinguish
names: Ağrı and Agri are two. The database function `majlis_folded` applies these rules everywhere.
"""

import unicodedata
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.lookups import Exact
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from publishing.database.batched_checks import BatchedConstraintsModel

LANGUAGE_CODES = ("en", "tr", "ar")


MAX_SLUG_LENGTH = 80


def folded(name: F | Value) -> Func:
    """SQL: a name in the form in which twins are equal."""
    return Func(name, function="majlis_folded", output_field=TextField())


def folded_indexes(prefix: str) -> list[models.Index]:
    """Indexes that find the twins of a name."""
    return [
        models.Index(folded(F(f"name_{language}")), name=f"{prefix}_folded_{language}") for language in LANGUAGE_CODES
    ]


class Taken(ValidationError):  # noqa: N818 – reads as what happened, as the refusals of actions do
    """Another object, `other`, has this name or slug; the desk links to it."""

    def __init__(self, message: Any, other: Any, **params: Any) -> None:
        self.other = other
        super().__init__(message, code="taken", params={"name": str(other), **params})


class TellsApart(BatchedConstraintsModel):
    """A row whose error for a taken slug or name says which object has it.

    `named_once_within` lists the columns within whose values names are unique; None if names need not be unique.
    """

    named_once_within: ClassVar[tuple[str, ...] | None] = None

    class Meta:
        abstract = True

    def unique_error_message(self, model_class: type[models.Model], unique_check: Any) -> ValidationError:
        if len(unique_check) == 1:
            (name,) = unique_check
            rows: Any = model_class._default_manager
            other = rows.filter(**{name: getattr(self, name) or None}).exclude(pk=self.pk).first()
            if other is not None:
                return Taken(_("“%(name)s” has this already (%(value)s)."), other, value=getattr(self, name))
        return super().unique_error_message(model_class, unique_check)

    def clean(self) -> None:
        super().clean()
        if self.named_once_within is not None:
            self.refuse_twin()

    def refuse_twin(self) -> None:
        """Raises Taken, at the name, if another row has it; names that have not changed are not checked."""
        names: dict[str, str] = {code: getattr(self, f"name_{code}") or "" for code in LANGUAGE_CODES}
        names = {code: name for code, name in names.items() if name.strip()}
        if not names:
            return
        rows: Any = type(self)._default_manager
        within = _having({column: getattr(self, column) for column in self.named_once_within or ()})
        others = rows.filter(within).exclude(pk=self.pk)
        twin = others.filter(_called(*names.values())).order_by("pk").first()
        as_before = within & _having({f"name_{code}": name for code, name in names.items()})
        if twin is None or (self.pk and rows.filter(as_before, pk=self.pk).exists()):
            return
        code = next(code for code, name in names.items() if others.filter(_called(name), pk=twin.pk).exists())
        message = _(
            "This is the name of another: “%(name)s” (%(slug)s). Use that one, or write what sets the two apart."
        )
        raise ValidationError({f"name_{code}": Taken(message, twin, slug=twin.slug)})


def _having(values: dict[str, Any]) -> Q:
    return Q(*(Q(**({f"{name}__isnull": True} if value is None else {name: value})) for name, value in values.items()))


def _called(*names: str) -> Q:
    """Rows that have a twin of one of `names`, in any language."""
    same = (Exact(folded(F(f"name_{code}")), folded(Value(name))) for code in LANGUAGE_CODES for name in names)
    return reduce(or_, map(Q, same))


def offered_slug(*names: str) -> str:
    """A slug from the first of `names` that has letters, in Latin letters for every script; may be empty."""
    for name in names:
        if slug := slugify(anyascii(unicodedata.normalize("NFC", name)))[:MAX_SLUG_LENGTH].strip("-_"):
            return slug
    return ""


def free_slug(slug: str, model: type[models.Model], *, but: Any = None) -> str:
    """`slug`, with a number added if another row of `model` than `but` (a primary key) has it."""
    rows: Any = model._default_manager
    taken = set(
        rows.filter(slug__startswith=slug[: MAX_SLUG_LENGTH - 6]).exclude(pk=but).values_list("slug", flat=True)
    )
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug[: MAX_SLUG_LENGTH - len(str(number)) - 1]}-{number}"
    return free
