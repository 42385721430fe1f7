"""Texts in the language of the page, or in another one with `lang` and `dir`."""

from typing import Any

import nh3
from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import pgettext
from markdown_it import MarkdownIt

from publishing.languages import Text, direction_of, label_of, page_language, text_of
from publishing.publication import Publication

register = template.Library()

MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["heading", "lheading", "image", "code", "fence"])
"""Paragraphs, lists, quotations, emphasis and links; headings belong to the page."""

ALLOWED_TAGS = {"a", "blockquote", "br", "em", "li", "ol", "p", "strong", "ul"}
ALLOWED_SCHEMES = {"http", "https", "mailto"}


def inline(text: Text) -> SafeString:
    """The words, in a span that gives their language if it is not the page's."""
    if text.is_of_the_page:
        return conditional_escape(text.words)
    return format_html('<span lang="{}" dir="{}">{}</span>', text.language, text.direction, text.words)


def block(html: SafeString, text: Text) -> SafeString:
    """A block of text that gives its language if it is not the page's."""
    if text.is_of_the_page:
        return format_html('<div class="prose">{}</div>', html)
    return format_html('<div class="prose" lang="{}" dir="{}">{}</div>', text.language, text.direction, html)


@register.simple_tag
def text(thing: Any, field: str) -> SafeString:
    """`{% text partnership "name" %}`: a translated text within a line."""
    return inline(text_of(thing, field))


@register.simple_tag
def label(thing: Any) -> SafeString:
    """`{% label actor %}`: the label of an object in a list or a link."""
    return inline(label_of(thing)) if thing else SafeString("")


def html_of(markdown: str) -> SafeString:
    """Text as HTML with only the elements in `ALLOWED_TAGS`."""
    html = nh3.clean(MARKDOWN.render(markdown), tags=ALLOWED_TAGS, url_schemes=ALLOWED_SCHEMES)
    return mark_safe(html)  # noqa: S308 -- nh3 leaves nothing else in it


@register.simple_tag
def prose(thing: Any, field: str) -> SafeString:
    """`{% prose partnership "summary" %}`: a translated text of several paragraphs, written in Markdown."""
    found = text_of(thing, field)
    if not found.words:
        return SafeString("")
    return block(html_of(found.words), found)


@register.simple_tag
def written(words: str, language: str) -> SafeString:
    """`{% written entry.reason entry.language %}`: a text that exists in one language, within a line."""
    return inline(Text(words, language))


@register.filter
def plain(thing: Any, field: str) -> str:
    """`{{ event|plain:"name" }}`: only the words, for a title or an attribute."""
    return text_of(thing, field).words


@register.filter
def called(thing: Any) -> str:
    """`{{ actor|called }}`: only the words of its label, for a title or an attribute."""
    return label_of(thing).words if thing else ""


@register.simple_tag
def comma() -> str:
    """`{% comma %}`: the comma of the page's language with its space, between the parts of a line."""
    return pgettext("between parts of a citation", ", ")


@register.filter
def after_comma(words: str) -> SafeString:
    """`{{ standing|after_comma }}`: a comma and the words, or nothing if there are none."""
    return format_html("{}{}", comma(), words) if words else SafeString("")


@register.filter
def isolated(words: str) -> SafeString:
    """`{% blocktranslate with name=somebody.name|isolated %}`: words whose direction does not affect the sentence."""
    return format_html("<bdi>{}</bdi>", words)


@register.filter
def language_attributes(code: str) -> SafeString:
    """`<cite{{ language|language_attributes }}>`: lang and dir, if it is not the page's language."""
    if not code or code == page_language():
        return SafeString("")
    return format_html(' lang="{}" dir="{}"', code, direction_of(code))


@register.inclusion_tag("_partials/translation_note.html")
def translation_note(publication: Publication, *fields: str) -> dict[str, Any]:
    """Says that `fields` are shown in their original language, or that their translation is outdated."""
    language = page_language()
    missing = [text_of(publication, field) for field in fields]
    return {
        "is_missing": any(not found.is_of_the_page for found in missing),
        "is_outdated": language != publication.original_language and publication.outdated_translation(language),
        "original_language": publication.original_language,
        "original_language_name": publication.get_original_language_display(),
    }
