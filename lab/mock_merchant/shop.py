"""A small web shop that sells by notification alone: the reference for `saoma check`.

It answers four addresses: `POST /orders` (form: order, amount) makes an order, `GET
/orders/<order>` says how it stands (`{"state", "shipped",
"amount"}`), `POST /notify` takes
notifications, `GET /return` shows the buyer's browser a page and decides nothing.
"""

import json
import threading
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from lab.mock_merchant.server import ThreadedServer
from lab.mock_merchant.signing import verify_notification

_MOST_BYTES = 1_000_000
_PAID = ("TRADE_SUCCESS", "TRADE_FINISHED")


@dataclass
class Order:
    """One order: what it costs, how it stands, how often its goods were sent."""

    amount: Decimal
    state: str = "WAITING"
    shipped: int = 0


@dataclass
class Shop:
    """Decides about orders; `app_id` is its own, `gateway_public_key` whom it believes."""

    app_id: str
    gateway_public_key: str
    orders: dict[str, Order] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def place(self, order: str, amount: str) -> None:
        """Make an order; the same again is the same."""
        self.orders.setdefault(order, Order(Decimal(amount)))

    def believes(self, params: dict[str, str]) -> bool:
        """Whether a notification is the gateway's and for us."""
        return params.get("app_id") == self.app_id and verify_notification(
            params, self.gateway_public_key
        )

    def fits(self, order: Order, params: dict[str, str]) -> bool:
        """Whether the amount is what the order costs."""
        return order.amount == Decimal(params.get("total_amount", "-1"))

    def notify(self, params: dict[str, str]) -> str:
        """Take a notification in; gives the text to answer."""
        with self.lock:
            order = self.orders.get(params.get("out_trade_no", ""))
            if order is None or not self.believes(params) or not self.fits(order, params):
                return "failure"
            self.settle(order, params["trade_status"])
        return "success"

    def settle(self, order: Order, status: str) -> None:
        """Move an order forward, never back; its goods are sent once, when it is paid."""
        if status in _PAID and order.state == "WAITING":
            order.state, order.shipped = "PAID", order.shipped + 1
        elif status == "TRADE_CLOSED":
            order.state = "CLOSED"

    def come_back(self, params: dict[str, str]) -> None:
        """The buyer's browser returns: what it carries is the buyer's word, and decides nothing."""


class ShopServer(ThreadedServer):
    """A shop on a port; `with ShopServer(shop) as server:` runs it."""

    def __init__(self, shop: Shop, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(_handler(shop), host, port)

    @property
    def url(self) -> str:
        """Its address."""
        return self.address


def _handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Hands each request to the shop."""

        def do_POST(self) -> None:
            """Make an order, or take a notification."""
            length = min(int(self.headers.get("content-length") or 0), _MOST_BYTES)
            params = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
            if self.path == "/orders":
                shop.place(params["order"], params["amount"])
                self._say("{}", "application/json")
            else:
                self._say(shop.notify(params), "text/plain")

        def do_GET(self) -> None:
            """Say how an order stands, or greet a buyer who returns."""
            parts = urlsplit(self.path)
            if parts.path == "/return":
                shop.come_back(dict(parse_qsl(parts.query)))
                self._say("Thank you; we wait for the payment.", "text/plain")
                return
            order = shop.orders.get(parts.path.rpartition("/")[2], Order(Decimal(0), "NONE"))
            facts = {"state": order.state, "shipped": order.shipped, "amount": str(order.amount)}
            text = json.dumps(facts)
            self._say(text, "application/json")

        def _say(self, text: str, kind: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler
