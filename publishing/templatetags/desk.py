"""For forms of the desk: the key under which a form is recorded once, and links to its errors."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from publishing.desk.addresses import carrying
from publishing.desk.form_keys import FORM_KEY, new_key
from publishing.desk.overtaken import field_label

register = template.Library()


@register.simple_tag(takes_context=True)
def form_key(context: template.Context, address: str = "") -> SafeString:
    """The hidden field with a new key, for a form that is sent to `address`, or to the page itself."""
    request = context["request"]
    path = address.partition("?")[0] or request.path
    return format_html('<input type="hidden" name="{}" value="{}">', FORM_KEY, new_key(person=request.user, path=path))


@register.simple_tag(takes_context=True)
def carried(context: template.Context, address: str) -> str:
    """`address`, with the list filters and the next page from the address of this page."""
    return carrying(context["request"], address)


@dataclass(frozen=True, slots=True)
class Wrong:
    """The errors of one field, and the field's id."""

    label: str
    target: str
    errors: list[str]


@register.inclusion_tag("admin/errors.html")
def errors_of(form: forms.BaseForm, formsets: Iterable[Any] = ()) -> dict[str, Any]:
    """Each field with an error, as a link to it; the first gets the focus."""
    wrong: list[Wrong] = []
    fields = [("", field) for field in form.visible_fields()]
    fields += [
        (f"{capfirst(inline.opts.verbose_name)} {number}: ", field)
        for inline in formsets
        for number, row in enumerate(inline.formset.forms, start=1)
        for field in row.visible_fields()
    ]
    if not any(field.errors for _prefix, field in fields):
        return {"wrong": []}
    for prefix, field in fields:
        field.field.widget.attrs.pop("autofocus", None)
        if not field.errors:
            continue
        if not wrong:
            field.field.widget.attrs["autofocus"] = True
        target = field.id_for_label or field.auto_id
        wrong.append(Wrong(f"{prefix}{field_label(field)}", target, [str(error) for error in field.errors]))
    return {"wrong": wrong}
