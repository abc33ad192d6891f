"""The demo's mailbox: mails go into a table and onto a page, and never out of the house."""

import re

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wor.accounts.permissions import public
from wor.demo.models import SentMail

SHOWN = 50
LINK = re.compile(r"https?://\S+")


class MailboxBackend(BaseEmailBackend):
    """Keeps each mail instead of sending it; one that comes again under the same Message-ID once, like a mailbox."""

    def send_messages(self, email_messages) -> int:
        for message in email_messages:
            message_id = str(message.extra_headers.get("Message-ID", ""))[:120]
            if message_id and SentMail.objects.filter(message_id=message_id).exists():
                continue
            SentMail.objects.bulk_create(
                SentMail(recipient=recipient, subject=message.subject[:200], body=message.body, message_id=message_id)
                for recipient in message.recipients()
            )
        return len(email_messages)


@public
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The last mails that were sent to anybody. In the demo everybody may look: the people are made up."""
    if not settings.DEMO:
        raise Http404
    mails = [_row(each) for each in SentMail.objects.all()[:SHOWN]]
    return render(request, "demo/mailbox.html", {"mails": mails})


def _row(mail: SentMail) -> dict:
    when = timezone.localtime(mail.at)
    paragraphs = [part.strip() for part in mail.body.split("\n\n") if part.strip()]
    return {
        "recipient": mail.recipient,
        "subject": mail.subject,
        "when": formats.date_format(when, "j F, H.i"),
        "parts": [{"text": part, "is_link": bool(LINK.fullmatch(part)) and _is_own(part)} for part in paragraphs],
        "link_label": _("Link uit de e-mail openen"),
    }


def _is_own(link: str) -> bool:
    return link.startswith(f"{settings.SITE_URL}/")
