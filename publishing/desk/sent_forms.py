"""A form of the desk is recorded once, however often it is sent; and what cannot be recorded keeps its words.

Every form is shown with a key of its own, which holds for one person and one address. The key is
written first, in the transaction of what the form records: the same form sent a second time, at the
same moment too, waits for the first and is then led to where that led. A form that is refused, or
that fails, does not use up its key. All views of the desk pass through `recorded_once`.
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
"""Sent by somebody who was told that exactly this is recorded already, and wants it recorded once more."""

WHERE_TO = {"_save", "_continue", "_addanother", "_next"}
"""Buttons that say where to go on, and not what is recorded."""

OF_THE_PAGE = {"csrfmiddlewaretoken", FORM_KEY, ONCE_MORE, *WHERE_TO}

SEEN = {"seen", "seen_response"}
"""What the person had before them: it says what is compared, and not what is recorded."""

NOT_TYPED = {*SEEN, "action", "index", "select_across", "post", IS_POPUP_VAR, TO_FIELD_VAR}
"""What a form holds beside what a person typed."""

OF_A_ROW = re.compile(r"(?P<rows>.+)-(?P<number>[0-9]{1,8})-(?P<name>.+)")
COUNT = re.compile(r"[0-9]{0,8}|[٠-٩]{1,8}|[۰-۹]{1,8}")
"""How many rows a form says to have; empty is none. Django would read more, such as +2_000."""

COUNTS_ROWS = re.compile(r"(?P<rows>.+)-(TOTAL|INITIAL)_FORMS")
MANAGES_ROWS = re.compile(r".+-((TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS|DELETE|id)")

MAX_ROWS = 200
"""New rows of one kind that one form takes; each costs a worker some fifteen milliseconds."""

SEES_WHAT_STANDS = ("change", "changelist", "submit", "return", "publish", "withdraw")
"""What changes a record, a list, or how a record stands, refuses by itself what was done already."""

ALIKE_WITHIN = timedelta(days=1)
"""Somebody who goes back is shown the form anew, under another key; their browser fills in what they typed."""

View = Callable[..., HttpResponseBase]


def recorded_once(site: admin.AdminSite, view: View) -> View:
    """`view`, by which each form shown is recorded once, and no typed word is lost to a refusal of the whole page."""

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
    """Of what is in a file that was sent."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    file.seek(0)
    return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Sent:
    """One sending of a form: what was typed, by whom, and what becomes of it."""

    site: admin.AdminSite
    request: HttpRequest
    page: Any
    """The model's page at the desk; None for what belongs to none."""

    def record(self, key: uuid.UUID, view: View, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The answer of `view`, or that of the first time."""
        digest = self.digest()
        if self._ends_with("changelist"):  # on one list one does one thing after another
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
            # Where the same form is just being recorded, this waits for the end of that.
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
                    self._queued().clear()  # it was not done after all
                    return self.not_recorded(" ".join(validation_error_from(error).messages), status=409)
                form.led_to = answer.headers.get("Location", "")
                form.made = getattr(self.request, "_made", "")
                form.save(update_fields=["led_to", "made"])
            elif not connection.needs_rollback:
                form.delete()
            return answer

    def answer(self, view: View, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """That of `view`; where it lets nobody in or finds nothing, the words that were typed."""
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
        """The answer to a form that was recorded already: where the first one led, and a word on what stands."""
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
        """Whether the view did what it was asked for: it leads on, and speaks of no error."""
        if IS_POPUP_VAR in self.request.POST and hasattr(self.request, "_made"):
            return True
        said = {message.level for message in self._queued()}
        if not isinstance(answer, HttpResponseRedirect) or messages.ERROR in said:
            return False
        return messages.SUCCESS in said or not self._ends_with("changelist")

    def _queued(self) -> list[Any]:
        """What this request tells the person; to read it by Django's front door would use it up."""
        told: Any = messages.get_messages(self.request)
        queued: list[Any] = told._queued_messages
        return queued

    def _ends_with(self, *names: str) -> bool:
        match = self.request.resolver_match
        return match is not None and (match.url_name or "").endswith(tuple(f"_{name}" for name in names))

    def _wait_for_the_same(self, digest: str) -> None:
        """Until what the same person sends at this moment in the same words, from another showing of the form, is recorded."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [digest, self.request.user.pk])

    def _stands(self, form: SentForm) -> bool:
        """Whether what `form` made is still there."""
        match = resolve(form.made)
        page, key = getattr(match.func, "model_admin", None), match.kwargs.get("object_id")
        return page is None or key is None or page.get_object(self.request, key) is not None

    def _alike(self, key: uuid.UUID, digest: str) -> SentForm | None:
        """What the same person recorded lately with another showing of this form, in exactly these words, and still stands."""
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
        """Of everything that was sent and says what is to be recorded."""
        files: Any = self.request.FILES
        said: list[tuple[str, list[Any]]] = [
            ("", [self.request.path]),
            *((name, values) for name, values in self.request.POST.lists() if name not in OF_THE_PAGE | SEEN),
            *((name, [file.name, digest_of(file)]) for name, file in files.items()),
        ]
        return salted_hmac(FORM_KEY, repr(sorted(said, key=lambda pair: pair[0])), algorithm="sha256").hexdigest()

    def typed(self) -> Iterator[tuple[str, str]]:
        """What a person wrote, as pairs of the field's label and the words.

        What was chosen is left out: its name could be one that the person may not read.
        """
        for name, values in self.request.POST.lists():
            if name in OF_THE_PAGE or name in NOT_TYPED or "__prefix__" in name or MANAGES_ROWS.fullmatch(name):
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
        """The model's field of that name; None where the form has one of its own."""
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
        """Models of rows that are edited with a whole, by the prefix of their forms."""
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
        """Why no form is built of what was sent; empty where one may be."""
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
        """How many rows of that kind there are, which all stand in the form of their whole."""
        match = self.request.resolver_match
        whole = self.page.get_object(self.request, match.kwargs.get("object_id", "")) if match else None
        return int(getattr(whole, rows).count()) if whole is not None else 0

    def not_recorded(self, reason: Any, *, status: int, stands_at: str = "", again: bool = False) -> HttpResponse:
        """A page that says why nothing was recorded, and gives back what was typed; `again` offers to send it anew."""
        again = again and not self.request.FILES
        sent = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in OF_THE_PAGE or name in WHERE_TO
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
