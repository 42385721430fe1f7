"""The update of one addressee: what was found, where, and what it answered, recorded in one action."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from partnerships.actions import cite_address, cite_document, keep_upload
from partnerships.models import Source
from publishing.acting import Act
from publishing.permissions import require_desk
from publishing.refusals import NothingSaid, Refused, about
from recommendations.actions.followup import accept_submission, current_entry, record_response, record_status
from recommendations.lifecycle import rules as lifecycle
from recommendations.lifecycle.states import ImplementationState
from recommendations.models import Addressee, Evidence, Response, StatusEntry, Submission


@dataclass(frozen=True, slots=True)
class Cited:
    """The evidence: a web address, a file, or an existing source.

    A file beside an address or a source is stored as its copy; a file alone becomes a source with its title.
    """

    url: str = ""
    source: Source | None = None
    title: str = ""
    publisher_name: str = ""
    date: str = ""
    nature: str = Evidence.Nature.UNRATED
    independence_group: str = ""
    quotation: str = ""
    file: bytes | None = None

    def __bool__(self) -> bool:
        return bool(self.url or self.source or self.file is not None)


@dataclass(frozen=True, slots=True)
class Updated:
    """What an update recorded; `source` is the new source, which a second person has to review."""

    entry: StatusEntry | None
    response: Response | None
    source: Source | None


def origin_of(source: Source) -> str:
    """The default independence group of a source: its host."""
    host = (urlsplit(source.url).hostname or "").removeprefix("www.")
    return slugify(host.replace(".", "-"))[:80] or f"source-{source.public_id}"


@transaction.atomic
def record_update(
    addressee: Addressee,
    *,
    as_of: dt.date,
    act: Act,
    state: str = "",
    cited: Cited | None = None,
    confidence: str = "",
    public_note: str = "",
    words: Mapping[str, Any] | None = None,
    internal_note: str = "",
    language: str = "en",
    answer: Mapping[str, Any] | None = None,
    seen: int | None = None,
    seen_response: int | None = None,
) -> Updated:
    """Records a state, a response or both, and creates the source of a new link.

    `words` are the texts that the state needs, by the names of `lifecycle.Need`; a check copies empty ones from the
    entry that it repeats. `answer` holds the fields of a response. Everything is recorded or nothing. An error of the
    response or the source is about that part.
    """
    require_desk(act.by)
    cited = cited or Cited()
    if not state and answer is None:
        raise NothingSaid({"state": _("Say how far it has come, or what it answered.")}, code="nothing_said")
    if cited.url and cited.source:
        raise Refused({"source": _("Give a link or a source that is there, not both.")})
    if not state and cited:
        raise Refused({"state": _("A source shows how far it has come: choose the state.")})
    source, is_new = _source(cited, act=act)
    entry = response = None
    if state:
        given = {name: value for name, value in (words or {}).items() if value not in (None, "")}
        entry = record_status(
            addressee,
            state=state,
            as_of=as_of,
            act=act,
            evidence=[] if source is None else [_evidence(source, cited)],
            public_note=public_note,
            internal_note=internal_note,
            language=language,
            seen=seen,
            **(_kept(addressee, state) | given | ({"confidence": confidence} if confidence else {})),
        )
    if answer is not None:
        with about("response"):
            response = record_response(addressee, as_of=as_of, act=act, language=language, seen=seen_response, **answer)
    return Updated(entry, response, source if is_new else None)


@transaction.atomic
def take_over(submission: Submission, *, act: Act, cited: Cited | None = None, **said: Any) -> StatusEntry:
    """Accepts what a partner reports, and creates the source of its link if that is new.

    `said` are the arguments of `accept_submission` besides the evidence.
    """
    require_desk(act.by)
    cited = cited or Cited()
    if cited.url and cited.source:
        raise Refused({"source": _("Give a link or a source that is there, not both.")})
    source, _is_new = _source(cited, act=act)
    evidence = [] if source is None else [_evidence(source, cited)]
    return accept_submission(submission, act=act, evidence=evidence, **said)


def _source(cited: Cited, *, act: Act) -> tuple[Source | None, bool]:
    """The cited source, and whether it was created for this."""
    said = {"title": cited.title, "publisher_name": cited.publisher_name, "date": cited.date}
    source, is_new = cited.source, False
    with about("source"):
        if source is None and cited.url:
            source, is_new = cite_address(cited.url, act=act, **said)
        elif source is None and cited.file is not None:
            if not cited.title.strip():
                raise Refused({"title": _("Say what the file is: the public sees its title.")})
            source, is_new = cite_document(act=act, **said), True
        if source is not None and cited.file is not None:
            keep_upload(source, content=cited.file, act=act)
    return source, is_new


def _evidence(source: Source, cited: Cited) -> Evidence:
    return Evidence(
        source=source,
        nature=cited.nature or Evidence.Nature.UNRATED,
        independence_group=cited.independence_group or origin_of(source),
        quotation=cited.quotation,
    )


def _kept(addressee: Addressee, state: str) -> dict[str, Any]:
    """What a check copies from the entry that it repeats; nothing for any other entry."""
    last = current_entry(addressee)
    if last is None or not lifecycle.is_check(last.state, state):
        return {}
    words = {need.value: getattr(last, need) for need in lifecycle.STATE_TEXTS.get(ImplementationState(state), ())}
    return {**words, "confidence": last.confidence}
