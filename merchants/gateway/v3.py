"""The REST face of the gateway: the same methods under /v3/, signed in headers.

`POST /v3/alipay/trade/pay` is `alipay.trade.pay`; the body is what v2 calls
`biz_content`, with `notify_url` inside. Success is the bare business JSON under a
signed header; a refusal is an HTTP error with `code` and `message`. The authorization
header and the request target are signed as they were sent and never built anew.
"""

import json
import logging
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from config.kernel import clock
from config.kernel.errors import invariant
from merchants.certificates.queries import gateway_certificate
from merchants.gateway import (
    ciphers,
    developer_log,
    endpoint,
    errors,
    faults,
    schema,
    wsgi_fast_path,
)
from merchants.gateway.perform import BusinessFailure, content_of, deciphered, perform
from merchants.gateway.schema import Answer, Call, Method
from merchants.gateway.usecases.our_signer import our_signer
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, AppState, SignType
from merchants.protocol import rules, signing
from merchants.protocol.values import UTF_8, Envelope, Fault, GatewayFault
from merchants.workbench.usecases.sample_faults import plan_call
from merchants.workbench.values import NO_FAULTS, FaultPlan, Protocol

log = logging.getLogger(__name__)

# Codes of the gateway lose their prefix; these are not plain bad requests.
_STATUS_BY_CODE: Final = {"40006": 403, "40005": 429, "20000": 500, "20001": 401}
_STATUS_BY_SUB_CODE: Final = {
    "isv.invalid-signature": 401,
    "isv.missing-signature": 401,
}
_PREFIXES: Final = ("isv.", "isp.", "aop.")
JSON: Final = "application/json;charset=utf-8"
_AWAITING: Final = 202
_REFUSED: Final = 400
_LIFE_DIGITS: Final = 9
_NOT_FOUND: Final = 404
_NOT_ALLOWED: Final = 405


@dataclass(slots=True)
class _Reply:
    """A status and the exact text of the body."""

    status: int
    body: str
    plan: FaultPlan = NO_FAULTS
    headers: dict[str, str] = field(default_factory=dict)


class _WrongVerb(Exception):
    """A path was asked by another verb than its own."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
        self.allowed = allowed


@csrf_exempt
def v3(request: HttpRequest, path: str) -> HttpResponseBase:
    """Answer one REST request; the answer is signed whatever it says.

    Authorisation: the app's signature in the authorization header. Idempotent by the
    methods' own numbers.
    """
    trace_id, started = endpoint.new_trace_id(), time.perf_counter()
    meta: Mapping[str, Any] = request.META
    length = str(meta.get("CONTENT_LENGTH") or "0")
    try:
        body, too_large = wsgi_fast_path.take_body(
            request.read, int(length) if length.isdigit() else 0
        )
    except UnreadablePostError:
        # The caller hung up in the middle: nobody is left to read a signed answer.
        return HttpResponse(status=400)
    try:
        answer = _run(request, path, body, too_large=too_large)
    except GatewayFault as refusal:
        answer = _refusal(refusal.fault)
    except _WrongVerb as wrong:
        answer = _refusal(errors.WRONG_VERB, status=_NOT_ALLOWED)
        answer.headers["Allow"] = wrong.allowed
    except Exception:  # The process edge: a caller gets a signed answer, a person the trace.
        log.exception("gateway request failed", extra={"trace_id": trace_id, "path": path})
        answer = _refusal(errors.UNKNOWN_ERROR)
    developer_log.record(
        Protocol.V3,
        meta,
        body,
        trace_id=trace_id,
        status=answer.status,
        answer=answer.body.encode(),
        started=started,
        faults=answer.plan.names,
    )
    return _signed(answer, trace_id, cert_sn=_cert_sn(meta))


@csrf_exempt
def wrong_base(request: HttpRequest, path: str) -> HttpResponseBase:
    """Tell a client that was given the address of v2 as its base what its base is."""
    fault = Fault("40002", "", "isv.invalid-path", f"REST的地址是 /v3/{path}, 不含 /gateway.do")
    body = _refusal(fault).body
    return _signed(_Reply(_NOT_FOUND, body), endpoint.new_trace_id())


def _cert_sn(meta: Mapping[str, Any]) -> str:
    """Our certificate's number, for a client that names one of its own; else empty."""
    if "app_cert_sn=" not in str(meta.get("HTTP_AUTHORIZATION", "")):
        return ""
    try:
        ours = gateway_certificate()
    except Error:
        return ""
    return "" if ours is None else ours.sn


