"""A shop on an SDK that knows nothing of Saoma: python-alipay-sdk, unmodified.

    pip install saoma python-alipay-sdk
    saoma up --ephemeral --port 0 --ready-file ready.json &
    python shop.py ready.json 8601 & saoma check --world ready.json http://127.0.0.1:8601

It answers what `saoma check` asks of every merchant: `/orders`, `/orders/<order>`, `/notify` and
`/return`.
"""

import json
import sys
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from alipay import AliPay
from alipay.utils import AliPayConfig

PAID = {"TRADE_SUCCESS", "TRADE_FINISHED"}


class Shop:
    """Orders in memory; an order is paid only by a notification that the SDK has verified."""

    def __init__(self, sdk: AliPay, app_id: str) -> None:
        self.sdk, self.app_id = sdk, app_id
        self.orders: dict[str, dict[str, Any]] = {}

    def place(self, order: str, amount: str) -> None:
        self.orders[order] = {"state": "WAITING", "shipped": 0, "amount": str(Decimal(amount))}

    def notify(self, params: dict[str, str]) -> str:
        order = self.orders.get(params.get("out_trade_no", ""))
        signature = params.pop("sign", "")
        if not self.sdk.verify(dict(params), signature) or params.get("app_id") != self.app_id:
            return "failure"
        if order is None or Decimal(params["total_amount"]) != Decimal(order["amount"]):
            return "failure"
        if params["trade_status"] in PAID and order["state"] == "WAITING":
            order.update(state="PAID", shipped=order["shipped"] + 1)
        elif params["trade_status"] == "TRADE_CLOSED":
            order["state"] = "CLOSED"
        return "success"


def handler(shop: Shop) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            if self.path == "/orders":
                shop.place(form["order"], form["amount"])
                self.say("{}")
            else:
                self.say(shop.notify(form))

        def do_GET(self) -> None:
            order = self.path.partition("?")[0].rpartition("/")[2]
            self.say(json.dumps(shop.orders.get(order, {"state": "NONE", "shipped": 0})))

        def say(self, text: str) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    return Handler


if __name__ == "__main__":
    facts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    mine = next(one for one in facts["shops"] if one["key"] == "baozi")
    sdk = AliPay(
        appid=mine["app_id"],
        app_notify_url=None,
        app_private_key_string=Path(mine["app_private_key_file"]).read_text(encoding="ascii"),
        alipay_public_key_string=facts["gateway_public_key"],
        sign_type="RSA2",
        config=AliPayConfig(timeout=15),
    )
    HTTPServer(("127.0.0.1", int(sys.argv[2])), handler(Shop(sdk, mine["app_id"]))).serve_forever()
