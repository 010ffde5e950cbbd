"""The world a command in another terminal talks to."""

import re

from django.conf import settings
from django.core.management import call_command

from lab.seed import seed_world
from lab.stage_lock import alone_on_stage
from wallet import public as wallet

_NUMBER = re.compile(r"2088\d{12}")


def public_url() -> str:
    """Where programs find the running world; the configured address where none runs."""
    path = settings.DATA_DIR / "run" / "public_url"
    return path.read_text(encoding="utf-8").strip() if path.exists() else str(settings.PUBLIC_URL)


def prepare() -> None:
    """See that schema and people are there, so that a command works before the first demo.

    Beside a demo that is making them it waits for it.
    """
    with alone_on_stage():
        call_command("migrate", verbosity=0)
        seed_world()


def buyer(login: str) -> wallet.WalletUser:
    """A citizen by phone number or by the sixteen digits that merchants see.

    Raises:
        UserUnknown: there is nobody of that login.
        PhoneInvalid: it is neither.
    """
    if _NUMBER.fullmatch(login):
        return wallet.user_by_number(login)
    return wallet.user_by_phone(login)
