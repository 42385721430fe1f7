from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import BaseConstraint, ForeignKey, Model
from django.forms.formsets import DELETION_FIELD_NAME, INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publishing import refusals
from publishing.database.batched_checks import constraints_to_check_singly
from publishing.database.clean_text import CleanForm
from publishing.database.constraints import FieldConstraint
from publishing.desk.addresses import change_address, key_from
from publishing.desk.overtaken import (
    OF_THE_SAVING,
    Parts,
    Seen,
    field_label,
    fill_in,
    fingerprint,
    in_one_form,
    of_fields,
    rows_behind,
    value_in_words,
)
from publishing.languages import Language, listed
from publishing.partial_dates.field import PartialDateField
from publishing.publication import Publication
from publishing.unique_names import Taken, free_slug, offered_slug

WRITTEN_IN_ANOTHER = _(
    "Nothing is written in this language: choose the one in which you wrote, or write it in this one too."
)

SLUG_HELP = _("Its name in addresses: letters without accents, digits, hyphens. Empty: made from its name.")


class DeskForm(CleanForm, forms.ModelForm):
    """A form that shows every refusal at its field, also those of the database.

    `refused` holds the errors of an attempt to save, by the prefix of the form they concern (empty for the main form);
    the admin sets it on the class of a form that it shows again.
    """

    refused: ClassVar[Mapping[str, ValidationError]] = {}

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "slug" in self.fields and "slug" not in self.errors:
            names = names_written(self.cleaned_data)
            self.cleaned_data["slug"] = slug_for(self.cleaned_data["slug"], names, self._meta.model, self.instance.pk)
        return cleaned

    def add_error(self, field: Any, error: Any) -> None:
        super().add_error(field, linked(error))

    def _post_clean(self) -> None:
        # The instance validates its constraints without naming fields; here each error gets its field.
        self.instance.validate_constraints = self._validate_each_constraint
        try:
            super()._post_clean()  # type: ignore[misc] # django-stubs leave it out
        finally:
            del self.instance.validate_constraints

    def _validate_each_constraint(self, exclude: Collection[str] | None = None) -> None:
        """Raises the errors of all constraints, each at its field; also for columns that no form shows."""
        excluded = self._not_to_be_judged(exclude or ())
        refused: dict[str, list[ValidationError]] = {}
        for model, constraints in constraints_to_check_singly(
            self.instance, self.instance.get_constraints(), exclude=excluded
        ):
            for constraint in constraints:
                try:
                    constraint.validate(model, self.instance, exclude=excluded, using=DEFAULT_DB_ALIAS)
                except ValidationError as error:
                    if self._is_written_in_another_language(constraint):
                        refused.setdefault("original_language", []).append(ValidationError(WRITTEN_IN_ANOTHER))
                        continue
                    names = (
                        constraint.error_fields(model, self.instance) if isinstance(constraint, FieldConstraint) else []
                    )
                    place = next((name for name in names if name in self.fields), NON_FIELD_ERRORS)
                    refused.setdefault(place, []).append(ValidationError(error.messages))
        if refused:
            raise ValidationError(refused)

    def _is_written_in_another_language(self, constraint: BaseConstraint) -> bool:
        """Whether the constraint is the one about the original language, and the text is written in another language."""
        return (
            isinstance(constraint, FieldConstraint)
            and constraint.name.endswith("_has_original")
            and "original_language" in self.fields
            and any(self.cleaned_data.get(f"{constraint.field}_{code}") for code in Language.values)
        )

    def _not_to_be_judged(self, exclude: Collection[str]) -> set[str]:
        """Fields of this form that have errors already, and the foreign key to a whole that is not saved yet."""
        excluded = {name for name in exclude if name in self.fields}
        for field in self.instance._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.is_cached(self.instance):
                named = field.get_cached_value(self.instance)
                if named is not None and named.pk is None:
                    excluded.add(field.name)
            if isinstance(field, PartialDateField) and field.name not in excluded:
                field.pre_save(self.instance, add=False)  # the bounds of a partial date are checked too
        return excluded

    def full_clean(self) -> None:
        super().full_clean()
        refusal = self.refused.get(self.prefix or "")
        # Skipped if the form has found the same error itself.
        if refusal is not None and self.is_bound and not self.errors:
            show_at_fields(self, refusal)


def show_at_fields(form: forms.BaseForm, refusal: ValidationError, *, part: str = "") -> None:
    """Adds `refusal` at the fields that `form` has, or above them.

    One about a part (`refusals.about`) is shown at the field `<part>_<name>` if there is one.
    """
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: [refusal]}
    for name, errors in by_field.items():
        places = (f"{part}_{name}", name)
        form.add_error(next((one for one in places if one in form.fields), None), ValidationError(errors))


