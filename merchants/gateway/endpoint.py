"""One request in, one signed answer out, whatever happens in between.

The order of checks is the order in which a caller with several mistakes hears of
them: size, charset, method, app, method known, signature parameters, signature,
encryption, app in force, content, fields, business. What the caller can read never
depends on Django: the HTTP layer hands in bytes and sends bytes.
"""

import html
import logging
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import Error
from django.templatetags.static import static

from config.kernel import clock
from merchants.certificates.queries import are_our_roots, gateway_certificate, key_of_app
from merchants.consents import rules as consents
from merchants.consents.queries import acted_for
from merchants.gateway import ciphers, errors, faults, schema
from merchants.gateway.dispatcher import APP_METHODS, METHODS
from merchants.gateway.known_methods import known_methods
from merchants.gateway.perform import BusinessFailure, content_of, deciphered, perform
from merchants.gateway.schema import Call, Method, Redirect
from merchants.gateway.scopes import check_scope
from merchants.gateway.usecases.our_signer import our_signer
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, AppState, GatewaySigner, SignType
from merchants.protocol import parameters, rules, signing
from merchants.protocol.formats import moment_of
from merchants.protocol.values import UTF_8, Charset, Envelope, Fault, GatewayFault, Reply
from merchants.workbench.usecases.sample_faults import plan_call
from merchants.workbench.values import NO_FAULTS, FaultPlan

log = logging.getLogger(__name__)

_FORMATS: Final = frozenset({"", "json"})
_SIGN_TYPES: Final = {kind.value: kind for kind in SignType}
_SN: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_APP_ID: Final = re.compile(r"\d{1,32}", re.ASCII)
_LONGEST_NOTIFY_URL: Final = 256
VERSION: Final = "1.0"
# Parameters beside the method's own that are read as text, here or by a method.
_COMMON_TEXTS: Final = (
    *("timestamp", "format", "version", "encrypt_type", "app_auth_token"),
    *("notify_url", "return_url"),
)
_ERROR_PAGE: Final = (
    '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<title>{code}</title><link rel="stylesheet" href="{style}"></head><body><main><h1>错误</h1>'
    "<p>错误代码 {code} 错误原因: {why}</p><p>trace_id {trace}</p></main></body></html>"
)


# The node to be signed, or where a browser is sent.
Result = dict[str, object] | Redirect


@dataclass(slots=True)
class _Exchange:
    """What is known so far; an error is answered with as much of it as there is."""

    envelope: Envelope
    method: str = ""
    app: AppCredentials | None = None
    sign_type: SignType = SignType.RSA2
    # The gateway's certificate, once the app has shown one of its own, or is refused.
    cert_sn: str | None = None
    # Set once the request has been deciphered: from then on the answer is enciphered.
    content_key: bytes | None = None
    plan: FaultPlan = NO_FAULTS

    @property
    def in_browser(self) -> bool:
        """Whether a person waits for a page, rather than a program for JSON."""
        method = METHODS.get(self.method)
        return method is not None and method.page


