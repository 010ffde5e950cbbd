"""Journals as T-accounts: each account before, its debits and credits, and after."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from lab.account_names import account_role, names_of_owners
from wallet import public as wallet
from wallet.money import format_amount


def scenes(journals: Sequence[Any]) -> list[dict[str, Any]]:
    """Journals in the order given, each with its T-accounts."""
    names = names_of_owners(entry.account.owner_id for row in journals for entry in _of(row))
    return [_scene(row, names) for row in journals]


def _of(journal: Any) -> Iterable[Any]:
    rows: Iterable[Any] = journal.entries.all()
    return rows


def _scene(journal: Any, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    entries = sorted(_of(journal), key=lambda entry: entry.side != "DEBIT")
    currency = entries[0].currency if entries else "CNY"
    return {
        "id": str(journal.id),
        "kind": journal.kind,
        "narrative": journal.narrative,
        "at": journal.posted_at,
        "amount": format_amount(
            sum(entry.amount_minor for entry in entries if entry.side == "DEBIT"), currency
        ),
        "currency": currency,
        "accounts": [_account(entry, names) for entry in entries],
    }


def _account(entry: Any, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    """A T-account with one entry in it.

    A hot account's balance is not kept entry by entry: it is asked of the books at that moment.
    """
    account = entry.account
    after_minor = entry.balance_after_minor
    if after_minor is None:
        after_minor = wallet.balance_at(account.id, entry.posted_at)
    grows = entry.side == account.normal_side
    before_minor = after_minor - entry.amount_minor if grows else after_minor + entry.amount_minor
    amount = format_amount(entry.amount_minor, entry.currency)
    return {
        "owner": names.get(account.owner_id, ""),
        "role": account_role(account.code),
        "code": account.code,
        "normal": account.normal_side,
        "side": entry.side,
        "debit": amount if entry.side == "DEBIT" else "",
        "credit": amount if entry.side == "CREDIT" else "",
        "before": format_amount(before_minor, entry.currency),
        "after": format_amount(after_minor, entry.currency),
        "currency": entry.currency,
        "grows": grows,
    }
