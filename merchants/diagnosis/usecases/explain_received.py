"""Explain why what the gateway sent does not verify: a notification, or a return address."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Final

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.acceptance.queries import order_of_owner
from merchants.checkout.return_address import agreement_return, certification_return, order_return
from merchants.consents.usecases.certify_identity import CertificationUnknown, certification
from merchants.diagnosis import received, transport_damage
from merchants.diagnosis.request_parser import FORM, SentRequest
from merchants.diagnosis.usecases.explain_signature import Explanation, difference_of
from merchants.notifications import queries
from merchants.notifications.models import Notification
from merchants.notifications.signed_form import signed_form
from merchants.onboarding import rules as keys
from merchants.onboarding.queries import GatewayKeyMissing, app_credentials, gateway_signer
from merchants.onboarding.values import AppCredentials, SignType
from merchants.protocol import parameters, rules, signing
from merchants.protocol.formats import beijing
from merchants.protocol.values import UTF_8, Charset
from wallet.public import agreement_by_number, payment

_KINDS: Final = {kind.value.encode(): kind for kind in SignType}
_LOOKED_AT: Final = 20
Params = Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True)
class _Got:
    """What was pasted, read; `raw` is decoded, `plus_kept` has plus signs as they stood."""

    raw: Params
    plus_kept: Params
    charset: Charset

    def value(self, name: bytes) -> bytes:
        """A parameter, also where the `&` before it was escaped for a page."""
        return self.raw.get(name) or self.raw.get(b"amp;" + name, b"")

    def text(self, name: bytes) -> str:
        """A parameter that is a number or a name of ours; empty where it cannot be one."""
        value = self.value(name).decode("utf-8", "replace")
        return value if value.isprintable() else ""


def explain_received(
    *, text: str, owner_id: uuid.UUID | None, canonical: str = "", configured_key: str = ""
) -> Explanation:
    """Build the string that is verified, and find what happened to what we sent.

    Nothing is stored. What we sent is looked up among the owner's own notifications and
    orders alone; for anybody else the explanation is made of what was pasted.
    In the difference, ours is what the gateway signed and yours what was pasted.

    Args:
        text: a notification's form or a return address, as it arrived.
        owner_id: the wallet user who asks; None for a stranger.
        canonical: the string that the caller verified, if they have it.
        configured_key: the public key that they verify with, if they wonder.

    Raises:
        wire.TooManyParameters: more parameters than the gateway reads.
        CommandUnreadable: a curl command whose quotes do not close.
    """
    pasted, behind = received.read_received(text)
    got = _read(pasted)
    ours = received.canonical(got.raw)
    app = _own_app(got, owner_id)
    valid, causes, signed = False, [("not_our_signature", "")], b""
    about_key: list[tuple[str, str]] = []
    # A new installation without a key has signed nothing yet.
    with suppress(GatewayKeyMissing):
        valid, causes, signed = _judge(got, owner_id, app)
        about_key = _key_causes(app, configured_key)
    if behind:
        causes.insert(0, ("fragment_before_query", ""))
    checked = canonical.replace("\r\n", "\n").encode(got.charset.decoding, "replace")
    if checked and checked != ours:
        causes.append((received.checked_instead(got.raw, checked), ""))
    causes += about_key
    our_text, sent = (one.decode(got.charset.decoding, "replace") for one in (ours, signed))
    pair = (our_text, canonical) if valid and canonical else (sent, our_text)
    difference = difference_of(*pair, got.charset) if pair[0] else None
    findings = [received.cause_text(code, names) for code, names in causes]
    return Explanation(our_text, valid, findings, difference, sent)


def sent_form(notification: Notification) -> str:
    """The form of a notification's last attempt; as it would go now where there is none."""
    attempt = notification.attempts.order_by("number").last()
    at = clock.now() if attempt is None else attempt.started_at
    return signed_form(notification, gateway_signer(), beijing(at)).decode("ascii")


def _read(pasted: SentRequest) -> _Got:
    query, body = pasted.query, pasted.body
    raw = parameters.read_parameters(query.encode(), body.encode(), pasted.content_type)
    charset = (
        rules.charset((raw.get(b"charset") or raw.get(b"amp;charset", b"")).decode("latin-1"))
        or UTF_8
    )
    texts = [part.encode(charset.decoding, "replace") for part in (query, body)]
    read = parameters.read_parameters(texts[0], texts[1], pasted.content_type)
    return _Got(read, parameters.plus_kept(texts[0], texts[1]), charset)


def _own_app(got: _Got, owner_id: uuid.UUID | None) -> AppCredentials | None:
    number = got.text(b"app_id")
    app = app_credentials(number) if number and owner_id else None
    return app if app is not None and app.owner_id == owner_id else None


