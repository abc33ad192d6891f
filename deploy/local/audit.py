"""Known holes in what the lock holds, asked of pip-audit. A list that cannot be reached is said, and stops nobody."""

import json

from deploy.local.venv import REQUIREMENTS

LOCK = REQUIREMENTS / "base.txt"
SECONDS = 60


def command(python):
    fixed = ["--no-deps", "--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    return [*python, "-m", "pip_audit", *fixed, "--timeout", "10", "-r", str(LOCK)]


def judge(output):
    """(may it go on, what to tell) for what pip-audit wrote; None stands for no answer at all."""
    try:
        asked = json.loads(output)["dependencies"]
    except (TypeError, ValueError, KeyError):
        return True, "niet nagekeken: de lijst met bekende lekken is niet te bereiken"
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}"
        + (f" (opgelost in {', '.join(hole['fix_versions'])})" if hole.get("fix_versions") else "")
        for each in asked
        for hole in each.get("vulns", ())
    ]
    if holes:
        return False, "bekende lekken:\n" + "\n".join(holes)
    unknown = sum("skip_reason" in each for each in asked)
    if unknown == len(asked):
        return True, "niet nagekeken: de lijst met bekende lekken kent geen van deze pakketten, of is niet te bereiken"
    known = f"{len(asked) - unknown} pakketten nagekeken, geen bekende lekken"
    return True, f"{known}; {unknown} niet nagekeken" if unknown else known