def _signed(answer: _Reply, trace_id: str, *, cert_sn: str = "") -> HttpResponseBase:
    """Sign an answer in its headers; one that the lab drops ends half way."""
    timestamp, nonce = str(int(clock.now().timestamp() * 1000)), secrets.token_hex(16)
    text = rules.v3_response_canonical(timestamp, nonce, answer.body)
    headers = {
        "alipay-timestamp": timestamp,
        "alipay-nonce": nonce,
        "alipay-signature": signing.sign(our_signer().key, text.encode(), SignType.RSA2),
        "alipay-trace-id": trace_id,
    }
    headers |= answer.headers
    if cert_sn:
        headers["alipay-sn"] = cert_sn
    body = answer.body.encode()
    if answer.plan.drop_answer:
        return StreamingHttpResponse(
            faults.broken_off(body), status=answer.status, content_type=JSON, headers=headers
        )
    return HttpResponse(body, status=answer.status, content_type=JSON, headers=headers)


def _run(request: HttpRequest, path: str, raw: bytes, *, too_large: bool) -> _Reply:
    """Go through the checks in order and run the method."""
    meta: Mapping[str, Any] = request.META
    if too_large:
        raise GatewayFault(errors.INVALID_REQUEST_SIZE)
    try:
        body = raw.decode()
    except UnicodeDecodeError as error:
        raise GatewayFault(errors.INVALID_CHARSET) from error
    method = endpoint.method_called(path.replace("/", "."))
    if method.page:
        raise GatewayFault(errors.INVALID_METHOD)
    if request.method != method.rest_verb:
        raise _WrongVerb(method.rest_verb)
    app = _signer(meta, request.method, body)
    if app.app_state is not AppState.ACTIVE:
        raise GatewayFault(errors.APP_DISABLED)
    app = endpoint.acting_app(app, str(meta.get("HTTP_ALIPAY_APP_AUTH_TOKEN", "")), method.name)
    cipher = str(meta.get("HTTP_ALIPAY_ENCRYPT_TYPE", ""))
    if cipher not in ("", "AES"):
        raise GatewayFault(errors.INVALID_ENCRYPT_TYPE)
    plan = plan_call(app.app_number)
    with faults.inject_faults(plan, method):
        if cipher:
            reply = _perform_enciphered(app, method, body)
        else:
            reply = _perform(app, method, _content_of(request, method, body))
        return replace(reply, plan=plan)


def _content_of(request: HttpRequest, method: Method[Any], body: str) -> dict[str, object]:
    """The business content: a query string's or a body's, and what stands beside it."""
    content = {**request.GET.dict()} if request.method == "GET" else content_of(body)
    beside = {name: request.GET[name] for name in method.beside if name in request.GET}
    return {**content, **beside}


def _perform_enciphered(app: AppCredentials, method: Method[Any], body: str) -> _Reply:
    """Run the method on enciphered content; success is enciphered too, refusals are not."""
    clear, key = deciphered(body, app_number=app.app_number, decoding=UTF_8.decoding)
    reply = _perform(app, method, content_of(clear))
    if reply.status >= _REFUSED:
        return reply
    return _Reply(reply.status, ciphers.encrypt(reply.body.encode(), key))


