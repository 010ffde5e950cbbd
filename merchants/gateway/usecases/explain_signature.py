"""Explain why a signature is wrong: the learners' most common dead end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote_plus

from config.kernel import clock
from merchants.gateway import rules, signing, wire
from merchants.gateway.values import UTF_8, Charset
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, SignType

SHOWN: Final = 24
_NEEDED: Final = ("app_id", "sign", "sign_type")
_NO_MATCH: Final = (
    "no_match: the signature fits neither our string nor a usual mistake; check that the "
    "uploaded public key belongs to your private key, and that nothing changed after signing"
)
_SIGN_TYPE_LEFT_OUT: Final = (
    "sign_type_left_out: requests are signed with sign_type in the string; only "
    "notifications leave it out"
)
_NOT_SORTED: Final = "not_sorted: join the parameters in byte order of their names"
_ENCODED: Final = "encoded_values: sign the plain values; percent-encode them afterwards"
_ONLY_CONTENT: Final = (
    "only_biz_content: the string is made of all parameters, not of biz_content alone"
)
_KINDS: Final = {kind.value: kind for kind in SignType}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two strings part, and what stands there in each."""

    position: int
    ours: str
    yours: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The string the gateway builds, whether the signature fits it, and what else we saw."""

    canonical: str
    valid: bool
    findings: list[str]
    difference: Difference | None


def explain_signature(*, query: str, body: str, canonical: str = "") -> Explanation:
    """Build the gateway's string for a request and find what the signature was made over.

    Nothing is stored and nothing private is shown: the string is made of what was sent.

    Args:
        query: the query string, percent-encoded as sent, without the question mark.
        body: the form body, likewise.
        canonical: the string the caller signed, if they have it.

    Raises:
        wire.TooManyParameters: more parameters than the gateway reads.
    """
    raw = wire.read_parameters(
        query.lstrip("?").encode(), body.encode(), "application/x-www-form-urlencoded"
    )
    charset = rules.charset(raw.get(b"charset", b"").decode("latin-1")) or UTF_8
    ours = rules.request_canonical(raw).decode(charset.decoding, "replace")
    app = app_credentials(raw.get(b"app_id", b"").decode("latin-1")) if raw else None
    valid, findings = _judge(raw, app, charset)
    difference = _difference(ours, canonical) if canonical else None
    return Explanation(ours, valid, findings, difference)


def _judge(
    raw: Mapping[bytes, bytes], app: AppCredentials | None, charset: Charset
) -> tuple[bool, list[str]]:
    """Whether the signature is good; if not, what is missing or what it fits instead."""
    missing = [
        name.decode()
        for name in (b"app_id", b"sign", b"sign_type", b"charset")
        if not raw.get(name)
    ]
    if missing:
        return False, [f"missing_parameter: {name}" for name in missing]
    if app is None:
        return False, ["unknown_app: no app has this app_id"]
    if not app.public_keys:
        return False, ["no_key: the app has no public key in force"]
    named = raw[b"sign_type"].decode("latin-1")
    kind = _KINDS.get(named)
    if kind is None:
        return False, [f"unknown_sign_type: {named[:SHOWN]} is neither RSA2 nor RSA"]
    if _fits(app, raw, list(rules.request_candidates(raw)), kind):
        return True, ["valid: the signature fits"]
    found = [
        reason
        for reason, candidate, other in _mistakes(raw, charset, kind)
        if _fits(app, raw, [candidate], other)
    ]
    return False, found or [_NO_MATCH]


def _mistakes(
    raw: Mapping[bytes, bytes], charset: Charset, kind: SignType
) -> Iterator[tuple[str, bytes, SignType]]:
    """Strings that people sign by mistake, each with what to do about it."""
    right = rules.request_canonical(raw)
    other = SignType.RSA if kind is SignType.RSA2 else SignType.RSA2
    without = {name: value for name, value in raw.items() if name != b"sign_type"}
    yield "wrong_hash: signed as " + other.value + " and sent as " + kind.value, right, other
    yield _SIGN_TYPE_LEFT_OUT, rules.request_canonical(without), kind
    as_sent = {name: value for name, value in raw.items() if name != b"sign" and value}
    yield _NOT_SORTED, b"&".join(b"=".join(pair) for pair in as_sent.items()), kind
    encoded = {name: quote_plus(value).encode() for name, value in raw.items()}
    yield _ENCODED, rules.request_canonical(encoded), kind
    yield _ONLY_CONTENT, raw.get(b"biz_content", b""), kind
    wrong = "gbk" if charset.encoding == "utf-8" else "utf-8"
    text = right.decode(charset.decoding, "replace")
    reason = f"wrong_charset: signed in {wrong}, sent as {charset.name}"
    yield reason, text.encode(wrong, "replace"), kind


def _fits(
    app: AppCredentials, raw: Mapping[bytes, bytes], candidates: list[bytes], kind: SignType
) -> bool:
    signature = raw.get(b"sign", b"").decode("latin-1")
    return signing.signed_by_one_of(app.public_keys, candidates, signature, kind, clock.now())


def _difference(ours: str, yours: str) -> Difference | None:
    if ours == yours:
        return None
    position = next(
        (at for at, (a, b) in enumerate(zip(ours, yours, strict=False)) if a != b),
        min(len(ours), len(yours)),
    )
    start = max(0, position - SHOWN // 2)
    end = position + SHOWN
    return Difference(position, ours[start:end], yours[start:end])