def names_written(values: Mapping[str, Any]) -> list[str]:
    """The names in all languages, that of the original language first."""
    codes = dict.fromkeys([values.get("original_language") or Language.EN, *Language.values])
    return [name for code in codes if (name := values.get(f"name_{code}"))]


def slug_for(typed: str, names: Sequence[str], model: type[Model], key: Any = None) -> str:
    """The slug that was typed; if none was, or only what the page's script proposes, one that is free."""
    offers = [offered_slug(name) for name in names]
    if typed and (key is not None or typed not in offers):
        return typed
    slug = typed or offered_slug(*names)
    if not slug and any(names):
        slug = str(model._meta.model_name)  # the names have no letters
    return free_slug(slug, model, but=key) if slug else ""


def linked(error: Any) -> Any:
    """The same error; if another thing has the value, with a link to its page at the desk."""
    if hasattr(error, "error_dict"):
        return ValidationError({name: [linked(one) for one in errors] for name, errors in error.error_dict.items()})
    if isinstance(error, Taken):
        link = format_html('<a href="{}">{}</a>', change_address(error.other), error.other)
        said = {name: link if name == "name" else escape(words) for name, words in (error.params or {}).items()}
        return ValidationError(mark_safe(escape(error.message) % said), code=error.code)  # noqa: S308 -- `said` is escaped
    if isinstance(error, ValidationError) and not any(one is error for one in error.error_list):
        return ValidationError([linked(one) for one in error.error_list])
    return error


class PartFormSet(forms.BaseInlineFormSet):
    """Rows of parts; an error from the database is raised with the row that it concerns."""

    model: Any
    fk: Any
    data: Any  # a mutable copy of the data
    management_form: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_aside: list[str] = []
        if self.is_bound and self.instance.pk:
            self._take_theirs(Seen.read(self.data.get("seen", "")).rows_of(self.model))

    def _take_theirs(self, seen: Mapping[int, str]) -> None:
        """Replaces the data that was sent for a row by what somebody else has saved there since the form was shown."""
        if not seen:
            return
        key_of_whole: str = self.fk.name
        now = Seen(rows=rows_behind(self.instance, [(self.model, key_of_whole)])).rows_of(self.model)
        for number in reversed(range(self.initial_form_count())):
            prefix = self.add_prefix(number)
            key = key_from(self.data.get(f"{prefix}-{self.model._meta.pk.name}", ""))
            if key is None or now.get(key) == seen.get(key):
                continue
            said = {"words": self._sent(prefix)}
            rows: Any = self.model._default_manager.filter(pk=key, **{key_of_whole: self.instance})
            row = rows.first()
            if row is None:
                self._leave_out(number)
                self.set_aside.append(gettext("Somebody else took this row away: %(words)s") % said)
                continue
            for shown in self.form(instance=row, prefix=prefix):
                fill_in(self.data, shown)
            said["row"] = str(row)
            self.set_aside.append(
                gettext("Somebody else changed “%(row)s”, and theirs stands here now. You had: %(words)s") % said
            )

    def _leave_out(self, number: int) -> None:
        """Removes one row from the data; those after it move up."""
        total = self.total_form_count()
        for later in range(number, total):
            prefix, following = (f"{self.add_prefix(one)}-" for one in (later, later + 1))
            for name in [name for name in self.data if name.startswith(prefix)]:
                self.data.pop(name)
            for name in [name for name in self.data if name.startswith(following)]:
                self.data.setlist(prefix + name.removeprefix(following), self.data.getlist(name))
        for count in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT):
            name = f"{self.prefix}-{count}"
            self.data[name] = str(int(self.data[name]) - 1)
        del self.management_form

    def _sent(self, prefix: str) -> str:
        """The texts that were sent for a row."""
        fields = [one for one in self.form.base_fields.items() if not isinstance(one[1], forms.ModelChoiceField)]
        sent = [(field.label, self.data.get(f"{prefix}-{name}", "")) for name, field in fields]
        return "; ".join(f"{label}: {value}" for label, value in sent if value) or "–"

    def clean(self) -> None:
        super().clean()
        if self.set_aside:
            raise ValidationError(self.set_aside)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].widget.attrs["aria-label"] = _("Delete")

    def validate_unique(self) -> None:
        """Left to the constraints, whose messages say what is duplicated, and in which row."""

    def save_new(self, form: forms.ModelForm, commit: bool = True) -> Any:
        with refusals.about(form.prefix or ""):
            return super().save_new(form, commit=commit)

    def save_existing(self, form: forms.ModelForm, obj: Model, commit: bool = True) -> Any:
        with refusals.about(form.prefix or ""):
            return super().save_existing(form, obj, commit=commit)


