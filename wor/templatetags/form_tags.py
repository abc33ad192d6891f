"""What every POST form carries besides its fields."""

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context) -> SafeString:
    """{% form_token %}: the CSRF token, and the role in which this form was opened (schema.md 6).

    Works inside ``{% include … only %}`` too: both come from the request.
    """
    request = getattr(context, "request", None) or context.get("request")
    if request is None:
        return mark_safe("")
    # One mask for a page is enough: each row of a list has a form.
    if not hasattr(request, "drawn_form_token"):
        request.drawn_form_token = _draw(request)
    return request.drawn_form_token


def _draw(request) -> SafeString:
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))
    membership = getattr(request, "membership", None)
    if membership is None:
        return token
    return token + format_html('<input type="hidden" name="as" value="{}">', membership.reference)
