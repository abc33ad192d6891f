"""Bringing a file with activities into the sociale kaart: looked at line by line, then all of it or nothing."""

import uuid
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from activities import importing, tasks
from activities.csv_files import UnreadableError, read
from activities.models import Activity, ActivityIndex, District, Import, ImportLine, Provider
from tests.activities.build import make_activity, make_provider, make_theme
from tests.counting import sql_at_most
from wor.audit.models import Event
from wor.errors import DomainError
from wor.tenancy.models import StoredFile

FILES = "/beheer/sociale-kaart/bestanden/"
HEADS = "Code;Aanbieder;Naam;Wanneer;Kosten"
TWO = f"{HEADS}\nA1;Zangvereniging;Koor;donderdag 19.30;€ 2,50\nA2;Buurthuis;Eettafel;maandag 17.30;gratis\n"
BSN = "111222333"


@pytest.fixture
def moderator(client, world):
    return client.sign_in(world.coordinator)


def bring(world, text: str | bytes, *, kind="activities", **more) -> Import:
    """Uploaded and looked at."""
    content = text.encode() if isinstance(text, str) else text
    made = importing.upload(
        world.region, kind=kind, content=content, file_name="lijst.csv", key=uuid.uuid4(), by=world.coordinator, **more
    )
    return work(world, made)


def work(world, found: Import) -> Import:
    """What the worker does until nothing is left."""
    while (begun := importing.begin()) and importing.step(world.region, begun, timezone.now()):
        pass
    found.refresh_from_db()
    return found


def apply(world, found: Import, **choice) -> Import:
    importing.ask_to_apply(found, **{"publishes": False, "leaves_out": False, **choice}, by=world.coordinator)
    return work(world, found)


def outcomes(found: Import) -> dict[int, str]:
    return dict(found.lines.values_list("number", "outcome"))


def why(found: Import) -> list[tuple[str, str]]:
    """Column and reason of every refusal."""
    return [(each["column"], each["reason"]) for line in found.lines.order_by("number") for each in line.reasons]


# From file to kaart


def test_import_through_the_pages(world, moderator):
    file = SimpleUploadedFile("lijst.csv", TWO.encode("cp1252"))
    answer = moderator.send(f"{FILES}activiteiten/", {"file": file, "key": str(uuid.uuid4())})
    found = Import.objects.get()
    assert answer["Location"] == f"{FILES}{found.reference}/"
    assert "Wordt nagekeken" in moderator.get(answer["Location"]).content.decode()

    work(world, found)
    page = moderator.get(answer["Location"]).content.decode()
    assert "Windows-1252" in page
    assert "puntkomma" in page
    assert "Regel 2" in page
    assert "nieuwe aanbieder" in page
    assert not Activity.objects.exists()

    moderator.send(f"{FILES}{found.reference}/verwerken/", {"publishes": "ja"})
    work(world, found)

    koor = Activity.objects.get(external_code="A1")
    assert (koor.title, koor.cost_cents, koor.provider.name) == ("Koor", 250, "Zangvereniging")
    assert (koor.status, koor.checked_at) == ("stale", None)
    assert ActivityIndex.objects.count() == 2
    assert (found.status, found.applied_by) == ("applied", world.coordinator)
    assert Event.objects.filter(name="activity.created").count() == 2


def test_second_import_of_the_same_file_changes_nothing(world):
    theme, cell = make_theme(world.region, "Meedoen"), world.cell
    text = (
        "Aanbieder,Naam,Wanneer,Dagen,Thema's,Doelgroep en probleem,Telefoon,Website,Zonder coach,Laatste dag,"
        "Postcode\n"
        f'Zang,Koor,do 19.30,ma t/m wo,Meedoen,"{cell.target_group.label}: {cell.problem.label}",06-12345678,'
        "koor.nl,ja,31-12-2030,4001 sa\n"
    )
    apply(world, bring(world, text))

    again = bring(world, text)

    made = Activity.objects.get()
    assert outcomes(again) == {2: "same"}
    assert (made.weekdays, list(made.themes.all()), list(made.cells.all())) == ([1, 2, 3], [theme], [cell])
    assert (made.contact_phone, made.website, made.postcode, made.walk_in) == (
        "0612345678", "https://koor.nl", "4001SA", True,
    )  # fmt: skip


