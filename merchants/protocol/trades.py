"""A trade in the protocol's words: its status, what its merchant kept with it."""

from typing import Final

from merchants.protocol.formats import beijing, yuan
from wallet import public as wallet
from wallet.public import PaymentStatus, PaymentView

STATUS: Final = {
    PaymentStatus.PENDING: "WAIT_BUYER_PAY",
    PaymentStatus.PAID: "TRADE_SUCCESS",
    PaymentStatus.CLOSED: "TRADE_CLOSED",
    PaymentStatus.FINISHED: "TRADE_FINISHED",
}
DEPOSIT_BACK: Final = "deposit_back_info"
DBACK: Final = {
    wallet.DepositBackState.SENT: "P",
    wallet.DepositBackState.PAID: "S",
    wallet.DepositBackState.RETURNED: "F",
}


def detail(trade: PaymentView, name: str) -> str | None:
    """One of the merchant's extras kept with the trade, as text; None if it has none."""
    value = trade.details.get(name)
    return value if isinstance(value, str) and value else None


def deposit_back_info(refund: wallet.RefundView) -> dict[str, str]:
    """How a refund stands that the buyer has sent on to a bank; one that fails stays theirs."""
    row = wallet.deposit_back(refund.id)
    if row is None or row.state is wallet.DepositBackState.KEPT:
        return {"has_deposit_back": "false"}
    info = {"has_deposit_back": "true", "dback_status": DBACK[row.state]}
    if row.state is wallet.DepositBackState.PAID:
        info["dback_amount"] = yuan(row.amount_minor)
    if row.ended_at is not None:
        info["bank_ack_time"] = beijing(row.ended_at)
        info["est_bank_receipt_time"] = beijing(row.ended_at)
    return info
