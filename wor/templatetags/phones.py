"""How a telephone number is shown and dialled."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from wor.fields import dial, show_phone

register = template.Library()
# The country's numbers for danger, as they stand in our sentences.
_DANGER = re.compile(r"(\b(?:0800-\d{4}|11[23])\b)")


@register.filter
def phone(kept: str) -> str:
    """{{ client.phone|phone }}: as it is read aloud."""
    return show_phone(kept) if kept else ""


@register.filter
def tel(number: str) -> str:
    """{{ client.phone|tel }}: the address that dials it."""
    return dial(number)


@register.filter
def dialled(sentence: str) -> SafeString:
    """{% translate "In gevaar: bel 112." as line %}{{ line|dialled }}: the numbers for danger can be pressed."""
    parts = _DANGER.split(str(sentence))
    return format_html_join("", "{}", ((_number(each) if _DANGER.fullmatch(each) else each,) for each in parts))


def _number(text: str) -> SafeString:
    return format_html('<a class="nowrap" href="tel:{}">{}</a>', text.replace("-", ""), text)