def test_import_makes_concepts_unless_chosen_otherwise(world):
    apply(world, bring(world, TWO))

    assert set(Activity.objects.values_list("status", flat=True)) == {"draft"}
    assert not ActivityIndex.objects.exists()


def test_import_changes_only_what_differs_and_confirms_nothing(world, moderator):
    entry = make_activity(world.region, "Koor", external_code="A1", provider=make_provider(world.region, name="Zang"))
    before = entry.checked_at
    found = bring(world, f"{HEADS}\nA1;Zang;Zanggroep;dinsdag 10.00–11.00;gratis\n")

    line = found.lines.get()
    assert line.changed_fields == ["cost_cents", "title"]
    page = moderator.get(f"{FILES}{found.reference}/?uitkomst=gewijzigd").content.decode()
    assert "Koor</del>" in page
    assert "Zanggroep</ins>" in page
    apply(world, found)

    entry.refresh_from_db()
    assert (entry.title, entry.cost_cents, entry.checked_at, entry.version) == ("Zanggroep", 0, before, 1)
    assert ActivityIndex.objects.get().title == "Zanggroep"


def test_import_recognises_by_provider_and_name_without_a_code(world):
    entry = make_activity(world.region, "Koor", provider=make_provider(world.region, name="Zang"))

    found = bring(world, "Aanbieder;Naam;Wanneer\n zang ;KOOR;donderdag\n")

    assert found.lines.get().activity == entry
    assert "provider" not in found.lines.get().changed_fields


def test_import_leaves_what_it_does_not_name(world):
    entry = make_activity(
        world.region, "Koor", external_code="A1", summary="Zingen", provider=make_provider(world.region, name="Zang")
    )
    other = make_activity(world.region, "Eettafel")

    apply(world, bring(world, "Code;Aanbieder;Naam;Wanneer;Extra\nA1;Zang;Koor;elke dag;zomaar\n"))

    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.summary, entry.schedule, other.version) == ("Zingen", "elke dag", 0)
    assert Import.objects.get().unknown_heads == ["Extra"]


def test_import_keeps_a_formula_as_text(world):
    apply(world, bring(world, 'Aanbieder;Naam;Wanneer\n=1+1;"=HYPERLINK(""x"")";@nu\n'))

    made = Activity.objects.get()
    assert (made.title, made.schedule, made.provider.name) == ('=HYPERLINK("x")', "@nu", "=1+1")


# What is refused


@pytest.mark.parametrize(
    ("head", "cell", "reason"),
    [
        ("Naam", "", "empty"),
        ("Naam", "x" * 121, "too_long"),
        ("Dagen", "eerste zaterdag", "weekday"),
        ("Dagdelen", "nacht", "day_part"),
        ("Eerste dag", "31-2-2027", "day"),
        ("Laatste dag", "1-1-2020", "over"),
        ("Kosten", "veel", "euros"),
        ("Toegankelijkheid", "lift, parkeren", "access"),
        ("Talen", "Klingon", "language"),
        ("Postcode", "12", "postcode"),
        ("Wijk", "Nergens", "district"),
        ("Aantal plaatsen", "0", "places"),
        ("Zonder coach", "soms", "yes_no"),
        ("Telefoon", "06 12", "phone"),
        ("E-mail", "koor", "email"),
        ("Website", "http://", "website"),
        ("Thema's", "Niets", "theme"),
        ("Doelgroep en probleem", "Niemand: niets", "cell"),
    ],
)
def test_import_says_why_a_line_cannot_be_used(world, moderator, head, cell, reason):
    filled = {"Aanbieder": "Zang", "Naam": "Koor", "Wanneer": "donderdag", head: cell}

    found = bring(world, f"{';'.join(filled)}\n{';'.join(filled.values())}\n")

    assert [each for _column, each in why(found)] == [reason]
    page = moderator.get(f"{FILES}{found.reference}/")
    assert page.status_code == 200
    assert f"<strong>{head}</strong>" in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("place", ["Koor", "Wanneer", "Telefoon", "Zomaar"])
