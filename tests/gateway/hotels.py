"""A night at a hotel: frozen, then captured."""

from typing import Any

from tests.gateway.rows_fund_auth import FREEZE, deposit
from tests.gateway.world import Shop, Told, fresh_code, new_order
from wallet.accounts.models import WalletUser


def freeze(hotel: Shop, guest: WalletUser, **more: Any) -> Told:
    """Freeze 800.00 by the guest's code."""
    content = {
        **deposit(hotel, guest),
        "amount": "800.00",
        "auth_code": fresh_code(guest),
        "auth_code_type": "bar_code",
    }
    return hotel.ask(FREEZE, **(content | more))


def check_out(hotel: Shop, auth_no: str, amount: str = "420.00", **more: Any) -> Told:
    """Capture, and free the rest."""
    content = {
        "out_trade_no": new_order(),
        "total_amount": amount,
        "subject": "一晚 One night",
        "product_code": "PRE_AUTH",
        "auth_no": auth_no,
        "auth_confirm_mode": "COMPLETE",
    }
    return hotel.ask("alipay.trade.pay", **(content | more))
