"""The members of the API's objects: texts in the language asked for, partial dates, addresses.

What is unknown or not written is null, never an empty text. Choices are given as codes; the schema explains them.
Database keys, accounts and restricted data are never members; a relation has a serializer of its own or is left out.

DRF removes declared members from a serializer's class, so a member may be called `source` or `context` without a clash,
although the type checker complains.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import models
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import SkipField

from publishing.api.json_sql import Row, json_object, json_of, json_text, literal
from publishing.languages import Language, page_language, text_of
from publishing.publication import Publication
from publishing.site_address import absolute


class Written:
    """A member that says itself how PostgreSQL writes it."""

    def json(self, row: Row) -> str:
        """SQL of its JSON."""
        raise NotImplementedError


LANGUAGE_SCHEMA = {"type": "string", "enum": Language.values}


@extend_schema_field({"type": "string"})
class TextMember(serializers.Field[Any, Any, Any, Any]):
    """A translated text in the language asked for, else in its original language, else in any."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return text_of(instance, str(self.source))

    def to_representation(self, value: Any) -> str | None:
        return value.words or None


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": LANGUAGE_SCHEMA,
        "description": "For each text that is not in the language asked for: the language in which it is given. "
        "Left out where every text is in that language.",
        "example": {"name": "en"},
    }
)
class TextLanguages(serializers.Field[Any, Any, Any, Any]):
    """The texts of an object that are shown in another language; absent if there are none."""

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")

    def get_attribute(self, instance: Any) -> dict[str, str]:
        assert isinstance(self.parent, ReadOnlySerializer)
        asked = page_language()
        fields = self.parent.fields
        texts = {name: text_of(instance, source) for name, source in self.parent.texts.items() if name in fields}
        fallen = {name: text.language for name, text in texts.items() if text.words and text.language != asked}
        if not fallen:
            raise SkipField
        return fallen

    def to_representation(self, value: dict[str, str]) -> dict[str, str]:
        return value


@extend_schema_field(
    {
        "type": "object",
        "properties": {
            "edtf": {"type": "string", "description": "As the source gives it (ISO 8601-2, EDTF levels 0 and 1)."},
            "earliest": {"type": ["string", "null"], "format": "date", "description": "The first day it can mean."},
            "latest": {"type": ["string", "null"], "format": "date", "description": "The last day it can mean."},
        },
        "required": ["edtf", "earliest", "latest"],
        "example": {"edtf": "2025-09", "earliest": "2025-09-01", "latest": "2025-09-30"},
    }
)
class PartialDateMember(Written, serializers.Field[Any, Any, Any, Any]):
    """A date with its precision, and the first and last day it can mean; null if unknown."""

    def json(self, row: Row) -> str:
        edtf = row.column(str(self.source))
        days = {
            name: json_of(row.column(f"{self.source}_{name}"), models.DateField()) for name in ("earliest", "latest")
        }
        return f"CASE WHEN {edtf} <> '' THEN {json_object({'edtf': json_text(edtf), **days})} ELSE 'null' END"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **kwargs)

    def get_attribute(self, instance: Any) -> dict[str, Any] | None:
        edtf = getattr(instance, str(self.source))
        if not edtf:
            return None
        return {
            "edtf": edtf,
            "earliest": getattr(instance, f"{self.source}_earliest"),
            "latest": getattr(instance, f"{self.source}_latest"),
        }

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


@extend_schema_field({"type": "string", "format": "uri"})
class PageMember(Written, serializers.Field[Any, Any, Any, Any]):
    """The address of the public page, in the language asked for."""

    def json(self, row: Row) -> str:
        return row.address(lambda thing: thing.get_absolute_url())

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")

    def to_representation(self, value: Any) -> str:
        return absolute(value.get_absolute_url(), self.context["request"])


class AddressMember(Written, serializers.HyperlinkedIdentityField):
    """The address of the object in the API."""

    def json(self, row: Row) -> str:
        return row.address(lambda thing: self.path_of(thing, str(self.view_name)))

    def get_url(self, obj: Any, view_name: str, request: Any, format: str | None) -> str:
        return absolute(self.path_of(obj, view_name), request)

    def path_of(self, thing: Any, view_name: str) -> str:
        return reverse(view_name, kwargs={self.lookup_url_kwarg: getattr(thing, self.lookup_field)})