def test_import_refuses_a_bsn_anywhere_and_keeps_it_nowhere(world, moderator, place):
    filled = {"Aanbieder": "Zang", "Naam": "Koor", "Wanneer": "do", "Telefoon": "0344612345", "Zomaar": "x"}
    filled["Naam" if place == "Koor" else place] = f"bel {BSN[:3]}.{BSN[3:6]}.{BSN[6:]}"

    found = bring(world, f"{';'.join(filled)}\n{';'.join(filled.values())}\n")

    assert [reason for _column, reason in why(found)] == ["bsn"]
    page = moderator.get(f"{FILES}{found.reference}/").content.decode()
    assert "burgerservicenummer" in page
    for kept in (page, str(list(ImportLine.objects.values()))):
        assert BSN[:3] + "." not in kept


def test_import_refuses_the_same_activity_twice(world):
    found = bring(world, f"{HEADS}\nA1;Zang;Koor;do;\nA1;Zang;Ander;do;\n;Zang;Taal;do;\n;zang;taal;vr;\n")

    assert outcomes(found) == {2: "new", 3: "refused", 4: "new", 5: "refused"}
    assert [each["line"] for line in found.lines.all() for each in line.reasons] == [2, 4]


def test_import_is_all_or_nothing_unless_refused_lines_are_left_out(world, moderator):
    found = bring(world, f"{TWO}A3;Zang;;do;\n")
    path = f"{FILES}{found.reference}/verwerken/"

    refused = moderator.send(path, {"publishes": "nee"})
    assert refused.status_code == 422
    assert "Kruis dit aan" in refused.content.decode()
    with pytest.raises(DomainError):
        apply(world, found)
    moderator.send(path, {"publishes": "nee", "leaves_out": "on"})
    work(world, found)

    assert (Activity.objects.count(), found.status) == (2, "applied")


def test_import_that_breaks_halfway_leaves_nothing(world):
    found = bring(world, TWO)
    importing.ask_to_apply(found, publishes=True, leaves_out=False, by=world.coordinator)

    with mock.patch("activities.activity_files.reindex", side_effect=RuntimeError), pytest.raises(RuntimeError):
        importing.step(world.region, importing.begin(), timezone.now())

    found.refresh_from_db()
    assert (found.status, Activity.objects.count(), Provider.objects.count()) == ("applying", 0, 0)


def test_import_makes_a_new_preview_when_the_kaart_changed_meanwhile(world, moderator):
    entry = make_activity(world.region, "Koor", external_code="A1", provider=make_provider(world.region, name="Zang"))
    found = bring(world, f"{HEADS}\nA1;Zang;Koor;elke dag;\n")
    Activity.objects.filter(pk=entry.pk).update(schedule="alleen zondag")

    apply(world, found)

    entry.refresh_from_db()
    assert (found.status, found.problem, entry.schedule) == ("checked", "changed_meanwhile", "alleen zondag")
    assert found.lines.get().values["old"]["schedule"] == "alleen zondag"
    assert "nieuwe overzicht" in moderator.get(f"{FILES}{found.reference}/").content.decode()
    assert apply(world, found).status == "applied"


