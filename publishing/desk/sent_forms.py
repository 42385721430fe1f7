"""A form of the desk is recorded only once, however often it is sent, and a refused form keeps what was typed.

Every form is shown with a key of its own, for one person and one address. The key is stored first, in the transaction
of what the form records. If the same form is sent again, even at the same moment, the second request waits for the
first and then redirects to where that one led. A form that is refused, or that fails, does not use up its key. All
views of the desk go through `recorded_once`.
"""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import time_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from modeltranslation.fields import TranslationField

from publishing.database.errors import judge_by_now, validation_error_from
from publishing.desk.addresses import carrying
from publishing.desk.form_keys import FORM_KEY, BadKey, read_key
from publishing.languages import Language
from publishing.models.sent_form import SentForm

ONCE_MORE = "once_more"
"""Sent by a person who was told that the same is recorded already, and who wants it recorded once more."""

WHERE_TO = {"_save", "_continue", "_addanother", "_next"}
"""Buttons that say where to go next; they are not part of what is recorded."""

NOT_RECORDED = {"csrfmiddlewaretoken", FORM_KEY, ONCE_MORE, *WHERE_TO}

SEEN = {"seen", "seen_response"}
"""What the person saw; it is used for comparison and is not part of what is recorded."""

NOT_TYPED = {*SEEN, "action", "index", "select_across", "post", IS_POPUP_VAR, TO_FIELD_VAR}
"""Fields of a form that no person fills in."""

OF_A_ROW = re.compile(r"(?P<rows>.+)-(?P<number>[0-9]{1,8})-(?P<name>.+)")
COUNT = re.compile(r"[0-9]{0,8}|[٠-٩]{1,8}|[۰-۹]{1,8}")
"""The number of rows that a form claims to have; empty means none. Django would accept more, such as +2_000."""

COUNTS_ROWS = re.compile(r"(?P<rows>.+)-(TOTAL|INITIAL)_FORMS")
MANAGES_ROWS = re.compile(r".+-((TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|DELETE|id)")

MAX_ROWS = 200
"""New rows of one kind that one form may have; each takes a worker some fifteen milliseconds."""

SEES_WHAT_STANDS = ("change", "changelist", "submit", "return", "publish", "withdraw")
"""Changes of a record, a list or a state: these refuse by themselves what was done already."""

ALIKE_WITHIN = timedelta(days=1)
"""Going back must load the form anew, with a new key; the browser fills in what was typed."""

View = Callable[..., HttpResponseBase]


