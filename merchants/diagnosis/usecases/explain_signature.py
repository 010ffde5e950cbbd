"""Explain why a request's signature is wrong."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.diagnosis import signing_mistakes, transport_damage
from merchants.diagnosis.translatable_text import TranslatableText
from merchants.onboarding import rules as keys
from merchants.onboarding.models import AppKey
from merchants.onboarding.queries import app_credentials, other_keys_of_owner
from merchants.onboarding.values import AppCredentials, SignType
from merchants.protocol import parameters, rules, signing
from merchants.protocol.values import UTF_8, Charset

SHOWN: Final = 24
_KINDS: Final = {kind.value: kind for kind in SignType}
_CHARSET: Final = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)
_SIZES: Final = frozenset({128, 256, 384, 512})
_OWN_REVOKED: Final = (
    "wrong_key: the signature was made with a revoked key of this app; use the private key "
    "that belongs to the app's active public key"
)
_OF_ANOTHER_APP: Final = {
    "ACTIVE": (
        "wrong_key: the signature was made with an active key of app {app_id}; use the private "
        "key that belongs to the active public key of the app that you name"
    ),
    "RETIRING": (
        "wrong_key: the signature was made with a retiring key of app {app_id}; use the private "
        "key that belongs to the active public key of the app that you name"
    ),
    "REVOKED": (
        "wrong_key: the signature was made with a revoked key of app {app_id}; use the private "
        "key that belongs to the active public key of the app that you name"
    ),
}
_SAME_STRING: Final = (
    "same_string: the string you signed is ours, byte for byte, so the string is right and the "
    "key is not: your private key does not belong to the public key uploaded for this app"
)
_OTHER_KEY: Final = (
    "no_match: the signature was not made with the private key of the public key uploaded for "
    "this app, or it was damaged on the way; upload the public key that belongs to your private "
    "key, and compare the string that you signed with ours"
)
_OTHER_STRING: Final = (
    "no_match: the signature was made with the right private key ({kind}), over another string "
    "than ours, and it is no usual mistake; paste the string that you signed to see where it parts"
)
_AS_PASTED: Final = (
    "other_string: key and hash are right, and you did sign the string that you pasted; it is not "
    "ours, see where they part"
)
_NOT_AS_PASTED: Final = (
    "no_match: the signature was made with the right private key ({kind}), over neither our "
    "string nor the one you pasted; look for what changes the string just before it is signed"
)
_MISSING: Final = "missing_parameter: {name}"
_UNKNOWN_TYPE: Final = "unknown_sign_type: {named} is neither RSA2 nor RSA"
_WRONG_HASH: Final = "wrong_hash: signed as {used} and sent as {named}"
_NOT_ALLOWED: Final = "sign_type_not_allowed: the app's key may not sign as {named}"
_NOT_BASE64: Final = "not_base64: sign is no Base64; send the signature's bytes in Base64"
_CUT_SHORT: Final = (
    "cut_short: the signature has {has} bytes and a whole one {needs} ({letters} letters of "
    "Base64); look for a column or a buffer that is too short"
)
_TOO_LONG: Final = (
    "too_long: the signature has {has} bytes and a whole one {needs}; encode the bytes in Base64 "
    "once, and nothing else"
)
_KEY_SIZE: Final = (
    "key_size: the signature was made with a key of {has} bits, and the uploaded public key has "
    "{needs}: they do not belong together"
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
class _Sent:
    """A request as it is judged: its parameters, and the string that the caller pasted."""

    raw: Mapping[bytes, bytes]
    plus_kept: Mapping[bytes, bytes]
    charset: Charset
    pasted: bytes

    @property
    def readings(self) -> list[tuple[str, bytes]]:
        """The ways to read the signature."""
        return list(transport_damage.signatures(self.raw.get(b"sign", b"")))


@dataclass(frozen=True, slots=True)
class _Verdict:
    """`known`: whether the cause was found."""

    valid: bool
    findings: list[str]
    signed: bytes | None = None
    known: bool = True


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
    query = query.lstrip("?")
    sent = _sent(query, body, content_type, canonical)
    charset = sent.charset
    ours = rules.request_canonical(sent.raw).decode(charset.decoding, "replace")
    app = _app_of(sent)
    verdict = _judge(sent, app)
    if not (verdict.valid or verdict.known):
        for reason, plain_query, plain_body in transport_damage.requests(query, body):
            undone = _sent(plain_query, plain_body, content_type, canonical)
            again = _judge(undone, _app_of(undone))
            if again.valid:
                again = replace(again, findings=[], signed=rules.request_canonical(undone.raw))
            if again.valid or again.known:
                verdict = replace(again, valid=False, findings=[reason, *again.findings])
                app = app or _app_of(undone)
                break
    findings = verdict.findings + _key_findings(app, configured_key)
    signed = (verdict.signed or b"").decode(charset.decoding, "replace")
    theirs = canonical or signed
    difference = difference_of(ours, theirs, charset) if theirs else None
    return Explanation(ours, verdict.valid, findings, difference, signed)


def _sent(query: str, body: str, content_type: str, canonical: str) -> _Sent:
    """Read a request in the charset that it names, or its content type does."""
    raw = parameters.read_parameters(query.encode(), body.encode(), content_type)
    charset_name = raw.get(b"charset", b"").decode("latin-1")
    if not charset_name and (match := _CHARSET.search(content_type)):
        charset_name = match[1]
    charset = rules.charset(charset_name) or UTF_8
    texts = [text.encode(charset.decoding, "replace") for text in (query, body)]
    return _Sent(
        raw=parameters.read_parameters(texts[0], texts[1], content_type),
        plus_kept=parameters.plus_kept(texts[0], texts[1]),
        charset=charset,
        pasted=canonical.encode(charset.decoding, "replace"),
    )


def _app_of(sent: _Sent) -> AppCredentials | None:
    number = sent.raw.get(b"app_id", b"").decode("latin-1")
    return app_credentials(number) if number else None


def _judge(sent: _Sent, app: AppCredentials | None) -> _Verdict:
    """Whether the signature is good; if not, what is missing or what it fits instead."""
    raw = sent.raw
    missing = [name.decode() for name in (b"app_id", b"sign", b"sign_type") if not raw.get(name)]
    if missing:
        return _Verdict(
            False, [TranslatableText.of(_MISSING, name=name) for name in missing], known=False
        )
    if app is None:
        return _Verdict(False, ["unknown_app: no app has this app_id"], known=False)
    if not app.public_keys:
        return _Verdict(False, ["no_key: the app has no public key in force"])
    sign_type_name = raw[b"sign_type"].decode("latin-1")
    kind = _KINDS.get(sign_type_name)
    if kind is None:
        finding = TranslatableText.of(_UNKNOWN_TYPE, named=sign_type_name[:SHOWN])
        return _Verdict(False, [finding], known=False)
    candidates = list(rules.request_candidates(raw))
    signature = raw[b"sign"].decode("latin-1")
    if signing.signed_by_one_of(app.public_keys, candidates, signature, kind, clock.now()):
        return _Verdict(True, ["valid: the signature fits"])
    for reason, signed in sent.readings:
        for key in _keys_in_force(app):
            opened = signing.opened(key, signed)
            if opened is not None:
                return _by_our_key(sent, kind, opened, reason)
    return _by_another_key(sent, app)


def _keys_in_force(app: AppCredentials) -> list[RSAPublicKey]:
    now = clock.now()
    return [key.key for key in app.public_keys if key.retires_at is None or now < key.retires_at]


def _by_our_key(
    sent: _Sent, sign_type: SignType, opened: tuple[SignType, bytes], reason: str
) -> _Verdict:
    """The app's key made the signature: find the string that it is over."""
    kind, hashed = opened
    findings = [reason] if reason else []
    if kind is not sign_type:
        findings.append(TranslatableText.of(_WRONG_HASH, used=kind.value, named=sign_type.value))
    for mistake, signed in _strings(sent):
        if signing.digest(signed, kind) == hashed:
            findings += [mistake] if mistake else []
            return _Verdict(
                False,
                findings or [TranslatableText.of(_NOT_ALLOWED, named=sign_type.value)],
                signed,
            )
    text = _NOT_AS_PASTED if sent.pasted else _OTHER_STRING
    return _Verdict(
        False, [*findings, TranslatableText.of(text, kind=kind.value)], known=bool(findings)
    )


