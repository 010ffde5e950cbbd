"""HTTP around the gateway's edge: bytes in, bytes out, nothing of Django in between."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from merchants.gateway import edge

_DISCARD_BYTES = 1 << 16


@csrf_exempt
def gateway(request: HttpRequest) -> HttpResponse:
    """Answer /gateway.do: GET and POST, always HTTP 200, signed in the body.

    Authorisation: the app's signature. Idempotent by the methods' own numbers.
    """
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    meta = request.META
    limit: int = settings.SAOMA_GATEWAY_MAX_BODY
    try:
        body = request.read(limit + 1) if meta.get("CONTENT_LENGTH") else b""
        too_large = len(body) > limit
        if too_large:
            _discard(request, most=4 * limit)
    except UnreadablePostError:
        # The caller hung up in the middle: nobody is left to read a signed answer.
        return HttpResponse(status=400)
    reply = edge.answer(
        meta.get("QUERY_STRING", "").encode("latin-1"),
        b"" if too_large else body,
        meta.get("CONTENT_TYPE", ""),
        too_large=too_large,
    )
    return HttpResponse(
        reply.body, content_type=reply.content_type, headers={"trace_id": reply.trace_id}
    )


def _discard(request: HttpRequest, *, most: int) -> None:
    """Read on so that the caller finishes sending and hears the answer; not for ever."""
    while most > 0 and (piece := request.read(_DISCARD_BYTES)):
        most -= len(piece)
