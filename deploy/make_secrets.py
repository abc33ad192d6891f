#!/usr/bin/env python3
"""Makes the secrets that docker-compose.yml reads from deploy/secrets/. What is there already is left as it is."""

import base64
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "secrets"
PASSWORDS = ("postgres", "owner", "app", "keeper", "backup", "valkey")


def keep(name, value):
    path = FOLDER / name
    if not path.exists():
        path.write_text(value)
        # Compose mounts the file as it is and the containers have users of their own; the folder keeps others out.
        path.chmod(0o444)
    return path.read_text()


def main():
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    password = {name: keep(f"{name}_password", secrets.token_urlsafe(32)) for name in PASSWORDS}
    keep("secret_key", secrets.token_urlsafe(64))
    keep("encryption_keys", base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    keep("database_url", f"postgres://wor_app:{password['app']}@postgres:5432/wor")
    keep("database_owner_url", f"postgres://wor_owner:{password['owner']}@postgres:5432/wor")
    keep("database_keeper_url", f"postgres://wor_keeper:{password['keeper']}@postgres:5432/wor")
    keep("redis_url", f"redis://:{password['valkey']}@valkey:6379/0")
    print(f"De geheimen staan in {FOLDER}.")


if __name__ == "__main__":
    main()