def _signer(meta: Mapping[str, Any], verb: str, body: str) -> AppCredentials:
    """Find the app that signed, by the header as it was sent."""
    header = rules.v3_authorization(str(meta.get("HTTP_AUTHORIZATION", "")))
    if header is None:
        raise GatewayFault(errors.MISSING_SIGNATURE)
    auth, facts, signature = header
    app_number = facts.get("app_id", "")
    if not app_number:
        raise GatewayFault(errors.MISSING_APP_ID)
    _check_time(facts.get("timestamp", ""), facts.get("expired_seconds", ""))
    app = app_credentials(app_number) if app_number.isascii() and app_number.isdigit() else None
    if app is None:
        raise GatewayFault(errors.INVALID_APP_ID)
    query = str(meta.get("QUERY_STRING", ""))
    target = str(meta["PATH_INFO"]) + (f"?{query}" if query else "")
    token = str(meta.get("HTTP_ALIPAY_APP_AUTH_TOKEN", ""))
    text = rules.v3_request_canonical(auth, verb, target, body, token).encode()
    sn = facts.get("app_cert_sn", "")
    if sn:
        roots_sn = str(meta.get("HTTP_ALIPAY_ROOT_CERT_SN", ""))
        app, _ = endpoint.app_by_certificate(app, sn, roots_sn)
    signer = endpoint.signer_of(app, [text], signature, SignType.RSA2, certificate=bool(sn))
    if signer is None:
        raise errors.invalid_signature(rules.shown_canonical(text, UTF_8))
    return signer


def _check_time(timestamp: str, life_s: str) -> None:
    """Check the header's time, milliseconds since the epoch, and how long it holds, if it says.

    Its age is judged by SAOMA_GATEWAY_MAX_SKEW_S, and by the caller's own `expired_seconds`.
    """
    if not timestamp:
        raise GatewayFault(errors.MISSING_TIMESTAMP)
    if not (timestamp.isascii() and timestamp.isdigit()):
        raise GatewayFault(errors.INVALID_TIMESTAMP)
    age_s = clock.now().timestamp() - int(timestamp[:16]) / 1000
    limit_s: int = settings.SAOMA_GATEWAY_MAX_SKEW_S
    if limit_s and abs(age_s) > limit_s:
        raise GatewayFault(errors.INVALID_TIMESTAMP)
    if life_s and not (life_s.isascii() and life_s.isdigit() and len(life_s) <= _LIFE_DIGITS):
        raise GatewayFault(errors.INVALID_EXPIRED_SECONDS)
    if life_s and age_s > int(life_s):
        raise GatewayFault(errors.REQUEST_EXPIRED)


def _perform(app: AppCredentials, method: Method[Any], content: Mapping[str, object]) -> _Reply:
    """Run the method; what v2 keeps in the envelope comes out of the body here."""
    notify_url = content.get("notify_url") or ""
    if not isinstance(notify_url, str) or not endpoint.fits_notify_url(notify_url):
        raise GatewayFault(errors.INVALID_NOTIFY_URL)
    common = {b"sign_type": SignType.RSA2.value.encode(), b"notify_url": notify_url.encode()}
    result = perform(method, Call(app, Envelope(common, UTF_8)), content)
    if isinstance(result, BusinessFailure):
        return _refusal(result.fault)
    invariant(isinstance(result, Answer), "only page methods redirect")
    assert isinstance(result, Answer)
    node = schema.node_of(result)
    code = node.pop("code", "10000")
    node.pop("msg", None)
    return _Reply(200 if code == "10000" else _AWAITING, rules.serialise(node))


def _refusal(fault: Fault, *, status: int = 0) -> _Reply:
    status = (
        status or _STATUS_BY_SUB_CODE.get(fault.sub_code) or _STATUS_BY_CODE.get(fault.code, 400)
    )
    if fault.sub_code == "ACQ.ACCESS_FORBIDDEN":
        status = 403
    code = fault.sub_code
    if code.startswith(_PREFIXES):
        code = code.partition(".")[2]
    body = {"code": code, "message": fault.sub_msg, "details": [], "links": []}
    return _Reply(status, json.dumps(body, ensure_ascii=False, separators=(",", ":")))
