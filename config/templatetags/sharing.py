"""The preview that messengers and social media show when somebody shares an address."""

from django import template
from django.templatetags.static import static

from publishing.site_address import absolute

register = template.Library()


@register.simple_tag(takes_context=True)
def share_image(context: template.Context) -> str:
    """The absolute address of the picture for all pages; it is the same for all, so it reveals nothing about a page."""
    address = static("icons/share.png")
    request = context.get("request")
    return absolute(address, request) if request is not None else address
