"""What ends of the sociale kaart: it holds no people, but a stranger's words or a refused line may name one."""

from django.utils.translation import gettext_lazy as _

from wor.retention.rules import deleting, lasting

deleting(
    "import_lines", _("Regels van ingelezen bestanden"), "activities_importline", lasting("outbox", "created_at < %s")
)
deleting(
    "provider_links",
    _("Verlopen links voor aanbieders"),
    "activities_providerlink",
    lasting("outbox", "expires_at < %s"),
)
