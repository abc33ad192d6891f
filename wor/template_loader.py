"""Templates without their indentation: a twentieth of the weight of a page, of which no reader sees anything."""

import re

from django.template import Origin
from django.template.loaders.filesystem import Loader as FilesystemLoader

# The line ends stay: an error still names the line on which it stands.
_INDENTATION = re.compile(r"(?<=\n)[ \t]+")


class Loader(FilesystemLoader):
    """Our own templates. A text for a mail is sent as it is written."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return _INDENTATION.sub("", contents) if str(origin.name).endswith(".html") else contents
