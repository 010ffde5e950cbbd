"""django-ledger: `EntityModel.commit_txs`, a posted journal entry of two transactions."""

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
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.admin",
                    "django.contrib.sessions", "django.contrib.messages", "django_ledger"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "OPTIONS": {}}],
    DATABASES={"default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": _URL.path[1:], "USER": _URL.username,
        "PASSWORD": _URL.password or "", "HOST": _URL.hostname, "PORT": _URL.port}},
)  # fmt: skip
django.setup()

# isort: split
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import transaction
from django.utils.timezone import now as peers_now  # noqa: TID251
from django_ledger.models import AccountModel, EntityModel, LedgerModel
from peer_programs.transfers import main

AMOUNT = 1


def set_up(count: int) -> None:
    """Make schema, an entity with a chart, a ledger and the accounts."""
    call_command("migrate", verbosity=0)
    admin = get_user_model().objects.create(username="bench")
    entity = EntityModel.create_entity(
        name="bench", use_accrual_method=True, admin=admin, fy_start_month=1
    )
    chart = entity.create_chart_of_accounts(assign_as_default=True, coa_name="bench", commit=True)
    for number in range(count):
        entity.create_account(code=f"{20000 + number}", role="lia_cl_other", name=f"a{number}",
                              balance_type="credit", active=True, coa_model=chart)  # fmt: skip
    entity.create_ledger(name="bench", posted=True)


def accounts(count: int) -> Sequence[Any]:
    """The accounts."""
    rows = AccountModel.objects.filter(role="lia_cl_other", name__startswith="a")
    return list(rows.order_by("code")[:count])


_kept: dict[str, Any] = {}


def transfer(payer: Any, payee: Any) -> None:
    """Post a journal entry in one transaction."""
    if not _kept:
        _kept["ledger"] = LedgerModel.objects.select_related("entity").get(name="bench")
    ledger = _kept["ledger"]
    lines = [
        {"account": payer, "amount": AMOUNT, "tx_type": "debit", "description": "t"},
        {"account": payee, "amount": AMOUNT, "tx_type": "credit", "description": "t"},
    ]
    with transaction.atomic():
        ledger.entity.commit_txs(je_timestamp=peers_now(), je_txs=lines, je_posted=True,
                                 je_ledger_model=ledger)  # fmt: skip


if __name__ == "__main__":
    main(set_up, accounts, transfer)
