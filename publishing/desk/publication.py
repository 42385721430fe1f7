"""Publications at the desk: one person writes, another reviews and publishes."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from publishing import actions, permissions, refusals
from publishing.acting import Act
from publishing.database.clean_text import CleanForm
from publishing.database.errors import validation_error_from
from publishing.desk.addresses import change_address, next_url
from publishing.desk.forms import PublicationForm
from publishing.desk.languages import TranslatedFieldsMixin, TranslationFilter, language_fieldsets, outdated_languages
from publishing.desk.page import DeskPage, is_form_sent, request_user
from publishing.desk.saving import FormErrorsMixin, keep, refused_text, said_of_names
from publishing.desk.versions import versions_of
from publishing.publication import Publication, PublicationState

DRAFT, IN_REVIEW = PublicationState.DRAFT, PublicationState.IN_REVIEW
PUBLISHED, WITHDRAWN = PublicationState.PUBLISHED, PublicationState.WITHDRAWN


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in the lifecycle of a publication, as the desk offers it."""

    name: str
    label: Any
    done: Any
    explanation: Any
    states: tuple[PublicationState, ...]
    by_reviewers: bool
    asks: bool
    """Whether a page asks for confirmation first."""

    act: Callable[[Publication, User, dt.datetime, dict[str, Any]], None]


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition(
            name="submit",
            label=_("Submit for review"),
            done=_("“%(name)s” waits for review."),
            explanation=_("Somebody else will look at it and publish it, or return it to you."),
            states=(DRAFT,),
            by_reviewers=False,
            asks=False,
            act=lambda publication, by, at, answers: actions.submit_for_review(publication, by=by),
        ),
        Transition(
            name="return",
            label=_("Return to draft"),
            done=_("“%(name)s” is a draft again."),
            explanation=_("It goes back to its author, and is reviewed once it is submitted again."),
            states=(IN_REVIEW,),
            by_reviewers=False,
            asks=False,
            act=lambda publication, by, at, answers: actions.return_to_draft(publication, by=by),
        ),
        Transition(
            name="publish",
            label=_("Publish"),
            done=_("“%(name)s” is published."),
            explanation=_("You vouch for it as its reviewer, and everybody can read it."),
            states=(DRAFT, IN_REVIEW, WITHDRAWN),
            by_reviewers=True,
            asks=True,
            act=lambda publication, by, at, answers: actions.publish(
                publication,
                act=Act(by=by, at=at, names_override_reason=answers.get("names_override_reason", "")),
                together="together" in answers,
            ),
        ),
        Transition(
            name="withdraw",
            label=_("Withdraw"),
            done=_("“%(name)s” is withdrawn; its address now says so and why."),
            explanation=_("Its address stays and shows your note instead. What was public is never deleted."),
            states=(PUBLISHED,),
            by_reviewers=True,
            asks=True,
            act=lambda publication, by, at, answers: actions.withdraw(
                publication,
                act=Act(by=by, at=at, names_override_reason=answers.get("names_override_reason", "")),
                note=answers["note"],
            ),
        ),
    )
}


