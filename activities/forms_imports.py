"""Forms about files that are brought into the sociale kaart."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.csv_files import LARGEST
from activities.models import Import
from wor.forms import WorForm


class UploadForm(WorForm):
    """A file with activities."""

    with_key = True

    file = forms.FileField(
        label=_("Bestand"),
        help_text=_("CSV, hoogstens 5 MB en 10.000 regels. Er verandert nog niets: je ziet eerst wat er zou gebeuren."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={
            "required": _("Kies een bestand."),
            "empty": _("Het bestand is leeg."),
            "missing": _("Kies een bestand."),
        },
        max_length=200,
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("Het bestand is groter dan 5 MB. Verdeel het over meer bestanden."))
        return file


class PostcodeUploadForm(UploadForm):
    """A file with postcodes; whoever reads a distance may ask where it comes from."""

    source_name = forms.CharField(
        label=_("Waar komt het bestand vandaan?"),
        max_length=120,
        help_text=_("Bijvoorbeeld “CBS, kerncijfers per postcode 2024”."),
    )


class ApplyForm(WorForm):
    """What to do with a file that was looked at. Nothing is chosen beforehand that shows or leaves out anything."""

    publishes = forms.TypedChoiceField(
        label=_("Nieuwe activiteiten worden"),
        choices=[
            ("nee", _("concept: alleen beheerders zien ze")),
            ("ja", _("zichtbaar, met “nog niet bevestigd, bel even vooraf”")),
        ],
        coerce=lambda chosen: chosen == "ja",
        widget=forms.RadioSelect,
        initial="nee",
    )
    leaves_out = forms.BooleanField(required=False)

    def __init__(self, *args, source: Import, new: int, refused: int, **kwargs):
        super().__init__(*args, **kwargs)
        if not new or source.kind == Import.Kind.POSTCODES:
            del self.fields["publishes"]
        if refused:
            label = (
                _("Laat de %(number)s regels weg die niet kunnen")
                if refused > 1
                else _("Laat de regel weg die niet kan")
            )
            self.fields["leaves_out"].label = label % {"number": refused} if refused > 1 else label
            self.fields["leaves_out"].help_text = _("Anders wordt er niets verwerkt: het is alles of niets.")
        else:
            del self.fields["leaves_out"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "leaves_out" in self.fields and not cleaned.get("leaves_out"):
            sentence = _("Kruis dit aan om zonder die regels verder te gaan, of verbeter eerst het bestand.")
            self.add_error("leaves_out", sentence)
        return cleaned

    def values(self, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
        return {"publishes": False, "leaves_out": False, **super().values(without=without)}
