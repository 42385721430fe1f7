"""Constraints that many models share, each with the words a person reads when it is violated."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.publication import Language

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Message: TypeAlias = "str | StrPromise"
PREFIX = "%(app_label)s_%(class)s"


def one_of(field: str, choices: type[models.TextChoices], *, blank: bool = False) -> models.CheckConstraint:
    """`field` holds one of `choices` (Django itself checks choices in forms only), or nothing if `blank`."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": [*choices.values, *([""] if blank else [])]}),
        name=f"{PREFIX}_{field}_is_known",
        violation_error_message=_("This is none of the values that are possible here."),
    )


def original_present(field: str) -> models.CheckConstraint:
    """The translated text `field` is there in the publication's original language."""
    condition = Q()
    for language in Language.values:
        text = f"{field}_{language}"
        condition |= Q(original_language=language) & Q(**{f"{text}__isnull": False}) & ~Q(**{text: ""})
    return models.CheckConstraint(
        condition=condition,
        name=f"{PREFIX}_{field}_has_original",
        violation_error_message=_("Write this text at least in the original language."),
    )


def text_present(field: str) -> models.CheckConstraint:
    """The translated text `field` is there in at least one language."""
    condition = Q()
    for language in Language.values:
        text = f"{field}_{language}"
        condition |= Q(**{f"{text}__isnull": False}) & ~Q(**{text: ""})
    return models.CheckConstraint(
        condition=condition,
        name=f"{PREFIX}_{field}_is_written",
        violation_error_message=_("Write this text in at least one language."),
    )


def needs(field: str, when: Q, *, message: Message, empty: Q | None = None) -> models.CheckConstraint:
    """Where `when` holds, `field` is not empty (`empty` says what empty means; an empty text by default)."""
    return models.CheckConstraint(
        condition=~when | ~(empty if empty is not None else Q(**{field: ""})),
        name=f"{PREFIX}_needs_{field}",
        violation_error_message=message,
    )


def not_itself(source: str, target: str) -> models.CheckConstraint:
    """A link leads from one thing to another."""
    return models.CheckConstraint(
        condition=~Q(**{source: F(target)}),
        name=f"{PREFIX}_not_to_itself",
        violation_error_message=_("This cannot be linked to itself."),
    )


def not_own_parent() -> models.CheckConstraint:
    """Nothing is its own parent; longer circles are refused by the trigger `NoCycle`."""
    return models.CheckConstraint(
        condition=~Q(parent=F("id")),
        name=f"{PREFIX}_not_its_own_parent",
        violation_error_message=_("Nothing can be its own parent."),
    )


def together(*fields: str, name: str, message: Message) -> models.CheckConstraint:
    """Either all of the nullable `fields` are set or none of them is."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__isnull": True for field in fields})
        | Q(**{f"{field}__isnull": False for field in fields}),
        name=f"{PREFIX}_{name}",
        violation_error_message=message,
    )


def corrected_once() -> models.UniqueConstraint:
    """An appended record is corrected by one other, which may be corrected in turn: one stands in its place."""
    return models.UniqueConstraint(
        fields=["corrects"],
        condition=Q(corrects__isnull=False),
        name=f"{PREFIX}_corrected_once",
        violation_error_message=_("This was corrected already: correct what stands in its place."),
    )


def exactly_one(fields: Iterable[str], *, name: str, message: Message) -> models.CheckConstraint:
    """Exactly one of the nullable `fields` is set."""
    fields = tuple(fields)
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return models.CheckConstraint(condition=condition, name=f"{PREFIX}_{name}", violation_error_message=message)


def in_order(first: str, last: str, *, name: str, message: Message) -> models.CheckConstraint:
    """`first` is not after `last`, where both are known."""
    return models.CheckConstraint(
        condition=Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__lte": F(last)}),
        name=f"{PREFIX}_{name}",
        violation_error_message=message,
    )


def unique(*fields: str, name: str, message: Message) -> models.UniqueConstraint:
    """One row per combination of `fields`; NULL counts as a value."""
    return models.UniqueConstraint(
        fields=fields,
        nulls_distinct=False,
        name=f"{PREFIX}_{name}",
        violation_error_message=message,
    )
