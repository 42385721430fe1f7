"""The form of a person who makes a briefing pack."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from publishing.database.clean_text import CleanForm
from publishing.languages import Language
from publishing.pages.lists import PastDay


class PackFormat(models.TextChoices):
    WORD = "docx", _("Word document")
    SPREADSHEET = "xlsx", _("Spreadsheet")
    BOTH = "both", _("Both, in one archive")


class BriefingForm(CleanForm, forms.Form):
    """The options of a briefing pack."""

    Format = PackFormat

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices)
    since = PastDay(
        label=_("Changes since"),
        help_text=_("Answers, states and confirmations that were recorded on or after this day."),
    )
    format = forms.ChoiceField(label=_("Format"), choices=PackFormat.choices, widget=forms.RadioSelect)
    with_drafts = forms.BooleanField(
        label=_("With drafts"),
        required=False,
        help_text=_("Also what is not published. Every page then says so; such a pack is not for sending."),
    )
    prepared_by = forms.CharField(
        label=_("Prepared by"),
        required=False,
        max_length=120,
        help_text=_("Printed on the cover. Left empty, nobody is named."),
    )