def address(view_name: str, lookup_field: str) -> AddressMember:
    return AddressMember(view_name=f"api:{view_name}", lookup_field=lookup_field)


def without_trailing_zeros(number: Decimal) -> str:
    """A decimal number without the trailing zeros of its column: 650, not 650.00."""
    return f"{number.normalize():f}"


class ReadOnlySerializer(serializers.ModelSerializer[Any]):
    """An object that clients can only read."""

    texts: Mapping[str, str]
    """Names of the text members, with the translated fields from which they come."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        self.texts = {
            name: str(field.source or name) for name, field in fields.items() if isinstance(field, TextMember)
        }
        if self.texts:
            fields["text_languages"] = TextLanguages()
        return fields

    def build_standard_field(self, field_name: str, model_field: "models.Field[Any, Any]") -> Any:
        field_class, kwargs = super().build_standard_field(field_name, model_field)
        nullable = model_field.null or model_field.blank
        kwargs = {name: value for name, value in kwargs.items() if name in {"choices", "label", "help_text"}}
        if isinstance(model_field, models.BooleanField):
            nullable = False
        return field_class, {**kwargs, "read_only": True, **({"allow_null": True} if nullable else {})}

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        # ModelSerializer would give the database key.
        raise TypeError(f"{type(self).__name__}.{field_name}: show a relation with a serializer of its own.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return {name: None if value == "" else value for name, value in shown.items()}


@extend_schema_field({"type": "array", "items": LANGUAGE_SCHEMA})
class OutdatedTranslations(Written, serializers.Field[Any, Any, Any, Any]):
    """The languages whose texts are older than the last change of the original."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, value: Publication) -> list[str]:
        return [language for language in Language.values if value.outdated_translation(language)]

    def json(self, row: Row) -> str:
        changed, original = row.column("texts_changed_at"), row.column("original_language")
        moment = f"({changed} ->> %s)::timestamptz"
        older = (
            f"""CASE WHEN {moment % literal(language)} < {moment % original} THEN '"{language}"' END"""
            for language in Language.values
        )
        return f"concat('[', concat_ws(',', {', '.join(older)}), ']')"


class Counts(Written, serializers.Field[Any, Any, Any, Any]):
    """How many of a list of codes are each of the codes that there are; of none, nought."""

    def __init__(self, codes: Sequence[str], **kwargs: Any) -> None:
        self.codes = codes
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Sequence[str]) -> dict[str, int]:
        found = Counter(value)
        return {code: found[code] for code in self.codes}

    def json(self, row: Row) -> str:
        values = row.column(str(self.source))
        return json_object(
            {code: f"cardinality(array_positions({values}, {literal(code)}))::text" for code in self.codes}
        )

    @staticmethod
    def schema(codes: Sequence[str]) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {code: {"type": "integer", "minimum": 0} for code in codes},
            "required": list(codes),
        }


class Finished(Written):
    """A member that is worked out from the other members of its object, as they are shown."""

    def json(self, row: Row) -> str:
        return "'null'"

    def of(self, shown: dict[str, Any]) -> Any:
        """Its value."""
        raise NotImplementedError


PUBLICATION = (
    "version",
    "version_note",
    "published_at",
    "changed_at",
    "original_language",
    "outdated_translations",
)
"""The members that every publication ends with."""

RECORD = ("public_id", "as_of", "recorded_at", "language", "corrects")
"""The members of every appended record: its two clocks, its language, and which earlier one it corrects."""


class PublicationShown(ReadOnlySerializer):
    """The members that every publication has, for clients that keep a mirror."""

    changed_at = serializers.DateTimeField(
        read_only=True,
        allow_null=True,
        help_text="When it last changed in public, its parts included: its last line in `changes`.",
    )
    outdated_translations = OutdatedTranslations(
        help_text="The languages whose texts are older than the last change of the original."
    )


class RecordShown(ReadOnlySerializer):
    """What every appended record shows; never who made it."""

    corrects: serializers.Field[Any, Any, Any, Any] = serializers.SlugRelatedField(
        slug_field="public_id",
        read_only=True,
        allow_null=True,
        help_text="The public id of the earlier record that this one sets right.",
    )
