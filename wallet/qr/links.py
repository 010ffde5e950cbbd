"""Links found in codes: our own, the wallets' merchant codes, and everybody else's.

A foreign link is never opened by itself; the reader names its host so that a person
can judge. Source: the wallets' public guides; attacks by deceptive links are common.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from wallet.qr.values import Kind, Level, Reading

MAX_CHARACTERS = 2048
TOKEN_LENGTH = 26
# Crockford's base32: no I, L, O or U, so that no two characters look alike.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILO", "110")
TOKEN = re.compile(f"[{ALPHABET}]{{{TOKEN_LENGTH}}}")
HTTP = re.compile(r"https?://", re.IGNORECASE)
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:\S+")


@dataclass(frozen=True)
class LinkOwner:
    """A wallet that presents its codes as links: by host and path, or by own scheme."""

    profile: str
    pattern: re.Pattern[str]
    form: str


# Some printers leave the scheme out, and the app adds `?t=…` or `#…` to what it shares.
ALIPAY = r"(https?://)?qr\.alipay\.com/"
TAIL = r"\w+/?(\?[^\s#]*)?(#\S*)?"
OWNERS = (
    LinkOwner("alipay", re.compile(f"{ALIPAY}fkx{TAIL}", re.I), "static"),
    LinkOwner("alipay", re.compile(f"{ALIPAY}bax{TAIL}", re.I), "order"),
    LinkOwner("alipay", re.compile(f"{ALIPAY}{TAIL}", re.I), "other"),
    LinkOwner("alipay", re.compile(r"alipay(s|qr)://platformapi/startapp\?.+", re.I), "app"),
    LinkOwner("wechat", re.compile(r"wxp://\w+", re.I), "static"),
    LinkOwner("wechat", re.compile(r"weixin://wxpay/bizpayurl\?.+", re.I), "order"),
    LinkOwner("unionpay", re.compile(r"https://qr\.95516\.com/\S+", re.I), "other"),
)


def own_token(payload: str, *, hosts: Sequence[str]) -> str:
    """Find the token in one of our own links `https://HOST/Q/TOKEN`, or "".

    Printed codes are in capitals, typed ones are not, and people take O for 0 and I or
    L for 1; all are accepted and given in canonical form.
    """
    split = split_link(payload)
    if split is None or split[0] not in {host.lower() for host in hosts}:
        return ""
    match = re.fullmatch(r"/q/([0-9a-z]+)/?", split[1], re.IGNORECASE)
    return canonical_token(match[1]) if match else ""


def canonical_token(text: str) -> str:
    """Give a token as it is stored, or "" when it is none."""
    token = text.upper().translate(LOOKALIKES)
    return token if TOKEN.fullmatch(token) else ""


def split_link(payload: str) -> tuple[str, str] | None:
    """Give host (with port, lower case) and path of a web link; None when it is malformed."""
    if not HTTP.match(payload) or len(payload) > MAX_CHARACTERS or re.search(r"\s", payload):
        return None
    try:
        parts = urlsplit(payload)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return None
    # A name before @ is there to look like the host; nobody prints one honestly.
    if not host or "@" in parts.netloc:
        return None
    return (f"{host}:{port}" if port else host), parts.path


def is_link(payload: str) -> bool:
    """Tell whether a payload is a link of any scheme."""
    return bool(SCHEME.fullmatch(payload))


def is_owned(payload: str) -> bool:
    """Tell whether a payload is a wallet's code link, with or without its scheme."""
    return any(owner.pattern.fullmatch(payload) for owner in OWNERS)


def read_link(payload: str, *, hosts: Sequence[str] = ()) -> Reading:
    """Read a link: ours with its token, a wallet's with its form, others with a warning."""
    web = bool(HTTP.match(payload)) or not SCHEME.fullmatch(payload)
    if web and is_owned(payload) and not HTTP.match(payload):
        payload = f"https://{payload}"
    kind = Kind.URL if web else Kind.URI
    split = split_link(payload)
    if len(payload) > MAX_CHARACTERS or (web and split is None):
        return Reading(
            kind=kind, level=Level.PROFILE, errors=("url_invalid",), strict_errors=("url_invalid",)
        )
    host = split[0] if split else ""
    token = own_token(payload, hosts=hosts)
    if token:
        return Reading(kind=kind, profile="saoma", fields={"host": host, "token": token})
    for owner in OWNERS:
        if owner.pattern.fullmatch(payload):
            return Reading(
                kind=kind,
                profile=owner.profile,
                fields={"url": payload, "issuer": owner.profile, "form": owner.form},
                details=_inner(payload),
            )
    fields = {"url": payload} | ({"host": host} if host else {})
    return Reading(kind=kind, warnings=("unknown link: do not open by itself",), fields=fields)


def _inner(payload: str) -> dict[str, str]:
    """Give the code that an app link wraps, and an order link's reference."""
    query = dict(parse_qsl(payload.partition("?")[2]))
    return {name: query[name] for name in ("qrcode", "pr") if query.get(name)}
