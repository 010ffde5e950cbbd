"""`Idempotency-Key` on the API's POSTs."""

import re
from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel import ids
from config.kernel.errors import InvalidRequest
from config.kernel.idempotency.run_idempotent import has_answer, run_idempotent

REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    location=OpenApiParameter.HEADER,
    required=False,
    type={"type": "string", "pattern": "^[!-~]{1,255}$"},
    description="The client's own id for this intent. The same key with the same body gets "
    "the first answer again (Idempotency-Replayed: true); with another body, 409.",
)


class IdempotencyKeyInvalid(InvalidRequest):
    """The key is empty, too long or holds something other than visible ASCII."""

    code = "idempotency_key_invalid"
    message = "Idempotency-Key must be 1 to 255 visible ASCII characters."


def key_of(request: Request) -> str | None:
    """The request's key, for use cases that keep keys themselves; None without one.

    Raises:
        IdempotencyKeyInvalid: the header is malformed.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise IdempotencyKeyInvalid(field="Idempotency-Key")
    return key


def own_key(request: Request) -> str:
    """The client's idempotency key, or a fresh one that nothing can repeat.

    Raises:
        IdempotencyKeyInvalid: the header is malformed.
    """
    return key_of(request) or f"none-{ids.uuid7()}"


def once_answer(data: Any, *, replayed: bool, status: int = 201) -> Response:
    """The answer to a POST whose use case keeps the key itself."""
    headers = {REPLAYED: "true"} if replayed else {}
    return Response(data, status=status, headers=headers)


def is_answered(request: Request, *, endpoint: str) -> bool:
    """Whether the request's key has its first answer already: nothing is to be judged then.

    Raises:
        IdempotencyKeyInvalid: the header is malformed.
    """
    key = key_of(request)
    return key is not None and has_answer(owner=_owner(request), endpoint=endpoint, key=key)


def answer_once(
    request: Request,
    *,
    endpoint: str,
    run: Callable[[], tuple[int, Any]],
    body: Any = None,
    owner: str = "",
) -> Response:
    """Run a POST's work once for its key; without a key, simply run it.

    Args:
        request: its `user.id` owns the key, its data is the fingerprint.
        endpoint: name of what is asked for.
        run: does the work; returns status and a JSON body.
        body: what is fingerprinted instead of the request's data. A body with a password
            or PIN in it must not be: its hash is stored, and six digits are soon guessed.
        owner: whose key it is, where that is not to be the user's id.

    Raises:
        IdempotencyKeyInvalid: the header is malformed.
        IdempotencyConflict, RequestInFlight: see config.kernel.idempotency.run_idempotent.
    """
    key = key_of(request)
    if key is None:
        status, answer_body = run()
        return Response(answer_body, status=status)
    answer = run_idempotent(
        owner=owner or _owner(request),
        endpoint=endpoint,
        key=key,
        body=request.data if body is None else body,
        run=run,
    )
    return once_answer(answer.body, replayed=answer.replayed, status=answer.status)


def _owner(request: Request) -> str:
    return str(getattr(request.user, "id", "") or "anonymous")
