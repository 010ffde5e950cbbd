"""Requests that would succeed, and what is done to them before they are sent.

Content is made from the methods' own declarations: for each field a value that its reader
takes, of a pool of real things where the field's name is known. The pools learn from the
answers, so that a method added tomorrow finds trades, authorisations and tokens of today.
Everything follows from one seed.
"""

import dataclasses
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote_from_bytes

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from config.kernel import clock
from merchants.gateway.dispatcher import METHODS
from merchants.gateway.schema import Form, Method, content_of
from merchants.onboarding.values import SignType
from merchants.protocol.formats import beijing
from merchants.protocol.signing import sign
from tests.gateway.world import FORM, Shop

GENERIC: Final[tuple[Any, ...]] = (
    "1",
    "0.01",
    "0.02",
    "Tea",
    "90m",
    "2027-01-01 00:00:00",
    "2026-11-25",
    "true",
    ["x"],
    [{"x": "1"}],
    {"x": "1"},
    {},
    [],
    True,
    1,
)
CONSTANTS: Final[dict[str, tuple[Any, ...]]] = {
    "scene": ("bar_code", "wave_code", "security_code", "x"),
    "product_code": (
        "FACE_TO_FACE_PAYMENT",
        "FAST_INSTANT_TRADE_PAY",
        "QUICK_WAP_WAY",
        "QUICK_MSECURITY_PAY",
        "TRANS_ACCOUNT_NO_PWD",
        "PRE_AUTH",
        "PRE_AUTH_ONLINE",
        "PREAUTH_PAY",
        "GENERAL_WITHHOLDING",
        "CYCLE_PAY_AUTH",
        "JSAPI_PAY",
    ),
    "biz_scene": ("DIRECT_TRANSFER",),
    "grant_type": ("authorization_code", "refresh_token"),
    "auth_code_type": ("bar_code", "security_code"),
    "payee_type": ("ALIPAY_USERID", "ALIPAY_LOGONID"),
    "query_options": (["fund_bill_list", "trade_settle_info"],),
    "bill_type": ("trade", "signcustomer"),
    "account_type": ("ACCTRANS_ACCOUNT",),
    "royalty_mode": ("sync", "async"),
    "personal_product_code": ("GENERAL_WITHHOLDING_P", "CYCLE_PAY_AUTH_P"),
    "sign_scene": ("INDUSTRY|MEDICAL",),
    "access_params": ({"channel": "ALIPAYAPP"},),
    "auth_confirm_mode": ("COMPLETE", "NOT_COMPLETE"),
}
ODD: Final[tuple[Any, ...]] = (
    "",
    "0",
    "-1",
    "0.001",
    "1e400",
    "100000000.01",
    "99999999999999999999999999",
    "null",
    "[]",
    "{}",
    '"',
    "\x00",
    "\ud83d",
    "}{",
    "中" * 300,
    "x" * 5000,
    "😀",
    "\u202e",
    "1\n2",
    "' OR 1=1 --",
    "%00%ff",
    "<script>",
    None,
    True,
    0,
    -5,
    10**30,
    1.5,
    float("nan"),
    float("inf"),
    [],
    [None],
    {},
    {"a": {"b": {"c": []}}},
    ["x", 1, None, {"y": [True]}],
)
COMMON: Final = (
    "app_id",
    "method",
    "format",
    "charset",
    "sign_type",
    "timestamp",
    "version",
    "notify_url",
    "return_url",
    "app_auth_token",
    "auth_token",
    "encrypt_type",
    "app_cert_sn",
    "alipay_root_cert_sn",
    "biz_content",
    "sign",
    "service",
    "grant_type",
)
CONTENT_TYPES: Final = (
    FORM,
    FORM + ";charset=GBK",
    "",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "x",
)
# A value seen in an answer may serve wherever one of these names is asked for.
ALIKE: Final = {
    "access_token": ("auth_token",),
    "trade_no": ("trade_no",),
    "user_id": ("buyer_id", "payee_user_id", "alipay_user_id"),
    "open_id": ("buyer_open_id",),
    "auth_no": ("auth_no",),
    "operation_id": ("operation_id",),
}
KEPT: Final = 40


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as bytes; `rest` ones go to /v3/ and carry headers."""

    verb: str
    path: str
    query: bytes
    body: bytes
    content_type: str
    method: str
    rest: bool = False
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Maker:
    """Makes requests of one shop; the same seed and the same answers give the same requests."""

    shop: Shop
    key: RSAPrivateKey
    other_key: RSAPrivateKey
    chance: random.Random
    fresh: Callable[[str], str]
    pools: dict[str, list[Any]] = field(default_factory=dict)
    made: int = 0

    def learn(self, node: dict[str, Any]) -> None:
        """Keep what an answer names, for fields of the same name in later requests."""
        for name, value in node.items():
            if isinstance(value, str) and value and name not in ("code", "msg", "sub_msg"):
                for known in {name, *ALIKE.get(name, ())}:
                    pool = self.pools.setdefault(known, [])
                    pool.append(value)
                    del pool[:-KEPT]

    def next(self) -> Sent:
        """Make one request: a good one, damaged in some way or in none."""
        self.made += 1
        name = self.chance.choice((*METHODS, "no.such.method"))
        method = METHODS.get(name)
        content = self._content(method) if method else {}
        if self.chance.random() < 0.5:
            self._damage_content(content)
        if self.chance.random() < 0.12 and method is not None and not method.page:
            return self._rest(name, content)
        return self._old(name, method, content)

    def _content(self, method: Method[Any]) -> dict[str, Any]:
        return self._members(method.form)

    def _members(self, form: type[Form]) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for part in dataclasses.fields(form):
            if not part.metadata["required"] and self.chance.random() < 0.6:
                continue
            inner = part.metadata["parts"]
            if inner is not None and self.chance.random() < 0.8:
                content[part.name] = self._inside(inner, part.metadata["reader"])
                continue
            value = self._fitting(part.name, part.metadata["reader"])
            if value is not None:
                content[part.name] = value
        return content

    def _inside(self, form: type[Form], reader: Callable[[object], object | None]) -> Any:
        """An object of a form inside another, or a list of such, as the reader takes it."""
        members = self._members(form)
        if self.chance.random() < 0.3 and members:
            members[self.chance.choice(list(members))] = self.chance.choice(ODD)
        for value in (members, [members] * self.chance.choice((1, 1, 2, 3_000))):
            try:
                if reader(_as_read(value)) is not None:
                    return value
            except Exception:  # Damaged inside: the gateway's own affair later.
                return self.chance.choice((members, [members]))
        return members

    def _fitting(self, name: str, reader: Callable[[object], object | None]) -> Any:
        """A value for a field: a real one if there is one, else whatever its reader takes."""
        fresh = self.fresh(name)
        known = [fresh] if fresh else []
        known += self.chance.sample(pool, min(2, len(pool))) if (pool := self._pool(name)) else []
        known.append(self.chance.choice(CONSTANTS.get(name, GENERIC)))
        for value in (*known, *CONSTANTS.get(name, ()), *GENERIC):
            try:
                fits = reader(str(value) if isinstance(value, int) else value) is not None
            except Exception:  # A reader that cannot take it: the gateway's own affair later.
                fits = False
            if fits:
                return value
        return None

    def _pool(self, name: str) -> list[Any]:
        return self.pools.get(name, [])

    def _damage_content(self, content: dict[str, Any]) -> None:
        for _ in range(self.chance.randint(1, 3)):
            names = [*content, *self.pools, "out_trade_no", "total_amount", "zzz"]
            name = self.chance.choice(names)
            what = self.chance.random()
            if what < 0.25:
                content.pop(name, None)
            elif what < 0.75:
                content[name] = self.chance.choice(ODD)
            else:
                content[name] = self.chance.choice(self._pool(name) or ODD)

    def _text(self, content: dict[str, Any]) -> str:
        text = json.dumps(content, ensure_ascii=self.chance.random() < 0.3)
        what = self.chance.random()
        if what < 0.04:
            return text[: self.chance.randint(0, len(text))]
        if what < 0.06:
            return "[" * self.chance.choice((3, 20_000)) + text
        if what < 0.08:
            return text.replace(":", self.chance.choice((":{", "::", ",", ":NaN")), 1)
        if what < 0.10:
            return text[:-1] + ',"subject":"a","subject":"b"}'
        return text

    def _old(self, name: str, method: Method[Any] | None, content: dict[str, Any]) -> Sent:
        """A request to /gateway.do, its parameters damaged before or after they are signed."""
        charset = self.chance.choice(("utf-8", "utf-8", "utf-8", "GBK", "gb2312", "UTF-8"))
        kind = self.chance.choice(("RSA2", "RSA2", "RSA2", "RSA"))
        params: dict[str, Any] = {
            "app_id": self.shop.app.app_number,
            "method": name,
            "charset": charset,
            "sign_type": kind,
            "timestamp": beijing(clock.now()),
            "version": "1.0",
        }
        beside = method.beside if method else ()
        if beside and self.chance.random() < 0.7:
            params |= {key: str(content.pop(key)) for key in beside if key in content}
        if content or not beside:
            params["biz_content"] = self._text(content)
        if self.chance.random() < 0.2:
            params["notify_url"] = "http://127.0.0.1:9/notify"
        if self.chance.random() < 0.25:
            self._damage(params)
        params["sign"] = self._sign(params, kind, charset)
        if self.chance.random() < 0.25:
            self._damage(params)
        return self._sent(name, params, charset)

    def _damage(self, params: dict[str, Any]) -> None:
        name = self.chance.choice((*COMMON, *params))
        what = self.chance.random()
        if what < 0.3:
            params.pop(name, None)
        elif what < 0.5 and name in params:
            text = str(params[name])
            place = self.chance.randint(0, len(text))
            params[name] = text[:place] + self.chance.choice("0aZ+/=%& \x00中") + text[place + 1 :]
        else:
            params[name] = str(self.chance.choice(ODD))

    def _sign(self, params: dict[str, Any], kind: str, charset: str) -> str:
        key = self.key if self.chance.random() < 0.96 else self.other_key
        text = "&".join(f"{name}={params[name]}" for name in sorted(params) if params[name])
        return sign(key, _bytes(text, charset), SignType(kind))

    def _sent(self, name: str, params: dict[str, Any], charset: str) -> Sent:
        """Encode and split the parameters; now and then with bytes that mean nothing."""
        if self.chance.random() < 0.03:
            charset = self.chance.choice(("utf-8", "utf-16", "GBK"))
        pairs = [(key, _bytes(str(value), charset)) for key, value in params.items()]
        if self.chance.random() < 0.03:
            pairs.append(self.chance.choice(pairs))
        split = self.chance.random()
        inside = [self.chance.random() < split for _ in pairs]
        query = _joined([pair for pair, held in zip(pairs, inside, strict=True) if not held])
        body = _joined([pair for pair, held in zip(pairs, inside, strict=True) if held])
        verb, kind = "POST", FORM
        noise = self.chance.random()
        if noise < 0.05:
            verb, query, body = "GET", _joined(pairs), b""
        elif noise < 0.08:
            body += self.chance.randbytes(self.chance.randint(1, 30))
        elif noise < 0.10:
            kind = self.chance.choice(CONTENT_TYPES)
        elif noise < 0.105:
            body += b"&" + b"a=1&" * self.chance.choice((150, 4000))
        elif noise < 0.107:
            body += b"&zzz=" + b"x" * 300_000
        return Sent(verb, "/gateway.do", query, body, kind, name)

    def _rest(self, name: str, content: dict[str, Any]) -> Sent:
        """A request to /v3/, signed in its headers."""
        path, query = "/v3/" + name.replace(".", "/"), b""
        if self.chance.random() < 0.03:
            path += self.chance.choice(("/\x00", "\x7f", "/../x", "/%00", "?", "/\xe4\xb8\xad"))
        body = self._text(content).encode("utf-8", "surrogatepass")
        facts = f"app_id={self.shop.app.app_number},nonce={self.made},timestamp=1767294245000"
        if self.chance.random() < 0.1:
            facts = self.chance.choice(("", "app_id=1", facts + ",x=中", facts.replace("1", "")))
        verb = METHODS[name].rest_verb
        if self.chance.random() < 0.1:
            verb = self.chance.choice(("GET", "POST", "PUT", "DELETE"))
        if verb == "GET":
            pairs = [(key, _bytes(str(value), "utf-8")) for key, value in content.items()]
            query, body = _joined(pairs), b""
        target = path + (f"?{query.decode()}" if query else "")
        lines = f"{facts}\n{verb}\n{target}\n".encode() + body + b"\n"
        made = sign(self.key, lines, SignType.RSA2)
        if self.chance.random() < 0.05:
            made = made[::-1]
        headers = {"HTTP_AUTHORIZATION": f"ALIPAY-SHA256withRSA {facts},sign={made}"}
        if self.chance.random() < 0.05:
            headers["HTTP_ALIPAY_APP_AUTH_TOKEN"] = self.chance.choice(("x", "\x00", "\x1f中"))
        if self.chance.random() < 0.05:
            headers["HTTP_ALIPAY_ENCRYPT_TYPE"] = self.chance.choice(("AES", "DES"))
        return Sent(verb, path, query, body, "application/json", name, rest=True, headers=headers)


def _as_read(value: Any) -> Any:
    """A value as the gateway's reader has it: numbers are their own text."""
    text = json.dumps({"x": value})
    return content_of(text)["x"]


def _bytes(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except (UnicodeEncodeError, LookupError):
        return text.encode("utf-8", "surrogatepass")


def _joined(pairs: list[tuple[str, bytes]]) -> bytes:
    return "&".join(f"{key}={quote_from_bytes(value)}" for key, value in pairs).encode()