def recorded_once(site: admin.AdminSite, view: View) -> View:
    """Wraps `view`: each form is recorded once, and what was typed is not lost if the whole page is refused."""

    @wraps(view)
    def send(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        sent = Sent(site, request, getattr(view, "__self__", None))
        too_many = sent.too_many_rows()
        if too_many:
            return sent.not_recorded(too_many, status=400)
        key = request.POST.get(FORM_KEY)
        if key is None:
            return sent.answer(view, *args, **kwargs)
        try:
            known = read_key(key, person=request.user, path=request.path)
        except BadKey:
            return sent.not_recorded(
                _("This form was shown to somebody else or for another page, or long ago."), status=409, again=True
            )
        return sent.record(known, view, *args, **kwargs)

    return send


def digest_of(file: Any) -> str:
    """The digest of the contents of a file."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: who sent it, what was typed, and how it is answered."""

    site: admin.AdminSite
    request: HttpRequest
    page: Any
    """The model's page at the desk; None for a view without a model."""

    def record(self, key: uuid.UUID, view: View, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer of `view`, or a redirect to the result of the first time."""
        digest = self.digest()
        if self._ends_with("changelist"):  # one list page is used for several actions in turn
            key = uuid.uuid5(key, digest)
        with transaction.atomic():
            self._wait_for_the_same(digest)
            alike = self._alike(key, digest)
            if alike is not None:
                return self.not_recorded(
                    _("You recorded exactly this at %(time)s. If it is another one, send it once more.")
                    % {"time": time_format(timezone.localtime(alike.recorded_at))},
                    status=409,
                    stands_at=alike.stands_at,
                    again=True,
                )
            given = {"by": self.request.user, "path": self.request.path, "digest": digest}
            # If the same form is being recorded at this moment, this waits until that ends.
            form, is_first = SentForm.objects.get_or_create(key=key, defaults=given)
            if not is_first and form.made and not self._stands(form):
                form.delete()  # what it made was deleted since
                form, is_first = SentForm.objects.get_or_create(key=key, defaults=given)
            if not is_first:
                return self.as_before(form, digest)
            answer = self.answer(view, *args, **kwargs)
            if self._has_recorded(answer):
                try:
                    with transaction.atomic():
                        judge_by_now()
                except IntegrityError as error:
                    transaction.set_rollback(True)
                    self._queued().clear()  # the success message is not true any more
                    return self.not_recorded(" ".join(validation_error_from(error).messages), status=409)
                form.led_to = answer.headers.get("Location", "")
                form.made = getattr(self.request, "_made", "")
                form.save(update_fields=["led_to", "made"])
            elif not connection.needs_rollback:
                form.delete()
            return answer

    def answer(self, view: View, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer of `view`; if access is denied or nothing is found, a page with what was typed."""
        try:
            answer = view(self.request, *args, **kwargs)
        except (PermissionDenied, Http404) as error:
            if not any(self.typed()):
                raise
            if isinstance(error, PermissionDenied):
                reason = _("You may not do this, or not any more: it may have changed, or your rights.")
                return self.not_recorded(reason, status=403)
            return self.not_recorded(_("This is not there any more: somebody has deleted it meanwhile."), status=404)
        if isinstance(answer, HttpResponseRedirect):
            answer.headers["Location"] = carrying(self.request, answer.headers["Location"])
        return answer

    def as_before(self, form: SentForm, digest: str) -> HttpResponseBase:
        """The answer to a form that was recorded already: a redirect to where the first one led, and a message about
        the result.
        """
        if form.digest != digest:
            return self.not_recorded(
                _("This form was recorded already. What you changed in it since is not."),
                status=409,
                stands_at=form.stands_at,
                again=True,
            )
        if IS_POPUP_VAR in self.request.POST and form.made:
            made = self.page.get_object(self.request, resolve(form.made).kwargs["object_id"])
            if made is not None:
                again: HttpResponse = self.page.response_add(self.request, made)
                return again
        said: Any = _("This was recorded already.")
        if form.made and form.made != form.led_to:
            said = format_html('{} <a href="{}">{}</a>', said, form.made, _("Look at what stands"))
        messages.info(self.request, said)
        return HttpResponseRedirect(form.led_to or form.made or reverse("admin:index"))

    def _has_recorded(self, answer: HttpResponseBase) -> bool:
        """Whether the view succeeded: it redirects, and has no error message."""
        if IS_POPUP_VAR in self.request.POST and hasattr(self.request, "_made"):
            return True
        said = {message.level for message in self._queued()}
        if not isinstance(answer, HttpResponseRedirect) or messages.ERROR in said:
            return False
        return messages.SUCCESS in said or not self._ends_with("changelist")

    def _queued(self) -> list[Any]:
        """The messages of this request so far; reading them through Django's public function would use them up."""
        told: Any = messages.get_messages(self.request)
        queued: list[Any] = told._queued_messages
        return queued

    def _ends_with(self, *names: str) -> bool:
        match = self.request.resolver_match
        return match is not None and (match.url_name or "").endswith(tuple(f"_{name}" for name in names))

    def _wait_for_the_same(self, digest: str) -> None:
        """Waits while another request of the same person with the same content is being recorded."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [digest, self.request.user.pk])

    def _stands(self, form: SentForm) -> bool:
        """Whether what `form` made still exists."""
        match = resolve(form.made)
        page, key = getattr(match.func, "model_admin", None), match.kwargs.get("object_id")
        return page is None or key is None or page.get_object(self.request, key) is not None

    def _alike(self, key: uuid.UUID, digest: str) -> SentForm | None:
        """A form that the same person recorded lately with exactly this content under another key, and whose result
        still exists.
        """
        if ONCE_MORE in self.request.POST or self._ends_with(*SEES_WHAT_STANDS) or not any(self.typed()):
            return None
        since = timezone.now() - ALIKE_WITHIN
        alike = SentForm.objects.filter(by=self.request.user.pk, digest=digest, recorded_at__gt=since)
        if alike.filter(key=key).exists():
            return None
        last = alike.order_by("-recorded_at").first()
        return last if last is not None and (not last.made or self._stands(last)) else None

    # What was typed

    def digest(self) -> str:
        """The digest of everything that was sent and is part of what is recorded."""
        files: Any = self.request.FILES
        said: list[tuple[str, list[Any]]] = [
            ("", [self.request.path]),
            *((name, values) for name, values in self.request.POST.lists() if name not in NOT_RECORDED | SEEN),
            *((name, [file.name, digest_of(file)]) for name, file in files.items()),
        ]
        return salted_hmac(FORM_KEY, repr(sorted(said, key=lambda pair: pair[0])), algorithm="sha256").hexdigest()

    def typed(self) -> Iterator[tuple[str, str]]:
        """What a person typed, as pairs of the field's label and the text.

        Choices are left out: the person may not be allowed to read their names.
        """
        for name, values in self.request.POST.lists():
            if name in NOT_RECORDED or name in NOT_TYPED or "__prefix__" in name or MANAGES_ROWS.fullmatch(name):
                continue
            field = self._field(name)
            if field is not None and (field.is_relation or field.get_internal_type() == "BooleanField"):
                continue
            words = [value for value in values if value.strip()]
            if field is not None and field.choices:
                words = [str(dict(field.flatchoices).get(value, value)) for value in words]
            if words:
                yield self._label(name), "\n".join(words)

    def _field(self, name: str) -> Any:
        """The model's field of that name; None if the form defines it itself."""
        if self.page is None or not hasattr(self.page, "opts"):
            return None
        opts, row = self.page.opts, OF_A_ROW.fullmatch(name)
        if row:
            related = self._related().get(row["rows"])
            if related is None:
                return None
            opts, name = related._meta, row["name"]
        for one in (name, re.sub(r"_[01]$", "", name)):  # a moment is sent as a day and a time
            try:
                field: Any = opts.get_field(one)
            except FieldDoesNotExist:
                continue
            return field if getattr(field, "verbose_name", None) else None
        return None

    def _related(self) -> dict[str, Any]:
        """The models of rows that are edited with a whole, by the prefix of their forms."""
        related: Iterable[Any] = self.page.opts.related_objects if hasattr(self.page, "opts") else ()
        return {relation.get_accessor_name(): relation.related_model for relation in related}

    def _label(self, name: str) -> str:
        field, row = self._field(name), OF_A_ROW.fullmatch(name)
        label = str(capfirst(field.verbose_name if field is not None else name.replace("_", " ")))
        if isinstance(field, TranslationField):
            label = f"{capfirst(field.translated_field.verbose_name)} ({Language(field.language).label})"
        if row and (related := self._related().get(row["rows"])) is not None:
            return f"{capfirst(related._meta.verbose_name)} {int(row['number']) + 1}: {label}"
        return label

    def too_many_rows(self) -> Any:
        """Why the form that was sent must not be built; empty if it may."""
        sent: Any = self.request.POST
        for name, value in sent.items():
            rows = COUNTS_ROWS.fullmatch(name)
            if rows is None or (COUNT.fullmatch(value) and int(value or 0) <= MAX_ROWS):
                continue
            related = self._related().get(rows["rows"])
            if (
                COUNT.fullmatch(value)
                and related is not None
                and int(value) <= MAX_ROWS + self._rows_there(rows["rows"])
            ):
                continue
            what = related._meta.verbose_name_plural if related is not None else rows["rows"]
            return _(
                "One form takes %(most)d new rows at most; of “%(what)s” it says %(number)s. Save fewer, and add the "
                "others afterwards."
            ) % {"most": MAX_ROWS, "what": what, "number": value[:12]}
        return ""

    def _rows_there(self, rows: str) -> int:
        """How many rows of that kind exist; the form of their whole shows them all."""
        match = self.request.resolver_match
        whole = self.page.get_object(self.request, match.kwargs.get("object_id", "")) if match else None
        return int(getattr(whole, rows).count()) if whole is not None else 0

    def not_recorded(self, reason: Any, *, status: int, stands_at: str = "", again: bool = False) -> HttpResponse:
        """A page that says why nothing was recorded and shows what was typed; `again` offers to send it again."""
        again = again and not self.request.FILES
        sent = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in NOT_RECORDED or name in WHERE_TO
            for value in values
        ]
        return TemplateResponse(
            self.request,
            "admin/not_recorded.html",
            {
                **self.site.each_context(self.request),
                "title": _("Nothing new is recorded"),
                "reason": reason,
                "stands_at": stands_at,
                "typed": list(self.typed()),
                "sent": sent if again else [],
                "once_more": ONCE_MORE,
                "is_popup": IS_POPUP_VAR in self.request.POST,
            },
            status=status,
        )
