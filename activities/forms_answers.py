"""What a moderator sends about a provider's answers."""

from wor.forms import WorForm


class AskForm(WorForm):
    """One button; its key makes pressing twice harmless."""

    with_key = True
