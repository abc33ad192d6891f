"""What ends of the sociale kaart: it holds no people, but a stranger's words or a refused line may name one."""

from django.utils.translation import gettext_lazy as _

from wor.retention.rules import deleting
from wor.retention.terms import ends_before

deleting(
    "import_lines",
    _("Regels van ingelezen bestanden"),
    "activities_importline",
    lambda region, now: ("region_id = %s AND created_at < %s", [region.pk, ends_before(region, "outbox", now)]),
)
deleting(
    "provider_links",
    _("Verlopen links voor aanbieders"),
    "activities_providerlink",
    lambda region, now: ("region_id = %s AND expires_at < %s", [region.pk, ends_before(region, "outbox", now)]),
)
