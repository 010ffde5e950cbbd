"""The merchant's client: one method of this class for each method of the gateway.

Three things make it safe to build a till on:

* an order number is made before the call and kept, so a repeat is a repeat;
* an answer that did not come, or says 20000, means *unknown*: `sell` asks with
  `query` and, if it still does not know, takes the payment back with `cancel`;
* nothing is believed unless the gateway's signature fits.
"""

import datetime
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import requests

from lab.mock_merchant import signing
from lab.mock_merchant.settings import Settings

_BEIJING = ZoneInfo("Asia/Shanghai")
_PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})


class BadSignature(Exception):
    """The answer is not the gateway's, or was changed on its way."""


class NoAnswer(Exception):
    """The call's result is unknown: query before trying again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gateway said: the code, and the method's own fields."""

    code: str
    msg: str
    sub_code: str
    sub_msg: str
    fields: dict[str, Any]
    raw: str = field(default="", repr=False)

    @property
    def succeeded(self) -> bool:
        """Whether the call did what it was for."""
        return self.code == "10000"

    @property
    def awaiting_buyer(self) -> bool:
        """Whether the buyer must still confirm (the order exists, nothing is paid)."""
        return self.code == "10003"

    @property
    def unknown(self) -> bool:
        """Whether nobody can say what happened: query."""
        return self.code == "20000"

    def __getitem__(self, name: str) -> Any:
        return self.fields[name]

    def get(self, name: str, default: Any = None) -> Any:
        """One field of the answer."""
        return self.fields.get(name, default)