# The file as a whole


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b" \r\n\r\n", "empty"),
        (b"PK\x03\x04" + b"\x00" * 60, "excel"),
        (b"\x1f\x8b\x08" + b"x" * 60, "no_text"),
        (b"Naam;Wanneer\nKo\x00or;do\n", "no_text"),
        (bytes(range(1, 32)) * 20, "no_text"),
        (TWO.encode("utf-16"), "utf_16"),
        (b"Naam;Wanneer\n", "no_lines"),
        (b"Naam\x81;Wanneer\nx;y\n", "encoding"),
        (b"Naam\n" + b"x\n" * 10_001, "too_many_lines"),
        (b'Naam;Wanneer\nKoor;"donderdag\nx;y\n', "quote_open:2"),
        (b'Naam;Wanneer\nKoor;"don"derdag\n', "quotes:2"),
        (b"Naam;Wanneer\n" + b"x" * 1_000_000 + b";y\n", "cell_too_long:2"),
        (f"Naam;{BSN}\nKoor;do\n".encode(), "bsn_in_heads"),
    ],
)
def test_read_refuses_with_a_reason(content, problem):
    with pytest.raises(UnreadableError) as refused:
        read(content, {"naam", "wanneer"})

    assert refused.value.code == problem
    assert importing.problem_sentence(problem)
    assert "%(" not in str(importing.problem_sentence(problem))


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252"])
def test_read_finds_out_how_a_file_is_written(ends, sign, codec):
    lines = [f"Naam{sign}Wanneer", f'"Café{sign} ""De Zon"""{sign}do', "", f"Eén{sign}vr"]

    table = read(ends.join(lines).encode(codec), {"naam", "wanneer"})

    assert table.heads == ["Naam", "Wanneer"]
    assert table.lines == [(2, [f'Café{sign} "De Zon"', "do"]), (4, ["Eén", "vr"])]


def test_read_takes_mixed_line_ends():
    table = read(b'sep=;\r\nNaam;Wanneer\rKoor;"do\nvr"\nTaal;ma\r\n', {"naam"})

    assert table.lines == [(3, ["Koor", "do\nvr"]), (4, ["Taal", "ma"])]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Naam;Kosten\nKoor;gratis\n", "Deze kolommen ontbreken: Aanbieder, Wanneer"),
        ("Naam;Titel;Aanbieder;Wanneer\na;b;c;d\n", "De kolom “Naam” staat er twee keer in"),
        ('Naam;Aanbieder;Wanneer\na;b;"c\n', "Op regel 2 begint een tekst"),
    ],
)
def test_import_says_what_is_wrong_with_a_file(world, moderator, text, sentence):
    found = bring(world, text)

    page = moderator.get(f"{FILES}{found.reference}/").content.decode()
    assert found.status == "unreadable"
    assert sentence in page
    assert "Bestand weggooien" in page


def test_upload_refuses_at_once_what_is_no_text(world, moderator):
    file = SimpleUploadedFile("lijst.csv", b"PK\x03\x04xl/workbook")

    answer = moderator.send(f"{FILES}activiteiten/", {"file": file, "key": str(uuid.uuid4())})

    assert answer.status_code == 422
    assert "Excel-bestand" in answer.content.decode()
    assert not StoredFile.objects.exists()


def test_upload_twice_makes_one(world, moderator):
    key = str(uuid.uuid4())

    for _turn in range(2):
        moderator.send(f"{FILES}activiteiten/", {"file": SimpleUploadedFile("a.csv", TWO.encode()), "key": key})

    assert (Import.objects.count(), StoredFile.objects.count()) == (1, 1)


# The worker


def test_worker_that_dies_is_followed_by_another(world, monkeypatch):
    monkeypatch.setattr(importing, "LINES_PER_TURN", 2)
    rows = "".join(f";Zang;Koor {n};do;\n" for n in range(5))
    found = importing.upload(
        world.region, kind="activities", content=f"{HEADS}\n{rows}".encode(), file_name="a", key=uuid.uuid4(),
        by=world.coordinator,
    )  # fmt: skip
    importing.step(world.region, importing.begin(), timezone.now())
    importing.begin()  # and it dies
    found.refresh_from_db()
    assert (found.status, found.lines_done, found.attempts) == ("waiting", 2, 1)

    tasks.work_on_imports()

    found.refresh_from_db()
    assert (found.status, found.lines_done, found.lines.count()) == ("checked", 5, 5)