def new_trace_id() -> str:
    """Make the id under which an answer can be found again: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def answer(
    query: bytes, body: bytes, content_type: str, *, trace_id: str, too_large: bool = False
) -> Reply:
    """Answer one request to /gateway.do.

    Args:
        query: the query string as it was sent.
        body: the body as it was sent; empty when `too_large`.
        content_type: of the body.
        trace_id: goes back to the caller in a header of that name.
        too_large: the body is longer than the gateway reads.
    """
    exchange = _Exchange(Envelope({}, UTF_8))
    signed = True
    result: Result
    try:
        try:
            result = _run(exchange, query, body, content_type, too_large=too_large)
        except GatewayFault:
            _name_certificate(exchange)
            raise
    except GatewayFault as refusal:
        signed = refusal.signed
        result = _fault_node(refusal.fault)
    except Exception:  # The process edge: a caller gets a signed answer, a person the trace.
        log.exception("gateway request failed", extra={"method": exchange.method})
        result = _fault_node(errors.UNKNOWN_ERROR)
    if isinstance(result, Redirect):
        return Reply(b"", "text/html;charset=utf-8", trace_id, result.location)
    if exchange.in_browser:
        return _page(result, trace_id)
    reply = _reply(exchange, result, trace_id, signed=signed)
    plan = exchange.plan
    if plan is NO_FAULTS:
        return reply
    return replace(reply, dropped=plan.drop_answer, faults=plan.names)


def _run(
    exchange: _Exchange, query: bytes, body: bytes, content_type: str, *, too_large: bool
) -> Result:
    """Go through the checks in order and run the method."""
    _open(exchange, query, body, content_type, too_large=too_large)
    app, method = _identify(exchange)
    app = _authenticate(exchange, app)
    actor = _check_terms(exchange.envelope, app, exchange.method)
    exchange.plan = plan_call(app.app_number)
    with faults.inject_faults(exchange.plan, method):
        return _perform(exchange, actor, method)


def _open(
    exchange: _Exchange, query: bytes, body: bytes, content_type: str, *, too_large: bool
) -> None:
    """Read the parameters and what can be known without trusting them."""
    try:
        raw = parameters.read_parameters(query, body, content_type)
    except parameters.TooManyParameters as error:
        raw, too_large = error.read, True
    charset = rules.charset(raw.get(b"charset", b"").decode("latin-1"))
    exchange.envelope = Envelope(raw, charset or UTF_8)
    exchange.method = _loose(raw, b"method", exchange.envelope.charset)
    sign_type_name = _loose(raw, b"sign_type", UTF_8).upper()
    exchange.sign_type = _SIGN_TYPES.get(sign_type_name, SignType.RSA2)
    if too_large:
        raise GatewayFault(errors.INVALID_REQUEST_SIZE)
    if charset is None:
        raise GatewayFault(errors.INVALID_CHARSET)


def verify_string(order: bytes) -> tuple[Envelope, AppCredentials]:
    """Verify a signed string that an app hands the wallet, as a request would be.

    Gives its parameters and who acts in it; which methods it may name is the caller's.

    Raises:
        GatewayFault: it is not signed by the app that it names, or breaks a term.
    """
    exchange = _Exchange(Envelope({}, UTF_8))
    too_large = len(order) > settings.SAOMA_GATEWAY_MAX_BODY
    _open(exchange, b"" if too_large else order, b"", "", too_large=too_large)
    app = _authenticate(exchange, _caller(exchange))
    return exchange.envelope, _check_terms(exchange.envelope, app, exchange.method)


def _identify(exchange: _Exchange) -> tuple[AppCredentials, Method[Any]]:
    """Find out which app and which method are meant."""
    app = _caller(exchange)
    return app, method_called(exchange.method)


def method_called(name: str) -> Method[Any]:
    """Find a method by its name.

    Raises:
        GatewayFault: there is none, and it says whether apps or the real gateway have it.
    """
    method = METHODS.get(name)
    if method is None:
        if name in APP_METHODS:
            raise GatewayFault(errors.METHOD_OF_APPS)
        is_known = name in known_methods()
        raise GatewayFault(errors.METHOD_NOT_OFFERED if is_known else errors.INVALID_METHOD)
    return method


def _caller(exchange: _Exchange) -> AppCredentials:
    """Find the app that a request names, once it names a method."""
    envelope = exchange.envelope
    if not exchange.method:
        raise GatewayFault(errors.MISSING_METHOD)
    app_number = _loose(envelope.raw, b"app_id", envelope.charset)
    if not app_number:
        raise GatewayFault(errors.MISSING_APP_ID)
    app = app_credentials(app_number) if _APP_ID.fullmatch(app_number) else None
    if app is None:
        raise GatewayFault(errors.INVALID_APP_ID, signed=False)
    exchange.app = app
    return app


def _authenticate(exchange: _Exchange, app: AppCredentials) -> AppCredentials:
    """Check that the app signed this request; gives the app as it is known now."""
    raw = exchange.envelope.raw
    signature = raw.get(b"sign", b"").decode("latin-1")
    if not signature:
        raise GatewayFault(errors.MISSING_SIGNATURE)
    if not raw.get(b"sign_type"):
        raise GatewayFault(errors.MISSING_SIGN_TYPE)
    if raw[b"sign_type"].decode("latin-1") not in _SIGN_TYPES:
        raise GatewayFault(errors.INVALID_SIGN_TYPE)
    app = _by_certificate(exchange, app)
    candidates = list(rules.request_candidates(raw))
    certificate, kind = exchange.cert_sn is not None, exchange.sign_type
    signer = signer_of(app, candidates, signature, kind, certificate=certificate)
    signed = rules.without_files(raw) if signer is None else None
    if signed is not None:
        only = [rules.request_canonical(signed)]
        signer = signer_of(app, only, signature, kind, certificate=certificate)
        exchange.envelope = Envelope(signed, exchange.envelope.charset)
    if signer is None:
        canonical = rules.shown_canonical(candidates[0], exchange.envelope.charset)
        raise errors.invalid_signature(canonical)
    exchange.app = signer
    return signer


def _by_certificate(exchange: _Exchange, app: AppCredentials) -> AppCredentials:
    """In certificate mode only the key in the certificate counts, and ours is named too."""
    raw = exchange.envelope.raw
    sn = raw.get(b"app_cert_sn", b"").decode("latin-1")
    if not sn:
        return app
    roots_sn = raw.get(b"alipay_root_cert_sn", b"").decode("latin-1")
    certified_app, exchange.cert_sn = app_by_certificate(app, sn, roots_sn)
    return certified_app


def _name_certificate(exchange: _Exchange) -> None:
    """A client in certificate mode finds our certificate's number in each refusal too."""
    if exchange.cert_sn is None and exchange.envelope.raw.get(b"app_cert_sn"):
        ours = gateway_certificate()
        exchange.cert_sn = None if ours is None else ours.sn


