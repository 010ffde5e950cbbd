"""How a method is asked the same five questions; one row a method (see test_methods.py)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

Content = dict[str, Any]
OK = "10000"


def cancelled(shop: Shop, content: Content) -> None:
    """Cancel the trade of that content."""
    shop.ask("alipay.trade.cancel", out_trade_no=content["out_trade_no"])


@dataclass(frozen=True, slots=True)
class Row:
    """How a method is called and what it says in each case; None where there is no such case.

    `content` makes what the call is about and gives the call's content. `repeat` is the
    answer to the same call again, `changed` to the same with `change` in it, `unknown` to
    one with `stranger` in it, `wrong_state` to one after `spoil`, `suspended` to one of a
    suspended merchant, `empty` to one without any content.
    """

    content: Callable[[Shop, WalletUser], Content]
    repeat: str
    change: Content
    changed: str | None
    unknown: str | None
    wrong_state: str | None
    suspended: str
    empty: str = "ACQ.INVALID_PARAMETER"
    stranger: Content = field(default_factory=lambda: {"out_trade_no": "NEVER"})
    spoil: Callable[[Shop, Content], None] = cancelled
