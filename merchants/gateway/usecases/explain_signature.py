"""Explain why a signature is wrong: the learners' most common dead end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.gateway import mistakes, rules, signing, wire
from merchants.gateway.values import UTF_8, Charset
from merchants.onboarding import rules as keys
from merchants.onboarding.queries import app_credentials, other_keys_of_owner
from merchants.onboarding.values import AppCredentials, SignType

SHOWN: Final = 24
_KINDS: Final = {kind.value: kind for kind in SignType}
_WRONG_KEY: Final = (
    "wrong_key: the signature was made with a {state} key of {whose}; use the private key "
    "that belongs to the app's active public key"
)
_OWN_KEY: Final = (
    "wrong_side: the key your SDK has as the Alipay public key is your app's own public "
    "key; put the gateway's public key there, or every answer looks forged"
)
_STRANGE_KEY: Final = (
    "wrong_side: the key your SDK has as the Alipay public key is not this gateway's; "
    "copy it again from the app's page"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place where two strings part: in characters, in bytes, and what stands there."""

    position: int
    byte: int
    ours: str
    yours: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The string the gateway builds, whether the signature fits it, and what else we saw.

    `signed` is the string that the signature does fit, where we found out; empty where not.
    """

    canonical: str
    valid: bool
    findings: list[str]
    difference: Difference | None
    signed: str = ""


@dataclass(frozen=True, slots=True)
class _Verdict:
    valid: bool
    findings: list[str]
    signed: bytes | None = None


def explain_signature(
    *,
    query: str,
    body: str,
    canonical: str = "",
    configured_key: str = "",
    content_type: str = "application/x-www-form-urlencoded",
) -> Explanation:
    """Build the gateway's string for a request and find what the signature was made over.

    Nothing is stored and nothing private is shown: the string is made of what was sent.

    Args:
        query: the query string, percent-encoded as sent, without the question mark.
        body: the form body, likewise.
        canonical: the string the caller signed, if they have it.
        configured_key: what their SDK has as the Alipay public key, if they wonder.
        content_type: of the body.

    Raises:
        wire.TooManyParameters: more parameters than the gateway reads.
    """
    raw = wire.read_parameters(query.lstrip("?").encode(), body.encode(), content_type)
    charset = rules.charset(raw.get(b"charset", b"").decode("latin-1")) or UTF_8
    ours = rules.request_canonical(raw).decode(charset.decoding, "replace")
    app = app_credentials(raw.get(b"app_id", b"").decode("latin-1")) if raw else None
    verdict = _judge(raw, app, charset)
    findings = verdict.findings + _key_findings(app, configured_key)
    signed = (verdict.signed or b"").decode(charset.decoding, "replace")
    theirs = canonical or signed
    difference = difference_of(ours, theirs, charset) if theirs else None
    return Explanation(ours, verdict.valid, findings, difference, signed)


def _judge(raw: Mapping[bytes, bytes], app: AppCredentials | None, charset: Charset) -> _Verdict:
    """Whether the signature is good; if not, what is missing or what it fits instead."""
    missing = [
        name.decode()
        for name in (b"app_id", b"sign", b"sign_type", b"charset")
        if not raw.get(name)
    ]
    if missing:
        return _Verdict(False, [f"missing_parameter: {name}" for name in missing])
    if app is None:
        return _Verdict(False, ["unknown_app: no app has this app_id"])
    if not app.public_keys:
        return _Verdict(False, ["no_key: the app has no public key in force"])
    named = raw[b"sign_type"].decode("latin-1")
    kind = _KINDS.get(named)
    if kind is None:
        return _Verdict(False, [f"unknown_sign_type: {named[:SHOWN]} is neither RSA2 nor RSA"])
    candidates = list(rules.request_candidates(raw))
    if _fits(app, raw, candidates, kind):
        return _Verdict(True, ["valid: the signature fits"])
    found = [
        mistake
        for mistake in mistakes.usual_mistakes(raw, charset, kind)
        if _fits(app, raw, [mistake.signed], mistake.kind)
    ]
    if found:
        reasons = list(dict.fromkeys(mistake.reason for mistake in found))
        return _Verdict(False, reasons, found[0].signed)
    return _Verdict(False, _wrong_pair(app, raw, candidates, kind) or [mistakes.NO_MATCH])


def _wrong_pair(
    app: AppCredentials, raw: Mapping[bytes, bytes], candidates: Sequence[bytes], kind: SignType
) -> list[str]:
    """Whether another key of the same owner made the signature: the pair is mixed up."""
    signature = raw.get(b"sign", b"").decode("latin-1")
    for other in other_keys_of_owner(app.app_id, owner_id=app.owner_id):
        key = keys.load_public_key(other.public_key)
        if any(signing.verify(key, candidate, signature, kind) for candidate in candidates):
            whose = f"app {other.app.app_id}" if other.app.app_id != app.app_id else "this app"
            return [_WRONG_KEY.format(state=other.state.lower(), whose=whose)]
    return []


def _key_findings(app: AppCredentials | None, configured: str) -> list[str]:
    """Whether what the SDK believes answers with is the gateway's key."""
    if app is None or not configured.strip():
        return []
    try:
        theirs = keys.public_key_text(configured)
    except SaomaError as error:
        return [f"{error.code}: {error.message}"]
    if keys.public_base64(theirs.pem) == app.gateway_key.public_base64:
        return ["gateway_key: the configured Alipay public key is the gateway's; good"]
    own = {keys.public_base64_of(key.key) for key in app.public_keys}
    return [_OWN_KEY if keys.public_base64(theirs.pem) in own else _STRANGE_KEY]


def _fits(
    app: AppCredentials, raw: Mapping[bytes, bytes], candidates: Sequence[bytes], kind: SignType
) -> bool:
    signature = raw.get(b"sign", b"").decode("latin-1")
    return signing.signed_by_one_of(app.public_keys, candidates, signature, kind, clock.now())


def difference_of(ours: str, yours: str, charset: Charset) -> Difference | None:
    """Where two strings part; None where they do not."""
    if ours == yours:
        return None
    position = next(
        (at for at, (a, b) in enumerate(zip(ours, yours, strict=False)) if a != b),
        min(len(ours), len(yours)),
    )
    byte = len(ours[:position].encode(charset.encoding, "replace"))
    start = max(0, position - SHOWN // 2)
    end = position + SHOWN
    return Difference(position, byte, ours[start:end], yours[start:end])
