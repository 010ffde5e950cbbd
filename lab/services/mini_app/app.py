"""A mini-app: it knows a person by its own number of them, and forgets them when told to."""

import json
from collections.abc import Callable
from typing import Any

from lab.mock_merchant.client import Answer, Client

HISTORY = "/api/v1/consented-history"
REVOKED = "saoma.consent.revoked"
PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})


class MiniApp:
    """`get` asks the public API with headers; it gives the fields with their `status`."""

    def __init__(self, client: Client, get: Callable[[str, dict[str, str]], Any]) -> None:
        self.client, self._get = client, get
        self.tokens: dict[str, str] = {}  # by open_id
        self.paid: set[str] = set()

    def login(self, auth_code: str) -> str:
        """Turn the code that the phone gave into tokens; gives our number of the person."""
        answer = self.client.call(
            "alipay.system.oauth.token", grant_type="authorization_code", code=auth_code
        )
        self.tokens[answer["open_id"]] = answer["access_token"]
        return str(answer["open_id"])

    def order(self, number: str, amount: str, subject: str, open_id: str) -> Answer:
        """Make an order that this person, and nobody else, pays in the wallet."""
        facts = {"out_trade_no": number, "total_amount": amount, "subject": subject}
        return self.client.call("alipay.trade.create", **facts, buyer_open_id=open_id)

    def receive(self, params: dict[str, str]) -> None:
        """Believe a notification: it alone says that an order is paid, or a consent over."""
        if params.get("msg_method") == REVOKED:
            self.tokens.pop(json.loads(params["biz_content"])["open_id"], None)
        elif params.get("trade_status") in PAID:
            self.paid.add(params["out_trade_no"])

    def favourites(self, token: str) -> Any:
        """What the person bought most, out of what they let us read for that purpose."""
        answer = self._get(HISTORY, {"x-access-token": token})
        counts: dict[str, int] = {}
        for purchase in answer.get("purchases", ()):
            counts[purchase["subject"]] = counts.get(purchase["subject"], 0) + 1
        return answer | {"offer": max(counts, key=lambda name: counts[name], default="")}
