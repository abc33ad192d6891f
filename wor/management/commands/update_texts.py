from django.core.management.base import BaseCommand

from wor.texts import CATALOGUE, is_translated, merge, read_catalogue, texts_in_source


class Command(BaseCommand):
    help = "Zoekt alle teksten in de code en de sjablonen, en zet ze in de Engelse vertalingen."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        before = read_catalogue()
        after = merge(before, texts_in_source())
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        after.save(str(CATALOGUE))
        empty = [entry.msgid for entry in after if not is_translated(entry)]
        self.stdout.write(f"{len(after)} teksten, waarvan {len(empty)} nog zonder vertaling")
        for text in empty:
            self.stdout.write(f"  {text}")
