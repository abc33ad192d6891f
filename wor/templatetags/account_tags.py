"""Words for the pages of the own account."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()

# The order matters: Edge calls itself Chrome too, and Chrome calls itself Safari.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android")),
    *(("Mac OS", "Mac"), ("Linux", "Linux")),
)


@register.filter
def device(user_agent: str) -> str:
    """What somebody would call it: "Firefox op Windows"."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s op %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Onbekend apparaat")


@register.filter
def in_fours(secret: str) -> str:
    """A long secret in groups of four, as people type it over; apps ignore the spaces."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
