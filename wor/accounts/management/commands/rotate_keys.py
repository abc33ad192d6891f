"""Encrypt every stored secret anew with the first key of ENCRYPTION_KEYS, so that the older ones can go."""

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from wor.accounts.models import IdentityProvider
from wor.accounts.sealed import box
from wor.tenancy.context import open_region
from wor.tenancy.models import Region

# What allauth keeps encrypted of a factor, by the name it has in ``data``.
ENCRYPTED = ("secret", "seed")


class Command(BaseCommand):
    help = "Versleutelt alle bewaarde geheimen opnieuw met de eerste sleutel van ENCRYPTION_KEYS."
    requires_system_checks = []

    def handle(self, *args, **options):
        try:
            with transaction.atomic():
                count = self._factors() + sum(self._providers(region) for region in Region.objects.all())
        except InvalidToken as error:
            raise CommandError(
                "Een geheim is met geen van de sleutels te openen: zet de oude sleutel terug in ENCRYPTION_KEYS."
            ) from error
        self.stdout.write(f"Opnieuw versleuteld: {count}. De oude sleutels kunnen nu weg.")

    def _factors(self) -> int:
        count = 0
        for factor in Authenticator.objects.select_for_update():
            secrets = {name: factor.data[name] for name in ENCRYPTED if isinstance(factor.data.get(name), str)}
            if secrets:
                factor.data |= {name: _anew(secret) for name, secret in secrets.items()}
                factor.save(update_fields=["data"])
                count += len(secrets)
        return count

    def _providers(self, region: Region) -> int:
        with open_region(region.pk):
            found = list(IdentityProvider.objects.select_for_update().exclude(secret_encrypted=""))
            for provider in found:
                provider.secret_encrypted = _anew(provider.secret_encrypted)
                provider.save(update_fields=["secret_encrypted"])
            return len(found)


def _anew(secret: str) -> str:
    return box().rotate(secret.encode()).decode()