class WithdrawalNoteForm(CleanForm, forms.Form):
    """The public reason for a withdrawal."""

    note = forms.CharField(
        label=_("Why it is withdrawn"),
        help_text=_("Public: it stands at its address."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def saving_fieldset(*, is_public: bool) -> Any:
    """The fields about the saving itself."""
    if is_public:
        return (_("This edit"), {"fields": ["what_changed", "seen"], "classes": ["saving"]})
    return (None, {"fields": ["seen"], "classes": ["unseen"]})


def may_publish(user: Any) -> bool:
    """Whether `user` may publish and withdraw what others wrote."""
    try:
        permissions.require_reviewer(user)
    except refusals.NotAllowed:
        return False
    return True


def is_opened_to_edits(publication: Publication) -> bool:
    """What was withdrawn must be published again before it is edited."""
    return publication.state != WITHDRAWN


class PublicationAdmin(FormErrorsMixin, TranslatedFieldsMixin, DeskPage):
    """The desk's page of one kind of publication.

    Subclasses list their translated `texts` (the first is required) and, in `about`, the fieldsets of everything else.
    """

    form = PublicationForm
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False

    texts: ClassVar[Sequence[str]] = ()
    about: ClassVar[Sequence[tuple[Any, dict[str, Any]]]] = ()
    permanent: ClassVar[Sequence[str]] = ("slug",)
    """The fields used in its address; they do not change once it was public."""

    told_by_itself: ClassVar[Mapping[str, Any]] = {}
    """Fields whose change needs no note from the person, each with the public note that is written instead."""

    actions: Sequence[Any] = ("submit_selected", "return_selected", "publish_selected", "publish_selected_together")

    def get_list_filter(self, request: HttpRequest) -> Any:
        own = super().get_list_filter(request)
        return ("state", *own, TranslationFilter, ("author", admin.RelatedOnlyFieldListFilter))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "state_column", "author")

    def get_list_select_related(self, request: HttpRequest) -> Any:
        own = super().get_list_select_related(request)
        return ("author", *(own if isinstance(own, list | tuple) else ()))

    @admin.display(description=_("state"), ordering="state")
    def state_column(self, publication: Publication) -> str:
        embargo = publication.embargo_until
        label: Any = publication.get_state_display()
        if publication.state == PUBLISHED and embargo and embargo > timezone.now():
            label = _("Published, under embargo")
        return format_html('<span class="standing standing--{}">{}</span>', publication.state, label)

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fieldsets = [
            *language_fieldsets(*self.texts),
            *self.about,
            (
                _("Publication"),
                {
                    "fields": [
                        "original_language",
                        "embargo_until",
                        *(field.name for field in self.opts.fields if field.name == "key"),
                    ]
                },
            ),
        ]
        if obj is not None and self.has_change_permission(request, obj):
            is_public = obj.state == PUBLISHED or "what_changed" in request.POST  # it was, while this was typed
            fieldsets.append(saving_fieldset(is_public=is_public))
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        own = super().get_readonly_fields(request, obj)
        if obj is not None and obj.published_at:
            names = {field.name for field in self.opts.fields}
            return (*own, *(name for name in self.permanent if name in names))
        return own

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj is not None else dict(super().get_prepopulated_fields(request, obj))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Somebody at an Arabic desk writes Arabic first."""
        return {"original_language": get_language(), **super().get_changeform_initial_data(request)}

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, labels=self.labels(), **kwargs)
        form.parts = [
            (inline.model, inline.fk_name or self._key_of(inline.model)) for inline in self.get_inlines(request, obj)
        ]
        return form

    def _key_of(self, part: type[Model]) -> str:
        return next(
            field.name for field in part._meta.fields if field.is_relation and field.related_model is self.model
        )

    # Saving: the row, its parts and its version are saved together

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Does nothing: `save_related` saves it together with its parts."""

    def note_of(self, form: Any, formsets: Any) -> str:
        """The public note of an edit: what the person wrote, or the text from `told_by_itself` if only that field
        changed.
        """
        written: str = form.cleaned_data["what_changed"]
        changed = form.changed_data
        if written.strip() or len(changed) != 1 or any(formset.has_changed() for formset in formsets):
            return written
        with override(form.instance.original_language):
            return str(self.told_by_itself.get(changed[0], written))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        save_parts = super().save_related
        publication = form.instance
        if publication.state != PUBLISHED:
            actions.save_draft(publication, by=request_user(request))
            save_parts(request, form, formsets, change)
        elif form.has_changed() or any(formset.has_changed() for formset in formsets):
            actions.revise(
                publication,
                by=request_user(request),
                note=self.note_of(form, formsets),
                names_override_reason=said_of_names(request),
                parts=lambda: save_parts(request, form, formsets, change),
            )
        else:
            save_parts(request, form, formsets, change)  # none of which changed; this tells the admin's log so

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if "_submit" in request.POST:
            return self._then_submit(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if "_submit" in request.POST:
            return self._then_submit(request, obj)
        return super().response_change(request, obj)

    def _then_submit(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._perform(request, obj, TRANSITIONS["submit"], {})
        return HttpResponseRedirect(change_address(obj))

    # Permissions

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was typed before the withdrawal is accepted here, so that the form can refuse it and keep the text."""
        return super().has_change_permission(request, obj) and (
            obj is None or is_opened_to_edits(obj) or is_form_sent(request)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only drafts that were never public are deleted; everything else is withdrawn."""
        return super().has_delete_permission(request, obj) and (
            obj is None or (obj.state == DRAFT and obj.published_at is None)
        )

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request) and may_publish(request.user)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        offered = super().get_actions(request)
        offered.pop("delete_selected", None)  # drafts are deleted one by one, after a look at what is deleted with them
        return offered

    # Transitions

    def transitions(self, request: HttpRequest, publication: Publication) -> list[Transition]:
        """The transitions that this person may make with `publication`."""
        if not super().has_change_permission(request, publication):
            return []
        reviews = may_publish(request.user)
        return [
            transition
            for transition in TRANSITIONS.values()
            if publication.state in transition.states
            and (reviews or not transition.by_reviewers)
            and (transition.name != "publish" or publication.author_id != request.user.pk)
        ]

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/versions/", view(self.versions_view), name=f"{name}_versions"),
            *(
                path(
                    f"<path:object_id>/{transition.name}/",
                    view(self.transition_view),
                    {"name": transition.name},
                    name=f"{name}_{transition.name}",
                )
                for transition in TRANSITIONS.values()
            ),
            *super().get_urls(),
        ]

    def transition_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        publication = self.found(request, object_id)
        if not super().has_change_permission(request, publication):
            raise PermissionDenied
        transition = TRANSITIONS[name]
        answers = request.POST.dict() if request.method == "POST" else None
        form = WithdrawalNoteForm(answers) if name == "withdraw" else forms.Form(answers)
        if answers is not None and form.is_valid():
            if self._perform(request, publication, transition, answers | form.cleaned_data):
                return self._led_on(request, HttpResponseRedirect(change_address(publication)))
            if not transition.asks:
                return HttpResponseRedirect(change_address(publication))
        submit = [("", transition.label)]
        missing: list[Publication] = []
        if name == "publish":
            missing = actions.unpublished_references(publication, at=timezone.now())
            if missing:
                submit = [("together", _("Publish all of these together"))]
            elif next_url(request):
                submit.insert(0, ("_next", _("Publish and next")))
        return self.ask(
            request,
            publication,
            title=transition.label,
            explanation=transition.explanation,
            form=form,
            submit=submit,
            context={
                "missing": [
                    {
                        "publication": one,
                        "kind": one._meta.verbose_name,
                        "address": change_address(one),
                        "is_own": one.author_id == request.user.pk,
                        "is_withdrawn": one.state == WITHDRAWN,
                    }
                    for one in missing
                ],
                "is_dangerous": name == "withdraw",
                "refused_text": refused_text(request),
                "names_override_reason": said_of_names(request),
            },
        )

    def _perform(self, request: HttpRequest, publication: Any, transition: Transition, answers: dict[str, Any]) -> bool:
        """Performs the transition and tells the person the result; returns whether it succeeded."""
        try:
            transition.act(publication, request_user(request), timezone.now(), answers)
        except ValidationError as refusal:
            keep(request, refusal)
            messages.error(request, self._why_not(publication, refusal))
            return False
        except IntegrityError as error:
            messages.error(request, self._why_not(publication, validation_error_from(error)))
            return False
        if transition.name == "withdraw" and publication.withdrawal_note != answers["note"].strip():
            messages.warning(
                request,
                _(
                    "Your note is not shown: it cannot be public as it is written, or only a convenor may say so. "
                    "In its place stands: “%(note)s”"
                )
                % {"note": publication.withdrawal_note},
            )
        self.log_change(request, publication, str(transition.label))
        messages.success(request, transition.done % {"name": publication})
        return True

    def _why_not(self, publication: Publication, refusal: ValidationError) -> str:
        if isinstance(refusal, refusals.RefersToUnpublished):
            drafts = format_html_join(
                ", ", '<a href="{}">{}</a>', ((change_address(one), one) for one in refusal.publications)
            )
            return format_html(
                str(
                    _(
                        "“{}” was not published: it names what is not public yet: {}. Publish those first, or all together."
                    )
                ),
                publication,
                drafts,
            )
        return " ".join(refusal.messages)

    def _perform_on(self, request: HttpRequest, chosen: Iterable[Any], name: str, **answers: Any) -> None:
        for publication in chosen:
            self._perform(request, publication, TRANSITIONS[name], answers)

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit_selected(self, request: HttpRequest, chosen: Any) -> None:
        self._perform_on(request, chosen, "submit")

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_selected(self, request: HttpRequest, chosen: Any) -> None:
        self._perform_on(request, chosen, "return")

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_selected(self, request: HttpRequest, chosen: Any) -> None:
        self._perform_on(request, chosen, "publish")

    @admin.action(description=_("Publish with what they name"), permissions=["publish"])
    def publish_selected_together(self, request: HttpRequest, chosen: Any) -> None:
        self._perform_on(request, chosen, "publish", together="1")

    # The page

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is None or obj.state == DRAFT:
            context["offers_submit"] = (
                self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
            )
        if obj is not None and not context["is_popup"]:
            context["life"] = self.life(request, obj)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def life(self, request: HttpRequest, publication: Any) -> dict[str, Any]:
        """The panel above the form: the state of the publication, and the possible next steps."""
        base = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return {
            "publication": publication,
            "state": self.state_column(publication),
            "base": base,
            "transitions": [
                {
                    "transition": transition,
                    "route": f"{base}_{transition.name}",
                }
                for transition in self.transitions(request, publication)
            ],
            "waits_for_another": (
                publication.state == IN_REVIEW
                and may_publish(request.user)
                and publication.author_id == request.user.pk
            ),
            "waits_for_reviewer": publication.state == IN_REVIEW and not may_publish(request.user),
            "outdated": outdated_languages(publication),
            "versions_route": f"{base}_versions",
        }

    def view_on_site(self, publication: Any) -> str | None:
        address = getattr(publication, "get_absolute_url", None)
        return address() if address is not None and publication.published_at else None

    def versions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        publication = self.found(request, object_id)
        if not self.has_view_permission(request, publication):
            raise PermissionDenied
        return versions_of(self, request, publication)
