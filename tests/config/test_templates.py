"""Templates are readable, extend the right base, and are all used."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import get_resolver

from publishing.pages.lists import ListPage

ROOT = Path(settings.BASE_DIR, "templates")
STYLES = Path(settings.BASE_DIR, "config", "static", "css")
LONGEST_LINE = 120
BASES = {"base.html", "error_page.html", "plain_error_page.html", "list_page.html"}
WITHOUT_A_REQUEST = {"400.html", "400_host.html", "403_csrf.html", "413.html", "500.html", "503_database.html"}
"""Answered where neither the database nor the request can be asked."""


def templates() -> Iterator[tuple[str, str]]:
    """The name and the source of every template of ours."""
    for path in sorted(ROOT.rglob("*")):
        if path.is_file():
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def parent_of(name: str) -> str:
    found = re.match(r'{% extends "([^"]+)" %}', (ROOT / name).read_text("utf-8"))
    return found[1] if found else ""


def public_lists() -> list[type[ListPage]]:
    assert get_resolver().url_patterns  # which loads the views of every app
    return [kind for kind in ListPage.__subclasses__() if not kind.__module__.startswith("tests.")]


def test_no_line_is_longer_than_can_be_read() -> None:
    too_long = [
        f"{name}:{number} has {len(line)} characters"
        for name, source in templates()
        for number, line in enumerate(source.splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert too_long == []


def test_every_partial_is_used() -> None:
    named = {
        found for _name, source in templates() for found in re.findall(r'{% (?:include|fragment) "([^"]+)"', source)
    }
    for package in ("config", "publishing", "partnerships", "events", "recommendations"):
        for path in Path(settings.BASE_DIR, package).rglob("templatetags/*.py"):
            named |= set(re.findall(r'inclusion_tag\("([^"]+)"', path.read_text("utf-8")))
    partials = {name for name, _source in templates() if "_partials/" in name}
    assert len(partials) > 50
    assert partials - named == set()


def test_every_include_names_a_template_that_exists() -> None:
    names = {name for name, _source in templates()}
    missing = [
        (name, found)
        for name, source in templates()
        for found in re.findall(r'{% (?:include|extends|fragment) "([^"]+)"', source)
        if found not in names and not found.startswith("admin/")
    ]
    assert missing == []


def test_every_error_page_stands_on_the_base_for_error_pages() -> None:
    pages = {path.name for path in ROOT.glob("*.html")} - BASES
    assert {"400.html", "403.html", "404.html", "500.html", "503.html", "unreadable.html", "withdrawn.html"} <= pages
    assert {page: parent_of(page) for page in pages} == {
        page: "plain_error_page.html" if page in WITHOUT_A_REQUEST else "error_page.html" for page in pages
    }


@pytest.mark.parametrize("page", sorted(WITHOUT_A_REQUEST))
def test_plain_error_page_needs_no_request_and_no_database(page: str) -> None:
    html = render_to_string(page)
    assert f'<p class="error-page__code">{page[:3]}</p>' in html
    assert '<meta name="robots" content="noindex">' in html


def test_every_public_list_stands_on_the_base_for_lists() -> None:
    lists = public_lists()
    assert len(lists) == 6
    assert [kind for kind in lists if parent_of(str(kind.template_name)) != "list_page.html"] == []
    assert [kind for kind in lists if not kind.standfirst] == []


def linked() -> list[str]:
    """The stylesheets of a public page, in the order in which it links them."""
    source = (ROOT / "_partials" / "stylesheets.html").read_text("utf-8")
    return re.findall(r'<link rel="stylesheet" href="{% static "css/([^"]+)" %}"', source)


def test_every_stylesheet_is_linked_once() -> None:
    of_the_desk = {"desk.css"}
    assert sorted(linked()) == sorted(
        path.relative_to(STYLES).as_posix() for path in STYLES.rglob("*.css") if path.name not in of_the_desk
    )


def test_order_of_the_layers_is_said_before_the_first_of_them() -> None:
    sources = [(STYLES / name).read_text("utf-8") for name in linked()]
    everything = re.sub(r"/\*.*?\*/", "", "".join(sources), flags=re.DOTALL)
    first, *rest = re.findall(r"@layer ([a-z, ]+)([;{])", everything)
    assert first[1] == ";"
    assert {name.strip() for name, _end in rest} == set(first[0].split(", "))
    assert all(end == "{" for _name, end in rest)
