"""What the demo keeps besides ordinary rows: the mails it sent."""

from typing import ClassVar

from django.db import models


class SentMail(models.Model):
    """A mail that the demo would have sent. Made-up people only: this table exists in no real installation."""

    at = models.DateTimeField(auto_now_add=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, blank=True)

    objects: ClassVar[models.Manager["SentMail"]] = models.Manager()

    kept, controller = "demo", "platform"
    personal = ("recipient", "subject", "body")
    plain = ("message_id",)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.message_id
