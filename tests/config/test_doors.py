"""All the ways in which a text enters, and what is shown of it afterwards.

They are: the forms of the desk (pages, rows, dialogues, accounts), knowledge files, and the actions that both call. The
API accepts no texts. Behind all of them is the database: test_clean_columns.py.
"""

import datetime as dt
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.knowledge.check import check
from config.knowledge.document import parse
from config.knowledge.exporter import export
from config.knowledge.problem import KnowledgeError
from partnerships.models import Claim
from publishing import actions
from publishing.acting import Act
from publishing.database.clean_text import CleanForm, cleaned
from publishing.pages.lists import ListFilters
from tests.factories import ClaimFactory
from tests.support.refusal import rolled_back

pytestmark = pytest.mark.long

OURS = ("publishing.", "partnerships.", "events.", "recommendations.", "config.")
NASTY = "ab\u064b\n\t\r\x00\x07\x0b\x1b\x85\u2028\u2029\u202a\u202c\u202e\u2066\u2067\u2069\u200c\u200d\u200e\u200f\u061c\ufeff\ufffd\ufffe\u0301<&]]>\"'#:-|\U000e0041\U0001f1f6قطرİıĞ"
TYPED = st.one_of(
    st.text(st.sampled_from(NASTY), max_size=12),
    st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=30),
    st.lists(st.sampled_from(["e\u0301", "Ag\u0306rı", "ا\u0655علان", " ", "x\u202e", "\u2067قطر\u2069"])).map("".join),
)


def subclasses(of: type) -> Iterator[type]:
    one: type
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_form_that_the_project_declares_cleans_its_texts() -> None:
    own = [one for one in subclasses(forms.BaseForm) if one.__module__.startswith(OURS)]
    assert len(own) > 25
    # The filters of public pages ask, and write nothing.
    open_doors = [one.__qualname__ for one in own if not issubclass(one, CleanForm | ListFilters)]
    assert open_doors == []


def test_every_form_of_the_desk_cleans_its_texts(administrator: User, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = User.objects.create_superuser("root")
    open_doors, seen = [], 0
    for model, page in admin.site._registry.items():
        if not page.has_add_permission(request) and not page.has_change_permission(request):
            continue
        found: list[Any] = [page.get_form(request), page.get_form(request, change=True, obj=None)]
        found += [inline.get_formset(request).form for inline in page.get_inline_instances(request)]
        for form in found:
            seen += 1
            writes = [
                name
                for name, field in form.base_fields.items()
                if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput)
            ]
            if writes and not issubclass(form, CleanForm):
                open_doors.append(f"{model._meta.label}: {form.__name__}")
    assert open_doors == []
    assert seen > 60


@pytest.mark.django_db
def test_the_api_takes_nothing_in(client: Client) -> None:
    for name in ("actors", "claims", "events", "recommendations", "search", "changes"):
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(f"/api/v1/{name}/", {}, content_type="application/json")
            assert answer.status_code == 405, (name, method)


def refused_or_kept(typed: str) -> str | None:
    """What a text of several lines is kept as, or None if it is refused."""
    try:
        return cleaned(typed.strip(), lines=True) or None
    except ValidationError:
        return None


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=TYPED)
def test_a_text_typed_at_the_desk_goes_out_as_it_came_in(
    client_of: Callable[[User], Client], editor: User, reviewer: User, typed: str
) -> None:
    with rolled_back():
        answer = client_of(editor).post(
            "/admin/partnerships/claim/add/",
            {"statement_en": typed, "kind": "occurrence", "original_language": "en", "_continue": "1", **NO_ROWS},
        )
        kept = refused_or_kept(typed)
        if kept is None:
            assert answer.status_code == 200
            (said,) = answer.context["adminform"].form.errors["statement_en"]
            assert typed.strip() == "" or re.search(r"U\+[0-9A-F]{4,6}|Null characters|original language", said), said
            return
        assert answer.status_code == 302, answer.context["adminform"].form.errors
        claim = Claim.objects.latest("pk")
        actions.publish(
            claim, act=Act(by=reviewer, at=timezone.now() - dt.timedelta(hours=1))
        )  # before this transaction
        goes_out_as(kept, claim)


NO_ROWS = {
    f"{prefix}-{name}": "0"
    for prefix in ("subjects", "citations", "links")
    for name in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def goes_out_as(kept: str, claim: Claim) -> None:
    """The words of a public claim on its page, in the API, in the feed, and in a file that reads them back."""
    from lxml import etree

    on_one_line = " ".join(kept.split())
    page = Client().get(claim.get_absolute_url()).content.decode()
    assert on_one_line in " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())
    in_api = Client().get(f"/api/v1/claims/{claim.public_id}/").content
    assert json.loads(in_api)["statement"] == kept
    feed = Client().get("/feeds/claims/")
    titles = etree.fromstring(feed.content).findall(".//{*}entry/{*}title")
    assert kept in [title.text for title in titles]
    for form in ("bibtex", "ris", "csl"):
        cited = Client().get(claim.get_absolute_url(), {"format": form}).content.decode()
        assert unicodedata.is_normalized("NFC", cited)
        assert form != "bibtex" or re.match(r"@[a-z]+\{[a-z0-9-]+,\n", cited)
    (text,) = export(at=timezone.now())
    assert kept in [entry.statement.en for entry in check(parse(text.encode(), file="again.yaml")).claims]


@settings(max_examples=100, deadline=None)
@given(typed=TYPED)
def test_a_file_is_read_as_a_form_is(typed: str) -> None:
    quoted = "".join(f"\\U{ord(sign):08X}" for sign in typed)
    content = f'format: 1\nclaims:\n  - {{key: c, kind: occurrence, statement: "{quoted}"}}\n'
    try:
        kept: str | None = cleaned(typed, lines=True)
    except ValidationError:
        kept = None
    if kept is None or not kept.strip():
        with pytest.raises(KnowledgeError):
            check(parse(content.encode(), file="a.yaml"))
    else:
        (entry,) = check(parse(content.encode(), file="a.yaml")).claims
        assert entry.statement.en == kept


@pytest.mark.django_db
def test_a_feed_stands_though_a_row_of_before_cannot(client: Client) -> None:
    claim = ClaimFactory(published=True, statement="Two lines")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for column in ("statement", "statement_en"):
            cursor.execute(f"ALTER TABLE partnerships_claim DROP CONSTRAINT partnerships_claim_{column}_is_clean")
        cursor.execute(
            "UPDATE partnerships_claim SET statement_en = E'Two\\x0Blines\\uFFFE', version = 2,"
            " version_note = 'Old.' WHERE id = %s",
            [claim.pk],
        )
    answer = client.get("/feeds/claims/")
    assert answer.status_code == 200
    assert "Two\ufffdlines\ufffd" in answer.content.decode()
