"""A photo beside a name: only its pixels are kept, and only people of the region see it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.factories import make_referral
from wor.accounts import photos
from wor.audit.models import Event
from wor.errors import DomainError
from wor.tenancy.context import open_region
from wor.tenancy.models import Region, StoredFile

SECRET = b"Dorpsstraat 3"


def picture(kind="JPEG", size=(800, 600), mode="RGB", **extra) -> bytes:
    content = io.BytesIO()
    Image.new(mode, size, 1 if mode == "1" else "teal").save(content, kind, **extra)
    return content.getvalue()


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    exif[0x0112] = 6
    return picture(exif=exif, comment=SECRET)


def sent(content: bytes, name="ik.jpg") -> dict:
    return {"photo": SimpleUploadedFile(name, content, content_type="image/jpeg")}


def photo_of(membership) -> StoredFile | None:
    return type(membership).objects.get(pk=membership.pk).photo


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_photo_is_drawn_anew_as_a_small_square(kind, mode):
    made = Image.open(io.BytesIO(photos.drawn_anew(picture(kind, mode=mode))))

    assert (made.format, made.size, made.mode) == ("JPEG", (photos.SIDE, photos.SIDE), "RGB")


def test_photo_keeps_nothing_but_the_pixels():
    assert SECRET in with_exif()

    made = photos.drawn_anew(with_exif())

    assert SECRET not in made
    assert not Image.open(io.BytesIO(made)).getexif()


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<script>alert(1)</script>", b"\xff\xd8\xff\xe0 kapot"),
        *(picture("GIF"), picture("TIFF"), picture()[:200], picture("PNG", size=(5001, 5000), mode="1")),
    ],
)
def test_photo_that_is_none_is_refused(content):
    with pytest.raises(DomainError) as refused:
        photos.drawn_anew(content)

    assert refused.value.status == 422


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("WEBP", "RGB")])
def test_large_photo_is_made_smaller_before_it_is_copied(monkeypatch, kind, mode):
    copied = []
    monkeypatch.setattr(photos.ImageOps, "exif_transpose", lambda picture: copied.append(picture.size) or picture)

    photos.drawn_anew(picture(kind, size=(2600, 1300), mode=mode))

    assert copied == [(1300, 650)]


def test_large_photo_stays_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    tall = Image.new("RGB", (2600, 1300), "white")
    tall.paste("black", (0, 0, 1300, 1300))
    content = io.BytesIO()
    tall.save(content, "PNG", exif=exif)

    made = Image.open(io.BytesIO(photos.drawn_anew(content.getvalue()))).convert("L")

    assert made.getpixel((160, 5)) < 50 < 200 < made.getpixel((160, 315))


def test_own_photo_is_shown_on_the_line_to_the_practice(client, world):
    client.sign_in(world.coach).send(reverse("own_photo"), sent(with_exif()))

    address = reverse("photo", args=[photo_of(world.coach).reference])
    page = client.sign_in(world.referrer).get(reverse("refer")).content.decode()
    answer = client.get(address)
    assert f'src="{address}"' in page
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert Event.objects.filter(name="membership.photo_set", subject_ref=world.coach.reference).exists()


def test_own_photo_stands_on_the_leaflet(client, world):
    photos.set_photo(world.coach, upload=picture(), by=world.coach)
    referral = make_referral(world, status="accepted")

    page = client.sign_in(world.referrer).send(reverse("referral_leaflet", args=[referral.reference]))

    assert reverse("photo", args=[photo_of(world.coach).reference]) in page.content.decode()


def test_new_photo_takes_the_place_of_the_former(client, world):
    former = photos.set_photo(world.coach, upload=picture(), by=world.coach).reference

    photos.set_photo(world.coach, upload=picture("PNG"), by=world.coach)

    assert client.sign_in(world.coach).get(reverse("photo", args=[former])).status_code == 404
    assert StoredFile.objects.count() == 1


def test_photo_can_be_taken_away(client, world):
    photos.set_photo(world.coach, upload=picture(), by=world.coach)

    client.sign_in(world.coach).send(reverse("own_photo_remove"))

    assert photo_of(world.coach) is None
    assert not StoredFile.objects.exclude(size=0).exists()
    assert bytes(StoredFile.objects.get().content) == b""


@pytest.mark.parametrize("content", [b"geen foto", b"", b"\x00" * (photos.LARGEST + 1)])
def test_photo_that_cannot_be_read_is_explained(client, world, content):
    answer = client.sign_in(world.coach).send(reverse("own_photo"), sent(content))

    assert answer.status_code in (413, 422)
    assert photo_of(world.coach) is None


def test_photo_of_a_coach_by_the_coordinator(client, world):
    client.sign_in(world.coordinator).send(reverse("colleague_photo", args=[world.coach.reference]), sent(picture()))

    assert photo_of(world.coach)
    assert "Foto wijzigen" in client.get(reverse("colleagues")).content.decode()


def test_photo_of_anybody_by_the_administrator(client, world):
    client.sign_in(world.region_admin).send(reverse("person_photo", args=[world.referrer.reference]), sent(picture()))

    assert photo_of(world.referrer)


def test_photo_of_a_stranger_is_not_the_coordinators(client, world):
    client.sign_in(world.coordinator)

    for person in (world.stranger_coach, world.referrer):
        address = reverse("colleague_photo", args=[person.reference])
        assert client.send(address, sent(picture())).status_code == 404


def test_photo_of_another_region_is_not_found(client, world):
    other = Region.objects.exclude(pk=world.region.pk).first()
    with open_region(other.pk):
        content = picture()
        far = StoredFile.objects.create(
            region=other, kind="photo", sha256="", content_type="image/jpeg", size=len(content), content=content
        )

    assert client.sign_in(world.coach).get(reverse("photo", args=[far.reference])).status_code == 404


@pytest.mark.parametrize("who", ["referrer", "coach", "core_team", "funder", "region_admin"])
def test_photo_of_a_colleague_is_the_coordinators(client, world, who):
    address = reverse("colleague_photo", args=[world.second_coach.reference])

    assert client.sign_in(getattr(world, who)).send(address, sent(picture())).status_code == 403
