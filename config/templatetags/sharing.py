"""What a message or a post shows when somebody shares the address of a page."""

from django import template
from django.templatetags.static import static

from publishing.site_address import absolute

register = template.Library()


@register.simple_tag(takes_context=True)
def share_image(context: template.Context) -> str:
    """The absolute address of the one picture for all pages; it names no page, so it can give none away."""
    address = static("icons/share.png")
    request = context.get("request")
    return absolute(address, request) if request is not None else address
