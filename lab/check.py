"""Prove that the running demo works: one scan pays, the worker delivers, the books hold."""

import time
import uuid
from typing import Any

from lab import demo_accounts, demo_keys
from lab.mock_merchant.client import Client
from lab.mock_merchant.settings import Settings
from merchants.notifications.models import Notification
from wallet import public as wallet

DELIVERED_S = 30.0


def merchant_client(slug: str, address: str) -> Client:
    """A reference client that speaks for a demo merchant."""
    key = demo_keys.load(slug)
    return Client(
        Settings(
            gateway_url=f"{address}/gateway.do",
            app_id=key.app_number,
            app_private_key=key.private_key,
            gateway_public_key=demo_keys.gateway_public_key(),
        )
    )


def first_scan_pays(address: str) -> dict[str, Any]:
    """Let Li buy breakfast at the running demo.

    Returns:
        Facts to print: the trade, how it ended, how long payment and notification took.

    Raises:
        TimeoutError: the worker did not deliver the notification in time.
    """
    buyer = wallet.user_by_login(demo_accounts.CITIZENS[0].phone)
    code = wallet.issue_fresh_code(user_id=buyer.id).code
    client = merchant_client(demo_accounts.SHOPS[0].slug, address)
    order = f"CHECK{uuid.uuid4().hex[:16]}"
    started = time.monotonic()
    answer = client.pay(out_trade_no=order, amount="12.00", subject="肉包子 × 4", auth_code=code)
    paid_s = time.monotonic() - started
    if not answer.succeeded:
        raise TimeoutError(f"the first scan did not pay: {answer.sub_code} {answer.sub_msg}")
    number = answer["trade_no"]
    while not Notification.objects.filter(trade_no=number, attempts__isnull=False).exists():
        if time.monotonic() - started > DELIVERED_S:
            raise TimeoutError("no notification was tried: is the worker running?")
        time.sleep(0.1)
    return {
        "paid": True,
        "trade_no": number,
        "paid_s": round(paid_s, 3),
        "notified_s": round(time.monotonic() - started, 3),
        "trial_balance": wallet.trial_balance(),
    }