def app_by_certificate(app: AppCredentials, sn: str, roots_sn: str) -> tuple[AppCredentials, str]:
    """The app with the one key that its certificate holds, and our own certificate's number."""
    fresh = app_credentials(app.app_number, fresh=True) or app
    key = key_of_app(fresh, sn) if _SN.fullmatch(sn) else None
    ours = gateway_certificate()
    if key is None or ours is None:
        raise GatewayFault(errors.APP_CERT_UNKNOWN)
    if not are_our_roots(roots_sn):
        raise GatewayFault(errors.INVALID_ROOT_CERT)
    return replace(fresh, public_keys=(key,)), ours.sn


def signer_of(
    app: AppCredentials,
    candidates: Sequence[bytes],
    signature: str,
    kind: SignType,
    *,
    certificate: bool = False,
) -> AppCredentials | None:
    """Give the app, as it is known now, if it signed one of the candidates.

    With a certificate its key alone counts, and it has just been looked up.
    """
    now = clock.now()
    if signing.signed_by_one_of(app.public_keys, candidates, signature, kind, now):
        return app
    if certificate:
        return None
    # A key uploaded in another process a moment ago must work: look once more.
    fresh = app_credentials(app.app_number, fresh=True)
    if fresh is not None and signing.signed_by_one_of(
        fresh.public_keys, candidates, signature, kind, now
    ):
        return fresh
    return None


def _check_terms(envelope: Envelope, app: AppCredentials, method: str) -> AppCredentials:
    """Check the common parameters of a request that is surely the app's; gives who acts."""
    try:
        common = {name: envelope.text(name) for name in _COMMON_TEXTS}
    except UnicodeDecodeError as error:
        raise GatewayFault(errors.INVALID_CHARSET) from error
    if common["format"].lower() not in _FORMATS:
        raise GatewayFault(errors.INVALID_FORMAT)
    if not common["timestamp"]:
        raise GatewayFault(errors.MISSING_TIMESTAMP)
    sent_at = moment_of(common["timestamp"])
    limit_s: int = settings.SAOMA_GATEWAY_MAX_SKEW_S
    if sent_at is None or (limit_s and abs(clock.now() - sent_at) > timedelta(seconds=limit_s)):
        raise GatewayFault(errors.INVALID_TIMESTAMP)
    if not common["version"]:
        raise GatewayFault(errors.MISSING_VERSION)
    if common["version"] != VERSION:
        raise GatewayFault(errors.INVALID_VERSION)
    if common["encrypt_type"] not in ("", "AES"):
        raise GatewayFault(errors.INVALID_ENCRYPT_TYPE)
    if not fits_notify_url(common["notify_url"]):
        raise GatewayFault(errors.INVALID_NOTIFY_URL)
    if app.app_state is not AppState.ACTIVE:
        raise GatewayFault(errors.APP_DISABLED)
    return acting_app(app, common["app_auth_token"], method)


def acting_app(app: AppCredentials, token: str, method: str) -> AppCredentials:
    """The app as it acts: for its own merchant, or for the one whose token it shows.

    The caller stays who signs; whose money moves is the other merchant's, as far as that
    one allowed the method.
    """
    if not token:
        return app
    try:
        subject_id, allowed = acted_for(token, app_number=app.app_number)
    except consents.TokenExpired as error:
        raise GatewayFault(errors.APP_AUTH_TOKEN_TIMED_OUT) from error
    except consents.TokenRefused as error:
        raise GatewayFault(errors.INVALID_APP_AUTH_TOKEN) from error
    subject = app_credentials(subject_id)
    if subject is None or subject.app_state is not AppState.ACTIVE:
        raise GatewayFault(errors.APP_DISABLED)
    actor = replace(
        subject,
        app_number=app.app_number,
        notify_url=app.notify_url,
        public_keys=app.public_keys,
        acting_for=subject.app_number,
        acting_scopes=frozenset(scope.value for scope in allowed),
    )
    declaration = METHODS.get(method) or APP_METHODS.get(method)
    if declaration is None:
        raise GatewayFault(errors.MANDATE_TOO_NARROW)
    check_scope(actor, declaration.scope)
    return actor


