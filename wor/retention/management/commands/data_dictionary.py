"""manage.py data_dictionary: write docs/data-dictionary.md from the models."""

from django.conf import settings
from django.core.management.base import BaseCommand

from wor.retention.dictionary import document


class Command(BaseCommand):
    help = "Schrijft docs/data-dictionary.md uit de code."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        path = settings.BASE_DIR / "docs" / "data-dictionary.md"
        path.write_text(document())
        self.stdout.write(f"{path.name} is bijgewerkt.")
