"""The gateway as a Django view, where Django is run without `wsgi_fast_path.DirectGateway`."""

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    StreamingHttpResponse,
)
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from merchants.gateway import developer_log, endpoint, wsgi_fast_path
from merchants.gateway.faults import broken_off


@csrf_exempt
def gateway(request: HttpRequest) -> HttpResponseBase:
    """Answer /gateway.do: GET and POST, always HTTP 200, signed in the body.

    Authorisation: the app's signature. Idempotent by the methods' own numbers.
    """
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    meta = request.META
    length = str(meta.get("CONTENT_LENGTH") or "0")
    try:
        body, too_large = wsgi_fast_path.take_body(
            request.read, int(length) if length.isdigit() else 0
        )
    except UnreadablePostError:
        # The caller hung up in the middle: nobody is left to read a signed answer.
        return HttpResponse(status=400)
    reply = developer_log.answer_and_log(
        endpoint.answer, meta, body, trace_id=endpoint.new_trace_id(), too_large=too_large
    )
    headers = {"trace_id": reply.trace_id}
    if reply.location:
        headers["Location"] = reply.location
    if reply.dropped:
        return StreamingHttpResponse(broken_off(reply.body), headers=headers)
    return HttpResponse(
        reply.body,
        status=302 if reply.location else 200,
        content_type=reply.content_type,
        headers=headers,
    )