STATE = ""
"""Under this name a form keeps in which state it saw a publication; no field has it."""


class SeenForm(DeskForm):
    """A form that warns before it overwrites what somebody else saved after it was opened.

    The hidden field `seen` holds fingerprints of what the form showed. After a refusal it holds the present state, and
    the fields that the user had not changed show the other person's values; saving once more is then a decision, not an
    accident.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    parts: ClassVar[Parts] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.is_bound:
            state = {STATE: fingerprint(self.instance.state)} if isinstance(self.instance, Publication) else {}
            shown = of_fields(self) | state
            self.initial["seen"] = str(Seen(shown, rows_behind(self.instance, self.parts)))

    @property
    def changed_data(self) -> list[str]:
        """The fields that were edited, without those about the saving itself."""
        return [name for name in super().changed_data if name not in OF_THE_SAVING]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk:
            # With the lock, the second of two people who save at once waits, and then sees the difference.
            rows: Any = type(self.instance)._base_manager.select_for_update(of=("self",))
            stands = rows.filter(pk=self.instance.pk).first()
            seen = Seen.read(self.cleaned_data.get("seen", ""))
            if stands is not None and seen.rows != rows_behind(self.instance, self.parts):
                raise ValidationError(self._overtaken(seen, stands), code="overtaken")
        return cleaned

    def _overtaken(self, seen: Seen, stands: Model) -> SafeString:
        """What somebody else changed, in words; unedited fields take over the other person's values."""
        present = type(self)(instance=stands)
        data: Any = self.data.copy()  # type: ignore[attr-defined] # as sent by a browser: a QueryDict
        data[self.add_prefix("seen")] = present.initial["seen"]
        said: list[tuple[str, Any]] = []
        now = Seen.read(present.initial["seen"])
        for name, words in now.fields.items():
            if seen.fields.get(name) == words:
                continue
            if isinstance(stands, Publication) and name == STATE:
                said.append((capfirst(gettext("state")), f"{stands.get_state_display()} {stands.withdrawal_note}"))
                continue
            shown = present[name]
            link = format_html('<a href="#{}">{}</a>', self[name].id_for_label, field_label(shown))
            theirs = format_html("<bdi>{}</bdi>", value_in_words(shown))
            mine = fingerprint(in_one_form(self.cleaned_data.get(name)))
            if name not in self.errors and mine == words:
                continue  # both wrote the same
            if name not in self.errors and mine == seen.fields.get(name):
                fill_in(data, shown)
                told = gettext("it says now: “{}”. You left it alone, and so it stands here too.")
            else:
                told = gettext("it says now: “{}”. Yours stands here still.")
            said.append((link, format_html(told, theirs)))
        said += [
            (format_html("{}", capfirst(model._meta.verbose_name_plural)), rows)
            for model, rows in self._parts_changed(seen, now)
        ]
        self.data = data
        return format_html(
            "{} {}",
            gettext(
                "“%(name)s” was changed since you opened it, and nothing of yours is saved yet. To save what stands here now, save again."
            )
            % {"name": stands},
            format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}</li>", said)) if said else "",
        )

    def _parts_changed(self, seen: Seen, now: Seen) -> Iterator[tuple[type[Model], Any]]:
        """The parts that somebody else changed, with their present state."""
        for model, _path in self.parts:
            then, stands = seen.rows_of(model), now.rows_of(model)
            changed = [key for key, words in stands.items() if then.get(key) != words]
            rows: Any = model._default_manager.filter(pk__in=changed)
            words = [f"“{row}”" for row in rows]
            gone = len(then.keys() - stands.keys())
            if gone:
                words.append(ngettext("%(number)d taken away", "%(number)d taken away", gone) % {"number": gone})
            if words:
                yield model, listed(words)


class PublicationForm(SeenForm):
    """The form of a publication or a part of one. A change of something public needs a public note."""

    what_changed = forms.CharField(
        label=_("What changed"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Public: it stands in the history and in the feed of changes. One sentence is enough."),
    )


class PublicNoteForm(CleanForm, forms.Form):
    """The public note of a change; `is_public` says whether one is needed."""

    what_changed = forms.CharField(
        label=_("What changed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Public: it stands in the history and in the feed of changes. One sentence is enough."),
    )

    def __init__(self, *args: Any, is_public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_public:
            del self.fields["what_changed"]
