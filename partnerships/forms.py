"""Forms of the desk: each refusal is shown at its field, and nothing typed is lost."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partnerships import verification
from partnerships.models import Claim, Instrument, Partnership
from publishing.desk.addresses import key_from
from publishing.desk.forms import SLUG_HELP, DeskForm, PublicNoteForm, linked, slug_for


class ReviewForm(DeskForm):
    """A review is decided when it is recorded, unless it says otherwise.

    Beside each status, the form shows what the status needs and how much of it the claim has, before anything is saved.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "decided_at" in self.fields:
            self.fields["decided_at"].required = False
            self.fields["decided_at"].help_text = _("Empty: now.")
        if "status" in self.fields:
            field: Any = self.fields["status"]
            grounds = self.grounds()
            needed = {status: verification.needs_in_words(status, grounds) for status in verification.NEEDS}
            field.choices = [
                (status, f"{label} ({needed[status]})" if status in needed else label)
                for status, label in field.choices
            ]
            counted = _(
                "Counted are citations that support the claim, of sources that are not withdrawn and not dated "
                "after the as-of date. A party is one of the partnership, or a government that the claim is about."
            )
            field.help_text = format_html(
                "{} {}", "; ".join(f"{status.label}: {words}" for status, words in needed.items()) + ".", counted
            )

    def grounds(self) -> verification.Grounds | None:
        """What the chosen claim rests on, on the day in the form; None while no claim is chosen."""
        chosen = str(self["claim"].value() or "") if "claim" in self.fields else ""
        claim = Claim.objects.filter(pk=key_from(chosen)).first()
        if claim is None:
            return None
        try:
            on = self.fields["as_of"].clean(self["as_of"].value())
        except ValidationError:
            on = None
        found: verification.Grounds = claim.grounds(on=on)
        return found


class OriginsForm(PublicNoteForm):
    """Whether citations have one origin. To record that they are independent needs a reason and changes nothing public."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("For the desk: why you think so. That they are independent needs a reason."),
    )
    field_order = ("reason", "what_changed")

    def __init__(self, *args: Any, are_independent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if are_independent and "what_changed" in self.fields:
            self.fields["what_changed"].required = False


class PromoteForm(PublicNoteForm):
    """The data of an instrument that is created from a claim."""

    partnership = forms.ModelChoiceField(label=_("Partnership"), queryset=Partnership.objects.none())
    name = forms.CharField(label=_("Name"), max_length=200)
    slug = forms.SlugField(
        label=_("Slug"),
        max_length=80,
        required=False,
        help_text=SLUG_HELP,
    )
    type = forms.ChoiceField(label=_("Type"), choices=Instrument.Type.choices, initial=Instrument.Type.UNKNOWN)
    binding = forms.ChoiceField(
        label=_("Binding"), choices=Instrument.Binding.choices, initial=Instrument.Binding.UNKNOWN
    )
    field_order = ("partnership", "name", "slug", "type", "binding", "what_changed")

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        partnerships = claim.partnerships.order_by("pk")
        super().__init__(*args, is_public=any(one.state == "published" for one in partnerships), **kwargs)
        field: Any = self.fields["partnership"]
        field.queryset = partnerships
        if len(partnerships) == 1:
            field.initial = partnerships[0]
        if "what_changed" in self.fields:
            self.fields["what_changed"].required = False  # if only some of them are public, the action checks
        self.fields["name"].widget.attrs.update(dir="auto")
        self.language = claim.original_language

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if {"name", "slug"} <= self.cleaned_data.keys() and not self.cleaned_data["slug"]:
            self.cleaned_data["slug"] = slug_for("", [self.cleaned_data["name"]], Instrument)
        return cleaned

    def add_error(self, field: Any, error: Any) -> None:
        super().add_error(field, linked(error))

    def instrument(self) -> Instrument:
        """The instrument that the form describes, not saved; its name is in the language of the claim."""
        given = self.cleaned_data
        named = {f"name_{self.language}": given["name"]}
        return Instrument(**{name: given[name] for name in ("partnership", "slug", "type", "binding")}, **named)
