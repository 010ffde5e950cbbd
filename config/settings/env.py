"""Read environment variables by type; a bad value stops the start.

A missing or odd value stops the start with one sentence that names it. A secret
may come from a file: `X_FILE` holds the path of the file that holds `X`.
"""

import ipaddress
import os
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
NO_TRUSTED_PROXY = (
    "SAOMA_TRUSTED_PROXIES is not set: behind TLS it must name the proxy whose word on a "
    "caller's address is believed (or set SAOMA_BEHIND_TLS=0)"
)

NO_REDIS = (
    "REDIS_URL is not set: outside lab mode many processes share one cache and one queue "
    "(on a laptop set SAOMA_LAB_MODE=1)"
)
SHARED_KEY = (
    "SAOMA_MASTER_KEY is the same as DJANGO_SECRET_KEY: it must be a secret of its own (keep "
    "the old value as SAOMA_MASTER_KEY, what is sealed needs it, and make a new "
    "DJANGO_SECRET_KEY)"
)


def secret(name: str, default: str | None = None) -> str:
    """Read a secret from `NAME` or from the file named by `NAME_FILE`.

    Raises:
        ImproperlyConfigured: neither is there and no default is given, or the
            file cannot be read.
    """
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    value = os.environ.get(name, default)
    if value is None or not (value or default == ""):
        raise ImproperlyConfigured(f"{name} is not set (nor {name}_FILE)")
    return value


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """Read a whole number, at least `minimum`.

    Raises:
        ImproperlyConfigured: the value is no whole number or too small.
    """
    text = os.environ.get(name, str(default))
    try:
        value = int(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={text!r} is not a whole number") from error
    if value < minimum:
        raise ImproperlyConfigured(f"{name}={value} is below {minimum}")
    return value


def switch(name: str, *, default: bool) -> bool:
    """Read a yes/no value: 1, true, yes, on against 0, false, no, off.

    Raises:
        ImproperlyConfigured: the value is neither.
    """
    text = os.environ.get(name, "1" if default else "0").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off", ""}:
        return False
    raise ImproperlyConfigured(f"{name}={text!r} is neither yes nor no")


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Read one of a fixed set of words.

    Raises:
        ImproperlyConfigured: the value is none of them.
    """
    value = os.environ.get(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is none of {', '.join(allowed)}")
    return value


def addresses(name: str) -> list[str]:
    """Read network addresses and networks between commas; "unix" is a socket of this machine.

    Raises:
        ImproperlyConfigured: one is none of these.
    """
    entries = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    for entry in entries:
        try:
            if entry != "unix":
                ipaddress.ip_network(entry)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}") from error
    return entries
