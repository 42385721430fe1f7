"""Small templates that are rendered once for each language and their values: badges, icons, grades."""

import functools
from typing import Any

from django import template
from django.conf import settings
from django.template.loader import get_template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

MAX_FRAGMENTS = 2_000
"""So many are kept in a process; a badge has a dozen states, in three languages."""


@register.simple_tag
def fragment(template_name: str, **values: Any) -> SafeString:
    """`{% fragment "_partials/icon.html" name="feed" %}`: like `include … with … only`, and kept.

    The template sees `values` as texts and nothing else. It must say the same whenever and to whomever it is shown.
    """
    # Escaped before it is a key: a safe text and an unsafe one of the same letters are equal.
    texts = tuple((name, conditional_escape(value) if value else "") for name, value in values.items())
    if settings.DEBUG:  # templates are being edited
        return _rendered.__wrapped__(template_name, get_language(), texts)
    return _rendered(template_name, get_language(), texts)


@functools.lru_cache(maxsize=MAX_FRAGMENTS)
def _rendered(template_name: str, language: str | None, texts: tuple[tuple[str, SafeString], ...]) -> SafeString:
    return SafeString(get_template(template_name).render(dict(texts)))
