"""Constraints that know the field at which their violation is shown, and those that many models share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from django.conf import settings
from django.contrib.postgres import constraints as postgres
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import BaseConstraint, F, Model, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Message: TypeAlias = "str | StrPromise"
PREFIX = "%(app_label)s_%(class)s"
LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]


class FieldConstraint(BaseConstraint):
    """A constraint whose violation is shown at `field`, or, if a form has no such field, at another that it is about.

    A translated field is named without its language. Migrations do not store `field`, so changing it needs no
    migration.
    """

    def __init__(self, *args: Any, field: str = "", **kwargs: Any) -> None:
        self.field = field
        super().__init__(*args, **kwargs)

    def error_fields(self, model: type[Model], row: Model | None = None) -> list[str]:
        """The fields at which a violation (by `row`) may be shown, the best first."""
        names = [self.field] if self.field else []
        translated = f"{self.field}_{getattr(row, 'original_language', '') or settings.LANGUAGE_CODE}"
        if any(field.name == translated for field in model._meta.fields):
            names.insert(0, translated)
        names.extend(reversed(getattr(self, "fields", ())))
        condition: Q | None = getattr(self, "condition", None)
        named = condition.referenced_base_fields if condition is not None else set()
        if len(named) == 1:
            names.extend(named)
        return list(dict.fromkeys(names))

    def validate(self, model: type[Model], instance: Model, exclude: Any = None, using: str = DEFAULT_DB_ALIAS) -> None:
        try:
            super().validate(model, instance, exclude=exclude, using=using)
        except ValidationError as error:
            place = next(iter(self.error_fields(model, instance)), NON_FIELD_ERRORS)
            raise ValidationError({place: error}) from error

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        _path, args, kwargs = super().deconstruct()
        return f"{PATHS[type(self)]}.{type(self).__name__}", args, kwargs

    def clone(self) -> Self:
        _path, args, kwargs = self.deconstruct()
        return type(self)(*args, field=self.field, **kwargs)


class CheckConstraint(FieldConstraint, models.CheckConstraint):
    """Django's CheckConstraint with a field for its message."""


class UniqueConstraint(FieldConstraint, models.UniqueConstraint):
    """Django's UniqueConstraint with a field for its message."""


class ExclusionConstraint(FieldConstraint, postgres.ExclusionConstraint):
    """Django's ExclusionConstraint with a field for its message."""


PATHS: dict[type[FieldConstraint], str] = {
    CheckConstraint: "django.db.models",
    UniqueConstraint: "django.db.models",
    ExclusionConstraint: "django.contrib.postgres.constraints",
}
"""In the place of Django's own, which migrations name."""


def one_of(
    field: str, choices: type[models.TextChoices] | Mapping[str, Any], *, blank: bool = False
) -> CheckConstraint:
    """`field` holds one of `choices` (Django itself checks choices only in forms), or nothing if `blank`."""
    values = choices.keys() if isinstance(choices, Mapping) else choices.values
    return CheckConstraint(
        condition=Q(**{f"{field}__in": [*values, *([""] if blank else [])]}),
        name=f"{PREFIX}_{field}_is_known",
        field=field,
        violation_error_message=_("This is none of the values that are possible here."),
    )


def original_present(field: str) -> CheckConstraint:
    """The translated text `field` is written in the publication's original language."""
    condition = Q()
    for language in LANGUAGE_CODES:
        text = f"{field}_{language}"
        condition |= Q(original_language=language) & Q(**{f"{text}__isnull": False}) & ~Q(**{text: ""})
    return CheckConstraint(
        condition=condition,
        name=f"{PREFIX}_{field}_has_original",
        field=field,
        violation_error_message=_("Write this text at least in the original language."),
    )


def text_present(field: str) -> CheckConstraint:
    """The translated text `field` is written in at least one language."""
    condition = Q()
    for language in LANGUAGE_CODES:
        text = f"{field}_{language}"
        condition |= Q(**{f"{text}__isnull": False}) & ~Q(**{text: ""})
    return CheckConstraint(
        condition=condition,
        name=f"{PREFIX}_{field}_is_written",
        field=field,
        violation_error_message=_("Write this text in at least one language."),
    )


def needs(field: str, when: Q, *, message: Message, empty: Q | None = None) -> CheckConstraint:
    """Where `when` holds, `field` is not empty (`empty` says what counts as empty; by default an empty text)."""
    return CheckConstraint(
        condition=~when | ~(empty if empty is not None else Q(**{field: ""})),
        name=f"{PREFIX}_needs_{field}",
        field=field,
        violation_error_message=message,
    )


def not_itself(source: str, target: str, *, field: str = "") -> CheckConstraint:
    """A link does not lead from a thing to itself."""
    return CheckConstraint(
        condition=~Q(**{source: F(target)}),
        name=f"{PREFIX}_not_to_itself",
        field=field or target,
        violation_error_message=_("This cannot be linked to itself."),
    )


def not_own_parent() -> CheckConstraint:
    """Nothing is its own parent; the trigger `NoCycle` refuses longer circles."""
    return CheckConstraint(
        condition=~Q(parent=F("id")),
        name=f"{PREFIX}_not_its_own_parent",
        field="parent",
        violation_error_message=_("Nothing can be its own parent."),
    )


def together(*fields: str, name: str, message: Message, field: str = "") -> CheckConstraint:
    """Either all of the nullable `fields` are set or none of them is."""
    return CheckConstraint(
        condition=Q(**{f"{field}__isnull": True for field in fields})
        | Q(**{f"{field}__isnull": False for field in fields}),
        name=f"{PREFIX}_{name}",
        field=field,
        violation_error_message=message,
    )


def corrected_once() -> UniqueConstraint:
    """An appended record is corrected by at most one other, which may itself be corrected."""
    return UniqueConstraint(
        fields=["corrects"],
        condition=Q(corrects__isnull=False),
        name=f"{PREFIX}_corrected_once",
        field="corrects",
        violation_error_message=_("This was corrected already: correct what stands in its place."),
    )


def exactly_one(fields: Iterable[str], *, name: str, message: Message, field: str = "") -> CheckConstraint:
    """Exactly one of the nullable `fields` is set."""
    fields = tuple(fields)
    condition = Q()
    for chosen in fields:
        condition |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    return CheckConstraint(condition=condition, name=f"{PREFIX}_{name}", field=field, violation_error_message=message)


def in_order(first: str, last: str, *, name: str, message: Message, field: str = "") -> CheckConstraint:
    """`first` is not after `last`, if both are known."""
    return CheckConstraint(
        condition=Q(**{f"{first}__isnull": True}) | Q(**{f"{last}__isnull": True}) | Q(**{f"{first}__lte": F(last)}),
        name=f"{PREFIX}_{name}",
        field=field,
        violation_error_message=message,
    )


def unique(*fields: str, name: str, message: Message, field: str = "") -> UniqueConstraint:
    """One row for each combination of `fields`; NULL counts as a value."""
    return UniqueConstraint(
        fields=fields,
        nulls_distinct=False,
        name=f"{PREFIX}_{name}",
        field=field,
        violation_error_message=message,
    )
