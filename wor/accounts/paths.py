"""Addresses: where somebody may be sent on to, and numbers that stay here."""

from cryptography.fernet import InvalidToken
from django.utils.http import url_has_allowed_host_and_scheme

from wor.accounts.sealed import box


def own_path(target: str | None) -> str:
    """``next`` when it is a path of this site, else nothing."""
    target = target or ""
    is_own = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_own else ""


class SealedNumber:
    """A row number in an address of allauth's, encrypted: row numbers never leave the server."""

    regex = r"[A-Za-z0-9_=-]{80,200}"

    def to_python(self, text: str) -> int:
        try:
            return int(box().decrypt(text.encode()))
        except (InvalidToken, ValueError) as foreign:
            raise ValueError("not ours") from foreign

    def to_url(self, number: int | str) -> str:
        return box().encrypt(str(number).encode()).decode()
