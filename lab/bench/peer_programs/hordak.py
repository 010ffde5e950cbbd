"""django-hordak: `Account.transfer_to`, its documentation's way to move money."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

# Its own folder holds a module of its name.
sys.path[0] = str(Path(__file__).resolve().parent / "..")
_URL = urlsplit(os.environ["PEER_DATABASE_URL"])
settings.configure(
    SECRET_KEY="bench",  # noqa: S106
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
    DEFAULT_CURRENCY="CNY",
    CURRENCIES=["CNY"],
    HORDAK_DECIMAL_PLACES=2,
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": _URL.path[1:], "USER": _URL.username,
        "PASSWORD": _URL.password or "", "HOST": _URL.hostname, "PORT": _URL.port}},
)  # fmt: skip
django.setup()

# isort: split
from django.core.management import call_command
from django.db import transaction
from hordak.models import Account
from moneyed import Money
from peer_programs.transfers import main

FEN = Money("0.01", "CNY")


def set_up(count: int) -> None:
    """Make schema and accounts."""
    call_command("migrate", verbosity=0)
    for number in range(count):
        Account.objects.create(name=f"a{number}", code=f"{number:05d}", type="LI",
                               currencies=["CNY"])  # fmt: skip


def accounts(count: int) -> Sequence[Any]:
    """The accounts."""
    return list(Account.objects.order_by("code")[:count])


def transfer(payer: Any, payee: Any) -> None:
    """Move a fen in one transaction, as its constraints want it."""
    with transaction.atomic():
        payer.transfer_to(payee, FEN)


if __name__ == "__main__":
    main(set_up, accounts, transfer)
