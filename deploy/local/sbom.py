"""What an installation is made of, as a CycloneDX list (docs/sbom.cdx.json), made from the lock and from vendor.json.

No date and no random number in it: the same lock gives the same file, and a test compares the two.
`./run lock` writes it anew; so does `python -m deploy.local.sbom`.
"""

import hashlib
import json
import re
import tomllib
import uuid

from deploy.local.places import ROOT

TARGET = ROOT / "docs" / "sbom.cdx.json"
LOCK = ROOT / "requirements" / "base.txt"
VENDOR = ROOT / "static" / "vendor" / "vendor.json"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
VIA = re.compile(r"^ +#(?: +via)?(?: +([A-Za-z0-9._-]+).*)?$")


def packages(lock):
    """(name, version, hashes of its files, names of what asks for it) for each package of a lock."""
    found = []
    for text in lock.splitlines():
        if pinned := PINNED.match(text):
            found.append((pinned[1], pinned[2], [], []))
        elif hashed := HASH.search(text):
            found[-1][2].append(hashed[1])
        elif (via := VIA.match(text)) and via[1] and found:
            found[-1][3].append(via[1])
    return found


def component(kind, name, version, hashes, licence=""):
    reference = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    described = {"type": "library", "bom-ref": reference, "name": name, "version": version, "purl": reference}
    # One for each file in which it is offered; the installer takes any of these and nothing else.
    described["hashes"] = [{"alg": "SHA-256", "content": each} for each in hashes]
    if licence:
        described["licenses"] = [{"expression": licence}]
    return described


def build():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock, vendor = LOCK.read_text(), VENDOR.read_text()
    ours = f"pkg:pypi/{project['name']}@{project['version']}"
    references, asked_for = {project["name"]: ours}, {}
    components = []
    for name, version, hashes, parents in packages(lock):
        components.append(component("pypi", name, version, hashes))
        references[name] = components[-1]["bom-ref"]
        asked_for[name] = parents
    scripts = [
        component("npm", each["name"], each["version"], each["files"].values(), each["licence"])
        for each in json.loads(vendor)["packages"]
    ]
    depends = {reference: set() for reference in references.values()}
    for name, parents in asked_for.items():
        for parent in parents:
            depends[references[parent]].add(references[name])
    depends[ours] |= {each["bom-ref"] for each in scripts}
    number = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256((lock + vendor).encode()).hexdigest())
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": ours,
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": [*components, *scripts],
        "dependencies": [{"ref": ref, "dependsOn": sorted(below)} for ref, below in sorted(depends.items())],
    }


def text():
    return json.dumps(build(), indent=1, ensure_ascii=False) + "\n"


def write():
    TARGET.write_text(text())


if __name__ == "__main__":
    write()