def fits_notify_url(address: str) -> bool:
    """Tell whether an address for notifications can be kept; where it leads is tried later."""
    return len(address) <= _LONGEST_NOTIFY_URL and rules.storable(address)


def _perform(
    exchange: _Exchange, app: AppCredentials, method: Method[Any]
) -> dict[str, object] | Redirect:
    """Read the method's form and run it; a business failure becomes its error node."""
    try:
        text = exchange.envelope.text("biz_content")
        beside = {name: exchange.envelope.text(name) for name in method.beside}
    except UnicodeDecodeError as error:
        raise GatewayFault(errors.INVALID_CHARSET) from error
    if not text and not method.beside:
        raise GatewayFault(errors.MISSING_CONTENT)
    if text and exchange.envelope.raw.get(b"encrypt_type"):
        decoding = exchange.envelope.charset.decoding
        text, exchange.content_key = deciphered(text, app_number=app.app_number, decoding=decoding)
    content = content_of(text) | {name: value for name, value in beside.items() if value}
    result = perform(method, Call(app, exchange.envelope), content)
    if isinstance(result, BusinessFailure):
        return _fault_node(result.fault) | dict(result.fields)
    return result if isinstance(result, Redirect) else schema.node_of(result)


def _fault_node(fault: Fault) -> dict[str, object]:
    return {
        "code": fault.code,
        "msg": fault.msg,
        "sub_code": fault.sub_code,
        "sub_msg": fault.sub_msg,
    }


def _reply(exchange: _Exchange, node: dict[str, object], trace_id: str, *, signed: bool) -> Reply:
    """Write the node once, sign those bytes and frame them."""
    charset = exchange.envelope.charset
    text = rules.serialise(node)
    if not rules.cut_safe(text):
        text = rules.serialise({name: rules.cuttable(value) for name, value in node.items()})
    content = rules.encode(text, charset)
    if exchange.content_key is not None:
        content = f'"{ciphers.encrypt(content, exchange.content_key)}"'.encode("ascii")
    signature = None
    signer = _signer(exchange) if signed else None
    if signer is not None:
        signature = signing.sign(signer.key, content, exchange.sign_type)
    method = METHODS.get(exchange.method)
    apart = method is not None and method.errors_apart and "sub_code" in node
    return Reply(
        body=rules.frame(
            rules.ERROR_NODE if apart else rules.node_name(exchange.method),
            content,
            signature,
            exchange.cert_sn if signature else None,
        ),
        content_type=f"text/html;charset={charset.name}",
        trace_id=trace_id,
    )


def _signer(exchange: _Exchange) -> GatewaySigner | None:
    """The key that answers are signed with; None where it cannot be had at all.

    A database that is away is no reason for that: the key is in memory since the first
    answer of this process.
    """
    if exchange.app is not None:
        return exchange.app.gateway_key
    try:
        return our_signer()
    except Error:
        log.exception("no key to sign an answer with")
        return None


def _page(node: dict[str, object], trace_id: str) -> Reply:
    """Refuse in a page: the code without its prefix, the reason, the trace id."""
    prefix, _, rest = str(node["sub_code"]).partition(".")
    code = rest or prefix
    # The string shown for a bad signature is escaped already, as JSON clients know it.
    why = html.escape(html.unescape(str(node["sub_msg"])), quote=False)
    page = _ERROR_PAGE.format(code=code, why=why, trace=trace_id, style=_style())
    return Reply(page.encode(), "text/html;charset=utf-8", trace_id)


def _style() -> str:
    """Where our pages' style lies; "" where no static files were collected."""
    try:
        return static("acceptance/order.css")
    except ValueError:
        return ""


def _loose(raw: Mapping[bytes, bytes], name: bytes, charset: Charset) -> str:
    """Read a parameter that must be answerable even where its bytes are broken."""
    return raw.get(name, b"").decode(charset.decoding, "replace")
