"""How a telephone number is shown and dialled."""

from django import template

from wor.fields import dial, show_phone

register = template.Library()


@register.filter
def phone(kept: str) -> str:
    """{{ client.phone|phone }}: as it is read aloud."""
    return show_phone(kept) if kept else ""


@register.filter
def tel(number: str) -> str:
    """{{ client.phone|tel }}: the address that dials it."""
    return dial(number)