def _strings(sent: _Sent) -> Iterator[tuple[str, bytes]]:
    """What may have been signed: ours, a usual mistake, at last what the caller pasted."""
    yield from (("", candidate) for candidate in rules.request_candidates(sent.raw))
    yield from signing_mistakes.usual_strings(sent.raw, sent.plus_kept, sent.charset)
    if sent.pasted:
        yield _AS_PASTED, sent.pasted
        yield _AS_PASTED, sent.pasted.strip(b"\r\n")


def _by_another_key(sent: _Sent, app: AppCredentials) -> _Verdict:
    """None of the app's keys made the signature: say whose did, or what is wrong with it."""
    readings = sent.readings
    for other in other_keys_of_owner(app.app_number, owner_id=app.owner_id):
        key = keys.load_public_key(other.public_key)
        if any(signing.opened(key, signed) for _, signed in readings):
            return _Verdict(False, [_wrong_key(other, app)])
    if not readings:
        return _Verdict(False, [_NOT_BASE64], known=False)
    needed = sorted(key.key_size // 8 for key in _keys_in_force(app))
    reason, signed = next((one for one in readings if len(one[1]) in needed), readings[0])
    findings, has = [reason] if reason else [], len(signed)
    if has not in needed:
        findings = [reason for reason in findings if reason != transport_damage.PADDING]
        torn = _torn(has, needed[-1] if needed else has)
        return _Verdict(False, [*findings, torn], known=False)
    same = sent.pasted and sent.pasted.strip(b"\r\n") == rules.request_canonical(sent.raw)
    return _Verdict(False, [*findings, _SAME_STRING if same else _OTHER_KEY], known=bool(same))


def _wrong_key(other: AppKey, app: AppCredentials) -> str:
    """Whose key it was: a whole sentence for each, so that every language says all of it."""
    if other.app.app_number == app.app_number:
        return _OWN_REVOKED
    return TranslatableText.of(_OF_ANOTHER_APP[other.state], app_id=other.app.app_number)


def _torn(has: int, needs: int) -> str:
    """What to say of a signature of the wrong length, in bytes."""
    if has in _SIZES:
        return TranslatableText.of(_KEY_SIZE, has=has * 8, needs=needs * 8)
    if has > needs:
        return TranslatableText.of(_TOO_LONG, has=has, needs=needs)
    return TranslatableText.of(_CUT_SHORT, has=has, needs=needs, letters=-(-needs // 3) * 4)


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
