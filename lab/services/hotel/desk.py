"""The desk of a hotel: one deposit a stay, and everything else is a part of it.

The deposit is asked for with credit, so that a trusted guest has nothing frozen; what the
guest orders in the room is captured from it, and the check-out captures the rest of the bill
and gives back what is left. The hotel never learns why a guest was trusted, or not.
"""

from dataclasses import dataclass

from lab.mock_merchant.client import Answer, Client

TITLE = "房费押金 Room deposit"
_PRODUCT = "PRE_AUTH"
_CREDIT = {"category": "HOTEL"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A hotel's desk; `stay` is its own number of a stay, from which all others are made."""

    client: Client

    def whose(self, face: str) -> str:
        """The number of the guest whom a face token names; asking does not use it up."""
        answer = self.client.call("zoloz.authentication.customer.ftoken.query", ftoken=face)
        return str(answer.get("uid", ""))

    def check_in(self, stay: str, amount: str, *, code: str = "", face: str = "") -> Answer:
        """Ask for the deposit: by the code on the guest's phone, or of whom the face names.

        10003 says that the guest must agree in the wallet first.
        """
        return self.client.call(
            "alipay.fund.auth.order.freeze",
            out_order_no=stay,
            out_request_no=f"{stay}_IN",
            order_title=TITLE,
            amount=amount,
            product_code=_PRODUCT,
            auth_code=code or face,
            auth_code_type="bar_code" if code else "security_code",
            extra_param=_CREDIT,
        )

    def offer(self, stay: str, amount: str) -> str:
        """The code at the desk, which the guest scans to agree to the deposit."""
        answer = self.client.call(
            "alipay.fund.auth.order.voucher.create",
            out_order_no=stay,
            out_request_no=f"{stay}_IN",
            order_title=TITLE,
            amount=amount,
            product_code=_PRODUCT,
            extra_param=_CREDIT,
        )
        return str(answer.get("code_value", ""))

    def standing(self, stay: str) -> Answer:
        """How the deposit stands: what is frozen, what is guaranteed, what is left."""
        return self.client.call(
            "alipay.fund.auth.operation.detail.query",
            out_order_no=stay,
            out_request_no=f"{stay}_IN",
        )

    def charge_to_room(self, stay: str, deposit: str, item: str, amount: str) -> Answer:
        """Take what was ordered in the room, and keep the rest of the deposit."""
        return self._capture(f"{stay}_{item}", deposit, item, amount, "NOT_COMPLETE")

    def check_out(self, stay: str, deposit: str, amount: str) -> Answer:
        """Take the rest of the bill, and give back what is left."""
        return self._capture(f"{stay}_OUT", deposit, "房费 Room", amount, "COMPLETE")

    def _capture(self, number: str, deposit: str, subject: str, amount: str, mode: str) -> Answer:
        return self.client.call(
            "alipay.trade.pay",
            out_trade_no=number,
            total_amount=amount,
            subject=subject,
            product_code=_PRODUCT,
            auth_no=deposit,
            auth_confirm_mode=mode,
        )