class Client:
    """Calls the gateway for one app.

    Amounts are text in yuan ("12.00") or `Decimal`; never floats.
    """

    def __init__(
        self,
        settings: Settings,
        session: requests.Session | None = None,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(_BEIJING),
    ) -> None:
        self.settings = settings
        self.session = session or requests.Session()
        self.now = now

    def pay(
        self, *, out_trade_no: str, amount: object, subject: str, auth_code: str, **more: Any
    ) -> Answer:
        """Take a payment from the code on the buyer's phone."""
        return self.call(
            "alipay.trade.pay",
            out_trade_no=out_trade_no,
            total_amount=str(amount),
            subject=subject,
            scene="bar_code",
            auth_code=auth_code,
            **more,
        )

    def precreate(self, *, out_trade_no: str, amount: object, subject: str, **more: Any) -> Answer:
        """Make an order and get the QR text that the buyer scans."""
        return self.call(
            "alipay.trade.precreate",
            out_trade_no=out_trade_no,
            total_amount=str(amount),
            subject=subject,
            **more,
        )

    def create(
        self, *, out_trade_no: str, amount: object, subject: str, buyer_id: str, **more: Any
    ) -> Answer:
        """Make an order for one buyer, who pays it in the wallet."""
        return self.call(
            "alipay.trade.create",
            out_trade_no=out_trade_no,
            total_amount=str(amount),
            subject=subject,
            buyer_id=buyer_id,
            **more,
        )

    def query(self, *, out_trade_no: str = "", trade_no: str = "") -> Answer:
        """Ask how a trade stands."""
        return self.call("alipay.trade.query", out_trade_no=out_trade_no, trade_no=trade_no)

    def cancel(self, *, out_trade_no: str = "", trade_no: str = "") -> Answer:
        """Undo: close what is unpaid, give back what is paid. Safe for unknown trades."""
        return self.call("alipay.trade.cancel", out_trade_no=out_trade_no, trade_no=trade_no)

    def close(self, *, out_trade_no: str = "", trade_no: str = "") -> Answer:
        """Close an unpaid trade."""
        return self.call("alipay.trade.close", out_trade_no=out_trade_no, trade_no=trade_no)

    def refund(
        self,
        *,
        amount: object,
        out_trade_no: str = "",
        trade_no: str = "",
        out_request_no: str = "",
        **more: Any,
    ) -> Answer:
        """Give money back, all or part. A part needs a request number of its own."""
        return self.call(
            "alipay.trade.refund",
            out_trade_no=out_trade_no,
            trade_no=trade_no,
            refund_amount=str(amount),
            out_request_no=out_request_no,
            **more,
        )

    def refund_query(
        self, *, out_request_no: str, out_trade_no: str = "", trade_no: str = ""
    ) -> Answer:
        """Ask how a refund stands."""
        return self.call(
            "alipay.trade.fastpay.refund.query",
            out_trade_no=out_trade_no,
            trade_no=trade_no,
            out_request_no=out_request_no,
        )

    def sell(
        self,
        *,
        out_trade_no: str,
        amount: object,
        subject: str,
        auth_code: str,
        patience_s: float = 30.0,
        **more: Any,
    ) -> Answer:
        """Sell at a till: pay, and never leave the counter without knowing.

        While the buyer confirms, or the answer was lost, the trade is queried; when
        patience ends without a payment it is cancelled. The answer that is returned
        is the last query's, or the refusal.
        """
        try:
            answer = self.pay(
                out_trade_no=out_trade_no,
                amount=amount,
                subject=subject,
                auth_code=auth_code,
                **more,
            )
            if not (answer.awaiting_buyer or answer.unknown):
                return answer
        except NoAnswer:
            pass  # The question, or the answer, was lost: only a query can tell which.
        return self._settle_doubt(out_trade_no, patience_s)

    def _settle_doubt(self, out_trade_no: str, patience_s: float) -> Answer:
        give_up_at = time.monotonic() + patience_s
        while time.monotonic() < give_up_at:
            try:
                answer = self.query(out_trade_no=out_trade_no)
            except NoAnswer:
                answer = None
            if answer is not None and answer.get("trade_status") in _PAID:
                return answer
            if answer is not None and answer.get("trade_status") == "TRADE_CLOSED":
                return answer
            time.sleep(min(1.0, max(0.0, give_up_at - time.monotonic())))
        return self.cancel(out_trade_no=out_trade_no)

    def call(self, method: str, **content: Any) -> Answer:
        """Sign and send one request, check the answer's signature.

        Raises:
            NoAnswer: nothing, or nothing readable, came back.
            BadSignature: the answer is not the gateway's.
        """
        settings = self.settings
        params = self.signed(method, **content)
        try:
            response = self.session.post(
                settings.gateway_url,
                data={name: part.encode(settings.charset) for name, part in params.items()},
                timeout=settings.timeout_s,
            )
        except requests.RequestException as error:
            raise NoAnswer(str(error)) from error
        return self._read(response.content)

    def signed(self, method: str, **content: Any) -> dict[str, str]:
        """A whole signed request, as a browser or an app carries it; empty fields are left out."""
        return self._params(method, {name: part for name, part in content.items() if part})

    def _params(self, method: str, content: dict[str, Any]) -> dict[str, str]:
        """Put the common parameters around the business ones, and sign the lot."""
        settings = self.settings
        now = self.now().astimezone(_BEIJING)
        params = {
            "app_id": settings.app_id,
            "method": method,
            "format": "JSON",
            "charset": settings.charset,
            "sign_type": settings.sign_type,
            "timestamp": f"{now:%Y-%m-%d %H:%M:%S}",
            "version": "1.0",
            "notify_url": settings.notify_url,
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")),
        }
        params = {name: part for name, part in params.items() if part}
        params["sign"] = signing.sign_request(
            params, settings.app_private_key, settings.sign_type, settings.charset
        )
        return params

    def _read(self, body: bytes) -> Answer:
        """Check the signature over the node's own characters, then read it."""
        settings = self.settings
        try:
            text = body.decode(settings.charset)
            whole = json.loads(text)
            node = next(value for name, value in whole.items() if name.endswith("_response"))
        except (ValueError, AttributeError, StopIteration) as error:
            raise NoAnswer(f"unreadable answer: {body[:200]!r}") from error
        signed = signing.signed_part(text)
        # The gateway cannot sign for an app it does not know; that answer carries no facts.
        if signed is None and node.get("sub_code") != "isv.invalid-app-id":
            raise BadSignature(text)
        if signed is not None and not signing.verify(
            *signed, settings.gateway_public_key, settings.sign_type, settings.charset
        ):
            raise BadSignature(text)
        codes = {name: node.pop(name, "") for name in ("code", "msg", "sub_code", "sub_msg")}
        return Answer(**codes, fields=node, raw=text)


def new_order_number() -> str:
    """Make an order number: today, and enough randomness never to meet again."""
    return f"{datetime.datetime.now(_BEIJING):%Y%m%d}{uuid.uuid4().hex[:20]}"