def test_file_that_takes_workers_down_is_put_aside(world):
    found = importing.upload(
        world.region, kind="activities", content=TWO.encode(), file_name="a", key=uuid.uuid4(), by=world.coordinator
    )

    begun = [importing.begin() for _turn in range(importing.MOST_ATTEMPTS + 1)]

    found.refresh_from_db()
    assert begun[-1] is None
    assert (found.status, found.problem) == ("unreadable", "gave_up")


# Leaving it, and who may


def test_cancel_leaves_nothing(world, moderator):
    found = bring(world, TWO)
    assert "Van het bestand bewaren we niets" in moderator.get(f"{FILES}{found.reference}/weggooien/").content.decode()

    for _turn in range(2):
        moderator.send(f"{FILES}{found.reference}/weggooien/")

    found.refresh_from_db()
    assert (found.status, found.lines.count(), bytes(found.file.content)) == ("cancelled", 0, b"")
    assert moderator.send(f"{FILES}{found.reference}/verwerken/", {"publishes": "nee"}).status_code == 409
    assert moderator.get(f"{FILES}{found.reference}/").status_code == 200


def test_applied_cannot_be_cancelled(world, moderator):
    found = apply(world, bring(world, TWO))

    assert moderator.send(f"{FILES}{found.reference}/weggooien/").status_code == 409


def test_import_is_for_who_keeps_the_kaart(world, client):
    found = bring(world, TWO)
    client.sign_in(world.coach)

    for path in ("", "activiteiten/", f"{found.reference}/", f"{found.reference}/verwerken/"):
        assert client.get(f"{FILES}{path}").status_code == 403
        assert client.send(f"{FILES}{path}").status_code == 403


def test_import_of_another_region_does_not_exist(world, elsewhere, client):
    found = bring(world, TWO)
    client.sign_in(elsewhere.coordinator)

    for path in ("", "verwerken/", "weggooien/"):
        assert client.get(f"{FILES}{found.reference}/{path}").status_code == 404
        assert client.send(f"{FILES}{found.reference}/{path}").status_code == (404 if path else 405)


def test_preview_pages_cost_the_same_however_long_the_file(world, moderator):
    rows = "".join(f";Zang;Koor {n};do;veel\n" for n in range(60))
    found = bring(world, HEADS + "\n" + rows)

    with sql_at_most(12):
        page = moderator.get(f"{FILES}{found.reference}/").content.decode()
    assert page.count("Schrijf een bedrag") == 25
    assert "Regel 27" in moderator.get(f"{FILES}{found.reference}/?uitkomst=kan-niet&na=26").content.decode()


@pytest.mark.parametrize("name", ["activiteiten", "oefenbestand", "postcodes"])
def test_examples_can_be_downloaded_and_brought_in(world, moderator, name):
    answer = moderator.get(f"{FILES}voorbeeld/{name}.csv")
    kind = "postcodes" if name == "postcodes" else "activities"

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    if kind == "activities":
        found = bring(world, answer.content)
        refused = [each for each in outcomes(found).values() if each == "refused"]
        assert (found.status, len(refused)) == ("checked", 7 if name == "oefenbestand" else 0)


def test_import_names_a_district_of_the_region(world):
    District.objects.create(region=world.region, name="De Linde-West", municipality_code="GM9001")

    apply(world, bring(world, "Aanbieder;Naam;Wanneer;Buurt\nZang;Koor;do;de linde west\n"))

    assert Activity.objects.get().district.name == "De Linde-West"
