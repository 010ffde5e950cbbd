"""A merchant with a key and customers with codes, for tests of the gateway.

Requests are signed by the reference client's own signing and every answer is held
against all the cut-out rules, so that no test can pass on bytes a client would refuse.
"""

import itertools
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.test import Client

from config.kernel import clock
from lab.mock_merchant import signing
from merchants.onboarding.models import App, GatewayKey, Merchant
from merchants.onboarding.usecases.onboard_sandbox import onboard_sandbox_merchant
from merchants.protocol.formats import beijing
from tests.factories.accounts import make_user
from tests.gateway import cutouts
from wallet.accounts.models import WalletUser
from wallet.payments.usecases.issue_codes import issue_fresh_code

FORM = "application/x-www-form-urlencoded"
COMMON = frozenset(
    {"app_id", "method", "format", "charset", "sign_type", "sign", "timestamp", "version"}
)
_orders = itertools.count(1)


@dataclass(slots=True)
class Told:
    """One answer: the raw bytes, the node, and whether it was signed."""

    raw: bytes
    node: dict[str, Any]
    name: str
    signed: bool
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def sub_code(self) -> str:
        """The business or gateway code of a refusal; empty for success."""
        return str(self.node.get("sub_code", ""))


@dataclass(slots=True)
class Shop:
    """A merchant's app as its developer sees it."""

    merchant: Merchant
    app: App
    private_pem: str
    gateway_pem: str
    http: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    @property
    def gateway_key(self) -> RSAPublicKey:
        """The gateway's public key."""
        key = load_pem_public_key(self.gateway_pem.encode())
        assert isinstance(key, RSAPublicKey)
        return key

    def params(self, method: str, content: object, **common: str) -> dict[str, str]:
        """The signed parameters of a request; a common one set to "" is left out."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        params = {
            "app_id": self.app.app_number,
            "method": method,
            "charset": "utf-8",
            "sign_type": "RSA2",
            "timestamp": beijing(clock.now()),
            "version": "1.0",
            "biz_content": text,
        }
        params = {name: value for name, value in (params | common).items() if value}
        charset, sign_type = params.get("charset", "utf-8"), params.get("sign_type", "RSA2")
        signed = signing.sign_request(params, self.private_pem, sign_type, charset)
        return params | {"sign": common.get("sign", signed)}

    def send(self, params: dict[str, str], *, split: str = "java") -> Told:
        """Send parameters the way a family of clients splits them."""
        charset = params.get("charset", "utf-8")
        query = {name: value for name, value in params.items() if in_query(name, split)}
        body = {name: value for name, value in params.items() if name not in query}
        path = "/gateway.do?" + urlencode(query, encoding=charset)
        if split == "fzlee":
            return told(self.http.get(path), charset)
        data = urlencode(body, encoding=charset).encode()
        content_type = f"{FORM};charset={charset}"
        return told(self.http.generic("POST", path, data, content_type), charset)

    def ask(self, method: str, **content: Any) -> Told:
        """Call a method; the answer must be one that every client accepts."""
        answer = self.send(self.params(method, content))
        self.check(answer)
        return answer

    def check(self, answer: Told) -> None:
        """Hold an answer to every client's rules, under whichever name its node has."""
        name = answer.name.removesuffix("_response")
        assert not cutouts.refusals(answer.raw, name, self.gateway_key)

    def pay(self, code: str, *, order: str = "", amount: str = "12.00", **more: Any) -> Told:
        """alipay.trade.pay with ordinary content."""
        return self.ask(
            "alipay.trade.pay",
            out_trade_no=order or new_order(),
            total_amount=amount,
            subject="茶 Tea",
            scene="bar_code",
            auth_code=code,
            **more,
        )

    def sold(self, buyer: WalletUser, *, amount: str = "12.00", order: str = "") -> str:
        """Sell something for sure; gives the order number."""
        number = order or new_order()
        assert self.pay(fresh_code(buyer), order=number, amount=amount).node["code"] == "10000"
        return number


def in_query(name: str, split: str) -> bool:
    """Whether this family of clients puts a parameter into the query string."""
    if split == "fzlee":
        return True
    if split == "smartwalle":
        return False
    if split == "gopay":
        return name == "charset"
    if split == "java":
        return name in COMMON
    return name != "biz_content"


def told(response: Any, charset: str = "utf-8") -> Told:
    """Read an answer as text first, then as JSON."""
    assert response.status_code == 200
    whole = json.loads(response.content.decode(charset))
    name = next(iter(whole))
    return Told(
        raw=response.content,
        node=whole[name],
        name=name,
        signed="sign" in whole,
        headers=dict(response.headers),
    )


def make_shop(name: str = "Tea House", owner: WalletUser | None = None) -> Shop:
    """A merchant taken through the whole of onboarding."""
    holder = owner or make_user(name="Wang Fang")
    merchant, app, private_pem = onboard_sandbox_merchant(
        name=name, short_name="TEA HOUSE", mcc="5812", city="HANGZHOU", owner_id=holder.id
    )
    gateway_key = GatewayKey.objects.get(state="ACTIVE")
    return Shop(merchant, app, private_pem, gateway_key.public_key)


def fresh_code(buyer: WalletUser) -> str:
    """A payment code as the buyer's phone shows it."""
    return issue_fresh_code(user_id=buyer.id).code


def new_order() -> str:
    """An order number that no other test uses."""
    return f"T{next(_orders):08d}"
