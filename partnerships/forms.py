"""Forms of the desk: each refusal stands at the field that it is about, and nothing typed is lost."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import ForeignKey, Model
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partnerships import refusals
from partnerships.models import Source
from partnerships.partial_date import PartialDateField
from partnerships.publication import Publication


class DeskForm(forms.ModelForm):
    """A form that shows every refusal at its field, also one that only the database could make.

    `refused` holds what an attempt to save was answered, by the prefix of the form it concerns (empty
    for the main form); the admin puts it on the class of a form that it shows again.
    """

    refused: ClassVar[Mapping[str, ValidationError]] = {}

    def validate_constraints(self) -> None:
        """Checks each constraint over columns that are in order, and shows the violated ones at their fields."""
        exclude = self._not_to_be_judged()
        language = getattr(self.instance, "original_language", "en")
        for model, constraints in self.instance.get_constraints():
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=exclude, using=DEFAULT_DB_ALIAS)
                except ValidationError as error:
                    names = refusals.fields_of_constraint(model, constraint, original_language=language)
                    self.add_error(next((name for name in names if name in self.fields), None), error.messages)

    def _not_to_be_judged(self) -> set[str]:
        """The columns that are wrong by themselves, and the key of a whole that is not saved yet."""
        excluded = set(self.errors) - {NON_FIELD_ERRORS}
        for field in self.instance._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.is_cached(self.instance):
                named = field.get_cached_value(self.instance)
                if named is not None and named.pk is None:
                    excluded.add(field.name)
            if isinstance(field, PartialDateField) and field.name not in excluded:
                field.pre_save(self.instance, add=False)  # its bounds are judged too
        return excluded

    def full_clean(self) -> None:
        super().full_clean()
        refusal = self.refused.get(self.prefix or "")
        if refusal is not None and self.is_bound:
            self.show(refusal)

    def show(self, error: ValidationError) -> None:
        """Adds `error`, at its fields where they are fields of this form."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: [error]}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, ValidationError(errors))


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of parts; what the database refuses is raised with the row that it refused."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        with refusals.row(form.prefix or ""):
            return super().save_new(form, commit=commit)

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Any:
        with refusals.row(form.prefix or ""):
            return super().save_existing(form, obj, commit=commit)


Parts = Sequence[tuple[type[Model], str]]
"""Models of rows that are edited with a whole, each with the name of its foreign key to it."""


def digest_of(instance: Model, parts: Parts) -> str:
    """A digest of the row of `instance` as it stands in the database, of its links to others and of its parts."""
    quote = connection.ops.quote_name
    tables = [(instance._meta.db_table, "id")]
    for field in instance._meta.many_to_many:
        through = field.remote_field.through  # type: ignore[attr-defined]
        tables.append((through._meta.db_table, through._meta.get_field(field.m2m_field_name()).column))  # type: ignore[attr-defined]
    for model, key in parts:
        tables.append((model._meta.db_table, model._meta.get_field(key).column))  # type: ignore[union-attr]
    rows = " UNION ALL ".join(
        f"SELECT {n} AS place, id, t::text AS words FROM {quote(table)} AS t WHERE {quote(column)} = %(whole)s"
        for n, (table, column) in enumerate(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(words, E'\\n' ORDER BY place, id)) FROM ({rows}) AS shown", {"whole": instance.pk}
        )
        return str(cursor.fetchone()[0])


class SeenForm(DeskForm):
    """A form that refuses to overwrite what somebody else saved after it was opened.

    The hidden field `seen` carries a digest of what the form showed. After a refusal it carries that
    of the present state: saving once more is then a decision, not an accident.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    parts: ClassVar[Parts] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            self.initial["seen"] = digest_of(self.instance, self.parts)

    @property
    def changed_data(self) -> list[str]:  # type: ignore[override]
        """What was edited; the fields about the saving itself are not."""
        return [name for name in super().changed_data if name not in {"seen", "what_changed"}]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            # The lock makes the second of two people who save at once wait, and then see the difference.
            type(self.instance)._base_manager.select_for_update(of=("self",)).filter(pk=self.instance.pk).first()
            present = digest_of(self.instance, self.parts)
            if self.cleaned_data.get("seen") != present:
                self.data = self.data.copy()
                self.data[self.add_prefix("seen")] = present
                raise ValidationError(self.overtaken(), code="overtaken")
        return cleaned

    def overtaken(self) -> str | SafeString:
        return _(
            "“%(name)s” was changed since you opened it, and nothing of yours is saved yet. "
            "Look at its present state in another window; to put what stands here in its place, save again."
        ) % {"name": type(self.instance)._base_manager.get(pk=self.instance.pk)}


class PublicationForm(SeenForm):
    """Of a publication or a part of one. What is public is changed with a public note of what changed."""

    what_changed = forms.CharField(
        label=_("What changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Public: it stands in the history and in the feed of changes. One sentence is enough."),
    )


class SourceForm(PublicationForm):
    """Takes the SHA-256 of an archived copy from the copy itself."""

    class Meta:
        model = Source
        exclude = ()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        copy = self.cleaned_data.get("archived_copy")
        if "archived_copy" in self.changed_data:
            self.instance.archived_sha256 = _sha256(copy) if copy else ""
        return cleaned


def _sha256(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


__all__ = ["DeskForm", "PartFormSet", "Publication", "PublicationForm", "SeenForm", "SourceForm", "digest_of"]
