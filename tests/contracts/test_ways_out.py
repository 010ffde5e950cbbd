"""Every way money leaves a person's wallet passes the limits, or says here why it need not."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.source import ROOT

PRODUCT = ("config", "wallet", "merchants", "healthcode", "lab")
COUNTED = {
    "wallet/payments/usecases/charge_payer.py",
    "wallet/payments/usecases/transfer_money.py",
    "wallet/clearing/usecases/pay_across.py",
    "wallet/sharing/usecases/red_packet.py",
    "wallet/authorisations/usecases/reserve.py",
    "merchants/exchange/usecases/take_quote.py",
}
NOT_COUNTED = {
    "wallet/payments/usecases/move_transfer.py": "transfer_money counted it when it was sent",
    "wallet/authorisations/usecases/pay_guaranteed.py": "charge_payer, which it calls, counts",
    "wallet/funding/usecases/repay_debt.py": "counted when it was drawn, with the payment",
    "wallet/authorisations/usecases/collect_arrears.py": "counted when it was captured",
    "wallet/accounts/usecases/submit_withdrawal.py": "goes to the customer's own bank account",
    "merchants/funds/usecases/top_up_balance.py": "goes to the owner's own balance",
}
TAKES = frozenset({"debit", "place_hold"})
# What names both sides: the account that is debited stands under this word.
MOVES = frozenset({"move_money", "_move"})


def sources(call: ast.Call) -> list[ast.expr]:
    """What a call may take money out of."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name in MOVES:
        return [keyword.value for keyword in call.keywords if keyword.arg == "debited"]
    if name in TAKES:
        return [*call.args[:1], *(keyword.value for keyword in call.keywords)]
    return []


def takes_from_a_wallet(tree: ast.Module) -> bool:
    """Whether a module debits or holds money of an account named `…available_account_id`."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(
        isinstance(node, ast.Attribute) and node.attr == "available_account_id"
        for call in calls
        for argument in sources(call)
        for node in ast.walk(argument)
    )


def calls_of(tree: ast.Module, name: str) -> bool:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(getattr(call.func, "id", "") == name for call in calls)


def ways_out() -> Iterator[tuple[str, ast.Module]]:
    for top in PRODUCT:
        for path in sorted((ROOT / top).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            if "migrations" not in path.parts and takes_from_a_wallet(tree):
                yield str(Path(path).relative_to(ROOT)), tree


def test_every_way_out_of_a_wallet_is_counted_or_says_why_not() -> None:
    found = dict(ways_out())
    assert set(found) == COUNTED | set(NOT_COUNTED)
    assert [name for name in COUNTED if not calls_of(found[name], "consume_limit")] == []


def test_a_way_out_added_on_purpose_is_found() -> None:
    added = "post_journal(Draft(lines=(debit(payer.available_account_id, 1, 'CNY'),)))"
    assert takes_from_a_wallet(ast.parse(added))
    assert takes_from_a_wallet(ast.parse("place_hold(account_id=user.available_account_id)"))
    assert takes_from_a_wallet(ast.parse("move_money(debited=user.available_account_id)"))
    assert not takes_from_a_wallet(ast.parse("move_money(credited=user.available_account_id)"))
    assert not takes_from_a_wallet(ast.parse("credit(payee.available_account_id, 1, 'CNY')"))
