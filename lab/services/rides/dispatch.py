"""A robotaxi company: the rider agrees to a price before the car moves, and to more only anew.

The hold is the estimate and a fifth of it: what the rider agreed to is what can be captured,
and no program of ours can take more. A ride that costs more asks for the difference on the
rider's phone, with five minutes to agree; without an answer the company gets what was agreed.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from lab.mock_merchant.client import Answer, Client

TOLERANCE = Decimal("1.20")
NO_SHOW = "5.00"
_PRODUCT = "PRE_AUTH"
_FEN = Decimal("0.01")


def ceiling(estimate: str) -> str:
    """The most that a ride of this estimate may cost without asking again."""
    return str((Decimal(estimate) * TOLERANCE).quantize(_FEN, ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Dispatch:
    """Sells rides; `ride` is the company's own number of one."""

    client: Client

    def offer(self, ride: str, estimate: str) -> str:
        """The code that the rider scans to agree to the estimate; "" if it was refused."""
        most = ceiling(estimate)
        title = f"行程预估 {estimate}，最多 {most} Ride, estimate {estimate}, at most {most}"
        return self._ask(ride, "HELD", title, most)

    def ask_for_more(self, ride: str, agreed: str, fare: str) -> str:
        """The code that the rider scans to agree to a fare beyond the ceiling."""
        more = str(Decimal(fare) - Decimal(agreed))
        title = f"车费 {fare}，超出 {more} Fare {fare}, {more} more than agreed"
        return self._ask(f"{ride}_MORE", "MORE", title, more)

    def hold_of(self, ride: str, request: str = "HELD") -> Answer:
        """How a hold stands: `auth_no` once the rider has agreed, and what is left of it."""
        return self.client.call(
            "alipay.fund.auth.operation.detail.query",
            out_order_no=ride,
            out_request_no=f"{ride}_{request}",
        )

    def arrive(self, ride: str, hold: str, fare: str) -> Answer:
        """Take the fare, and give back the rest of the hold."""
        return self.client.call(
            "alipay.trade.pay",
            out_trade_no=f"{ride}_FARE",
            total_amount=fare,
            subject="车费 Fare",
            product_code=_PRODUCT,
            auth_no=hold,
            auth_confirm_mode="COMPLETE",
        )

    def no_show(self, ride: str, hold: str) -> Answer:
        """Take the fee of a rider who did not come, and give back the rest."""
        return self.arrive(ride, hold, NO_SHOW)

    def _ask(self, order: str, request: str, title: str, amount: str) -> str:
        answer = self.client.call(
            "alipay.fund.auth.order.voucher.create",
            out_order_no=order,
            out_request_no=f"{order}_{request}",
            order_title=title,
            amount=amount,
            product_code=_PRODUCT,
            pay_timeout="5m",
        )
        return str(answer.get("code_value", ""))
