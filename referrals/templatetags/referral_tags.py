"""How a telephone number is shown and dialled."""

from django import template

from wor.templatetags.phones import phone, tel

register = template.Library()
register.filter(phone)
register.filter(tel)