def _judge(
    got: _Got, owner_id: uuid.UUID | None, app: AppCredentials | None
) -> tuple[bool, list[tuple[str, str]], bytes]:
    """Whether the signature fits; the causes if not; the string that we signed, if found."""
    ours = received.canonical(got.raw)
    sign = got.value(b"sign")
    kind = _KINDS.get(got.value(b"sign_type") or b"RSA2")
    gateway = gateway_signer().key.public_key()
    if kind is not None and signing.verify(gateway, ours, sign.decode("latin-1"), kind):
        return True, [("valid", "")], ours
    candidates = list(islice(_sent(got, owner_id), _LOOKED_AT))
    if not sign:
        sent = received.canonical(candidates[0]) if candidates else b""
        return False, [("missing_parameter", "sign")], sent
    wrong_kind = [("unknown_sign_type", "")] if kind is None else []
    for reason, signature in transport_damage.signatures(sign):
        opened = signing.opened(gateway, signature)
        if opened is not None:
            hurt = [_of_signature(reason)] if reason else []
            causes, signed = _of_string(got, candidates, opened)
            return False, [*wrong_kind, *hurt, *causes] or [("no_match", "")], signed
    if app is not None and any(
        signing.opened(key.key, signature)
        for key in app.public_keys
        for _, signature in transport_damage.signatures(sign)
    ):
        return False, [("app_signature", "")], b""
    if candidates:
        causes = received.compare(candidates[0], got.raw, got.charset)
        signed = received.canonical(candidates[0])
        return False, [*wrong_kind, ("signature_changed", ""), *causes], signed
    return False, [*wrong_kind, ("not_our_signature", "")], b""


def _of_signature(reason: str) -> tuple[str, str]:
    """What happened to the signature itself on its way."""
    code = reason.partition(":")[0]
    renamed = {"plus_for_space": "plus_to_blank", "encoded_twice": "values_encoded"}
    return renamed.get(code, "signature_changed"), "sign"


def _of_string(
    got: _Got, candidates: list[Params], opened: tuple[SignType, bytes]
) -> tuple[list[tuple[str, str]], bytes]:
    """Our signature over another string than was pasted: find the string, and what changed."""
    kind, hashed = opened
    if signing.digest(received.canonical(got.raw), kind) == hashed:
        return [], received.canonical(got.raw)
    for sent in candidates:
        signed = received.canonical(sent)
        if signing.digest(signed, kind) == hashed:
            return received.compare(sent, got.raw, got.charset), signed
    for code, names, before in received.repairs(got.raw, got.plus_kept, got.charset):
        signed = received.canonical(before)
        if signing.digest(signed, kind) == hashed:
            return [(code, names)], signed
    if candidates:
        return received.compare(candidates[0], got.raw, got.charset), received.canonical(
            candidates[0]
        )
    return [("no_match", "")], b""


def _sent(got: _Got, owner_id: uuid.UUID | None) -> Iterator[Params]:
    """What we sent to the owner's merchants that this may be, the likeliest first."""
    if owner_id is None:
        return
    number, notify_id = got.text(b"out_trade_no"), got.text(b"notify_id")
    if not got.value(b"notify_type") and not notify_id:
        yield from _returned(got, owner_id)
    events = queries.events_of(owner_id)
    if notify_id:
        rows = list(events.filter(notify_id=notify_id))
    else:
        rows = list(events.filter(out_trade_no=number).order_by("-id")[:_LOOKED_AT])
    signer, notify_time = gateway_signer(), got.text(b"notify_time")
    for event in rows if notify_id or number else []:
        times = [beijing(one.started_at) for one in event.attempts.all()]
        times = sorted(times, key=lambda at: (at != notify_time, at)) or [
            beijing(event.occurred_at)
        ]
        for at in times:
            form = signed_form(event, signer, at)
            yield parameters.read_parameters(b"", form, FORM)


def _returned(got: _Got, owner_id: uuid.UUID) -> Iterator[Params]:
    """The returns of an order, an agreement and a certification that it may be."""
    for address in (
        _order_return(got, owner_id),
        _agreement_return(got, owner_id),
        _certification_return(got, owner_id),
    ):
        if address:
            query = address.partition("#")[0].partition("?")[2]
            yield parameters.read_parameters(query.encode(), b"", FORM)


def _order_return(got: _Got, owner_id: uuid.UUID) -> str:
    number = got.text(b"out_trade_no")
    if not number:
        return ""
    order = order_of_owner(number, owner_id=owner_id, app_number=got.text(b"app_id"))
    if order is None or order.payment_id is None:
        return ""
    return order_return(order, payment(order.payment_id))


def _agreement_return(got: _Got, owner_id: uuid.UUID) -> str:
    app, number = _own_app(got, owner_id), got.text(b"agreement_no")
    if app is None or not number:
        return ""
    agreement = agreement_by_number(payee_id=app.merchant_id, number=number)
    return agreement_return(agreement, at=_shown_at(got)) if agreement else ""


def _certification_return(got: _Got, owner_id: uuid.UUID) -> str:
    app, certify_id = _own_app(got, owner_id), got.text(b"certify_id")
    if app is None or not certify_id:
        return ""
    try:
        row = certification(certify_id)
    except CertificationUnknown:
        return ""
    if row.app.app_number != app.app_number:
        return ""
    return certification_return(row, at=_shown_at(got))


def _shown_at(got: _Got) -> str:
    """When the page was shown: nobody kept it but the return itself."""
    return got.text(b"timestamp") or beijing(clock.now())


def _key_causes(app: AppCredentials | None, configured: str) -> list[tuple[str, str]]:
    """Whether the key that they verify with is the gateway's, or their own app's."""
    if not configured.strip():
        return []
    try:
        theirs = keys.public_base64(keys.public_key_text(configured).pem)
    except SaomaError:
        return [("unreadable_key", "")]
    if theirs == gateway_signer().public_base64:
        return [("right_key", "")]
    own = {keys.public_base64_of(key.key) for key in app.public_keys} if app else set()
    return [("own_key" if theirs in own else "strange_key", "")]
