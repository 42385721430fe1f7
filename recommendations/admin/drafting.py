"""The drafting check at the desk: beside the fields of a draft, and when it is submitted for review."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from publishing.desk.addresses import change_address
from publishing.desk.publication import PublicationAdmin, Transition
from publishing.languages import Language, listed
from publishing.publication import PublicationState
from recommendations.analysis.drafting_hints import Hint, draft_of, hints
from recommendations.models import Recommendation
from recommendations.querysets.similarity import nearest

CHECKED_STATES = (PublicationState.DRAFT, PublicationState.IN_REVIEW)
"""States before publication."""

MAX_WORDS_SHOWN = 6
"""How many of the words behind a hint are shown."""

LABELS = {
    "title": _("title"),
    "text": _("text"),
    "test_of_done": _("test of done"),
    "target_date": _("target date"),
    "addressees": _("addressees"),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """A hint in the form, at the field `name`; `anchor` links to it."""

    hint: Hint
    name: str
    anchor: str

    @property
    def label(self) -> Any:
        return LABELS[self.hint.place]

    @property
    def language(self) -> Any:
        return Language(self.hint.language).label if self.hint.language else ""

    @property
    def advice(self) -> Any:
        return self.hint.advice

    @property
    def found(self) -> tuple[str, ...]:
        return self.hint.found[:MAX_WORDS_SHOWN]

    @property
    def beside_the_field(self) -> SafeString:
        words = listed(f"“{words}”" for words in self.found)
        return format_html('<span class="drafting__beside">{} <bdi>{}</bdi></span>', self.advice, words)


@dataclass(frozen=True, slots=True)
class NearlyTheSame:
    recommendation: Recommendation
    percent: int

    @property
    def address(self) -> str:
        return change_address(self.recommendation)


@dataclass(frozen=True, slots=True)
class Drafting:
    remarks: Sequence[Remark]
    likes: Sequence[NearlyTheSame]

    def __len__(self) -> int:
        return len(self.remarks) + len(self.likes)

    def __bool__(self) -> bool:
        return True  # no hints is a message too


def remark(hint: Hint, *, original: str) -> Remark:
    if hint.place == "addressees":
        return Remark(hint, "", "addressees-group")
    name = f"{hint.place}_{hint.language or original}" if hint.place != "target_date" else hint.place
    return Remark(hint, name, f"id_{name}")


def drafting_of(recommendation: Recommendation) -> Drafting:
    """The hints for a saved recommendation that is not yet public."""
    original = recommendation.original_language
    return Drafting(
        [remark(hint, original=original) for hint in hints(draft_of(recommendation))],
        [NearlyTheSame(like.recommendation, round(100 * like.likeness)) for like in nearest(recommendation)],
    )


class DraftingChecked(PublicationAdmin):
    """Shows hints for a draft; they do not prevent anything."""

    change_form_template = "admin/recommendations/drafting_change_form.html"

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        obj = kwargs.get("obj")
        if obj is not None and obj.pk is not None and obj.state in CHECKED_STATES and request.method == "GET":
            drafting = drafting_of(obj)
            context["drafting"] = drafting
            fields = context["adminform"].form.fields
            for each in drafting.remarks:
                if each.name in fields:
                    field = fields[each.name]
                    field.help_text = format_html("{} {}", field.help_text, each.beside_the_field)
        return super().render_change_form(request, context, *args, **kwargs)

    def _perform(self, request: HttpRequest, publication: Any, transition: Transition, answers: dict[str, Any]) -> bool:
        is_done = super()._perform(request, publication, transition, answers)
        if is_done and transition.name == "submit":
            number = len(drafting_of(publication))
            if number:
                message = ngettext(
                    "The drafting check has %(number)d hint on “%(name)s”; whoever reviews it sees it too.",
                    "The drafting check has %(number)d hints on “%(name)s”; whoever reviews it sees them too.",
                    number,
                )
                messages.info(request, message % {"number": number, "name": publication})
        return is_done
