"""A photo beside a name: drawn anew from what was sent, so that nothing but the pixels is kept."""

import hashlib
import io
import uuid

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from wor.accounts.models import Membership
from wor.audit.services import record
from wor.errors import DomainError
from wor.tenancy.models import StoredFile

KIND = "photo"
LARGEST = 5 * 1024 * 1024
SIDE = 320  # shown at 56 px at most on a screen, at 30 mm on paper
# A small file can hold an enormous picture: each point costs four bytes of memory. A telephone's has 12 million.
MOST_POINTS = 25_000_000
Image.MAX_IMAGE_PIXELS = None  # we look ourselves, before a point is read


def drawn_anew(upload: bytes) -> bytes:
    """A square JPEG without EXIF, place or anything else. Raises DomainError (422) for what is no picture.

    The kind is read from the content; names and headers say what they like.
    """
    try:
        with Image.open(io.BytesIO(upload), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_POINTS:
                sentence = _("Deze foto heeft meer dan 25 miljoen beeldpunten. Maak hem kleiner of kies een andere.")
                raise DomainError(sentence, status=422)
            picture.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(_smaller(picture)).convert("RGBA")
            on_white = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise DomainError(_("Dit is geen foto die we kunnen lezen. Kies een JPEG, PNG of WebP."), status=422) from None
    # Of a standing picture the face is above the middle.
    square = ImageOps.fit(on_white, (SIDE, SIDE), centering=(0.5, 0.35))
    # What a picture carries beside its points (EXIF, place, a text, a colour profile) stays behind.
    square.info = {}
    kept = io.BytesIO()
    square.save(kept, "JPEG", quality=84, optimize=True)
    return kept.getvalue()


def _smaller(picture: Image.Image) -> Image.Image:
    """At most some times as large as it is kept, before it is copied a few times over."""
    factor = min(picture.size) // (2 * SIDE)
    if factor < 2:
        return picture
    reducible = picture if picture.mode in ("L", "RGB", "RGBA", "CMYK") else picture.convert("RGBA")
    small = reducible.reduce(factor)
    small.info = picture.info  # which way up
    return small


@transaction.atomic
def set_photo(membership: Membership, *, upload: bytes, by: Membership) -> StoredFile:
    """Show this photo beside somebody's name. It takes the row of the former one, under a new address."""
    content = drawn_anew(upload)
    held = _held(membership, by)
    file = held.photo or StoredFile(region_id=held.region_id, kind=KIND)
    _fill(file, content)
    held.photo = file
    held.save(update_fields=["photo"])
    record("membership.photo_set", held, by=by)
    return file


@transaction.atomic
def remove_photo(membership: Membership, *, by: Membership) -> None:
    """Back to initials. The web may delete no files, so the row stays behind without a single pixel."""
    held = _held(membership, by)
    file, held.photo = held.photo, None
    if file is None:
        return
    held.save(update_fields=["photo"])
    _fill(file, b"")
    record("membership.photo_removed", held, by=by)


def _fill(file: StoredFile, content: bytes) -> None:
    file.reference = uuid.uuid4()
    file.sha256, file.size = hashlib.sha256(content).hexdigest(), len(content)
    file.content_type, file.content = "image/jpeg", content
    file.save()


def _held(membership: Membership, by: Membership) -> Membership:
    held = Membership.objects.visible_to(by).select_for_update(of=("self",)).get(pk=membership.pk)
    if not held.is_active:
        raise DomainError(_("Deze toegang is beëindigd."))
    return held
