"""The staff desk as a person uses it: opens pages, fills in forms and sends them as a browser would."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from django.test import Client

from publishing.desk.addresses import add_address, change_address

__all__ = ["Page", "desk"]


class Fields(HTMLParser):
    """What a browser would send for the form whose id ends with `_form`: its successful controls."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.inside = False
        self.select = self.textarea = ""
        self.multiple = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "form":
            self.inside = (given.get("id") or "").endswith("_form")
        if not self.inside:
            return
        if tag == "input" and name and given.get("type") not in {"submit", "file"}:
            if given.get("type") in {"checkbox", "radio"} and "checked" not in given:
                return
            self.values[name] = given.get("value") or ("on" if given.get("type") == "checkbox" else "")
        elif tag == "select":
            self.select, self.multiple = name, "multiple" in given
            if self.multiple:
                self.values[name] = []
        elif tag == "option" and self.select:
            if self.multiple and "selected" in given:
                self.values[self.select].append(given.get("value") or "")
            elif not self.multiple and ("selected" in given or self.select not in self.values):
                self.values[self.select] = given.get("value") or ""
        elif tag == "textarea":
            self.textarea = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            # A browser drops the newline that Django's widget begins with.
            self.values[self.textarea] = self.values.get(self.textarea, "").removeprefix("\n")
            self.textarea = ""

    def handle_data(self, data: str) -> None:
        if self.inside and self.textarea:
            self.values[self.textarea] += data


class Page:
    """One page with a form, opened by one person."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.response = client.get(address)
        assert self.response.status_code == 200, self.response.status_code
        self.fields = self._fields()

    def _fields(self) -> dict[str, Any]:
        parser = Fields()
        parser.feed(self.response.content.decode())
        return {name: value for name, value in parser.values.items() if "__prefix__" not in name}

    def add_row(self, prefix: str, **values: Any) -> None:
        """Fills in one more row of an inline."""
        number = int(self.fields[f"{prefix}-TOTAL_FORMS"])
        self.fields[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        for name, value in values.items():
            self.fields[f"{prefix}-{number}-{name}"] = value

    def send(self, button: str = "_continue", **values: Any) -> "Page":
        """Sends the form; the answer, and where it led, are in `response` and `said`."""
        data = {**self.fields, **values, button: "1"}
        self.response = self.client.post(self.address, data, follow=True)
        if self.response.redirect_chain:
            self.address = self.response.redirect_chain[-1][0]
        if self.response.status_code == 200:
            self.fields = self._fields()
        return self

    @property
    def said(self) -> list[str]:
        """The messages of the page that the answer led to."""
        return [str(message) for message in self.response.context["messages"]]

    @property
    def errors(self) -> dict[str, list[str]]:
        """What the form says, by field; those of rows under the name of their input."""
        form = self.response.context["adminform"].form
        found = {name: list(errors) for name, errors in form.errors.items()}
        for inline in self.response.context["inline_admin_formsets"]:
            formset = inline.formset
            if formset.is_bound and formset.non_form_errors():
                found[formset.prefix] = list(formset.non_form_errors())
            for row in formset.forms:
                found |= {f"{row.prefix}-{name}": list(errors) for name, errors in row.errors.items()}
        return found


@pytest.fixture
def desk(client_of: Callable[[User], Client]) -> Callable[..., Page]:
    """`desk(person, Actor)` opens the page of a new one, `desk(person, actor)` that of one that is there."""

    def open_page(person: User, what: Model | type[Model] | str, **given: Any) -> Page:
        client = client_of(person)
        if isinstance(what, str):
            return Page(client, what)
        return Page(client, change_address(what) if isinstance(what, Model) else add_address(what, **given))

    return open_page
