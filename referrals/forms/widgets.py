"""Radios that carry more than their label."""

from django import forms


class CellRadios(forms.RadioSelect):
    """Chips of the doelgroepenkaart that are found by the words a GP hears, not only by their label."""

    keywords: dict[str, str] = {}

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-keywords"] = self.keywords.get(str(value), "")
        return option


class ExplainedRadios(forms.RadioSelect):
    """Radios with a line under each: ``lines`` by value."""

    def __init__(self, *args, lines: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines or {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.lines = self.lines
        return copied

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-help"] = self.lines.get(value, "")
        return option
