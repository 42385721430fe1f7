"""Texts in English, Turkish and Arabic: one fieldset for each language, with its direction of writing."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Model, Q
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from publishing.desk.page import PlainFields
from publishing.languages import Language
from publishing.publication import Publication


def translations_of(model: type[Model] | Model) -> list[Any]:
    """The columns of `model` that hold a text in one language."""
    fields: tuple[Any, ...] = model._meta.fields
    return [field for field in fields if isinstance(field, TranslationField)]


def direction_of(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def language_fieldsets(*texts: str) -> list[Any]:
    """One fieldset for each language with the columns of `texts` in that language."""
    return [
        (
            language.label,
            {"fields": [f"{text}_{language.value}" for text in texts], "classes": ["language", language.value]},
        )
        for language in Language
    ]


class TranslatedFieldsMixin(PlainFields):
    """Sets the language and direction of each translated text's input, for fonts, spell checking and caret."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(db_field, TranslationField):
            self.mark(field, db_field)
        return field

    def mark(self, field: FormField, db_field: Any) -> None:
        field.widget.attrs.update(lang=db_field.language, dir=direction_of(db_field.language))
        field.label = self.label_of(db_field)
        if db_field.language != settings.LANGUAGE_CODE:
            field.help_text = ""  # one marker for each group is enough

    def label_of(self, db_field: Any) -> str:
        """The label of a field; its fieldset names the language."""
        return str(capfirst(db_field.translated_field.verbose_name))

    def labels(self) -> dict[str, Any]:
        """Labels of translated texts that are only shown."""
        return {field.name: self.label_of(field) for field in translations_of(self.model)}


class TranslatedRowsMixin(TranslatedFieldsMixin):
    """For rows of a table: no fieldset names the language, so the label does."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> FormField | None:
        """A label for screen reader users, who do not see the heading of the column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = str(field.label)
        return field

    def label_of(self, db_field: Any) -> str:
        return f"{super().label_of(db_field)} ({Language(db_field.language).label})"


class TranslationFilter(admin.SimpleListFilter):
    """A filter for what has to be translated: publications without their first text in a language."""

    title = _("translation")
    parameter_name = "lacks"

    def __init__(self, request: HttpRequest, params: Any, model: type[Model], model_admin: Any) -> None:
        self.text: str = model_admin.texts[0]
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("en", _("No English")),
            ("tr", _("No Turkish")),
            ("ar", _("No Arabic")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        language = self.value()
        if language not in Language.values:
            return queryset
        text = f"{self.text}_{language}"
        return queryset.filter(Q(**{f"{text}__isnull": True}) | Q(**{text: ""}))


def texts_searched(*texts: str) -> tuple[str, ...]:
    """The columns of `texts` in all languages, for `search_fields`."""
    return tuple(f"{text}_{language}" for text in texts for language in Language.values)


def outdated_languages(publication: Publication) -> list[str]:
    """The names of the languages whose text is older than the original."""
    return [str(language.label) for language in Language if publication.outdated_translation(language.value)]
