"""The demo's mailbox: every mail, on a page, only there."""

import pytest
from django.core.mail import EmailMessage
from django.http import Http404
from django.test import RequestFactory

from wor.demo.mailbox import MailboxBackend, _row, mailbox
from wor.demo.models import SentMail


@pytest.fixture
def kept(db):
    body = "Er is nieuws.\n\nhttp://testserver/ga/x/?next=%2F\n\nhttps://elders.example/"
    message = EmailMessage("Er staat iets klaar", body, to=["a@test.example"], headers={"Message-ID": "<1@x>"})
    assert MailboxBackend().send_messages([message]) == 1
    return SentMail.objects.get()


def test_mailbox_keeps_a_mail_instead_of_sending_it(kept):
    assert (kept.recipient, kept.subject, kept.message_id) == ("a@test.example", "Er staat iets klaar", "<1@x>")


def test_mailbox_opens_links_of_this_site_only(kept):
    assert [part["is_link"] for part in _row(kept)["parts"]] == [False, True, False]


def test_mailbox_is_not_there_outside_the_demo(kept, settings):
    settings.DEMO = False

    with pytest.raises(Http404):
        mailbox(RequestFactory().get("/demo/postvak/"))


def test_mailbox_keeps_a_mail_that_comes_again_once(kept):
    again = EmailMessage("Er staat iets klaar", "", to=["a@test.example"], headers={"Message-ID": "<1@x>"})

    assert MailboxBackend().send_messages([again]) == 1
    assert SentMail.objects.get() == kept
