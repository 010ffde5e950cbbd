"""First answers of the health code, kept under a reference that leads to nobody's wallet.

The store of answers belongs to the whole product and names its owners as wallets do. An answer
about health beside such a name would join what is kept apart: so here the owner is a keyed hash
of the health code's own reference, and goes when the person is erased.
"""

import hashlib
import hmac
import uuid
from collections.abc import Callable
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from config.http.idempotency import answer_once
from config.kernel import keys
from config.kernel.idempotency.models import IdempotencyRecord
from healthcode.subjects.queries import holder_ref

PURPOSE = "health-answers"


def owner_of(reference: str) -> str:
    """Under what name somebody's answers are kept, by their reference in the health code."""
    return hmac.new(keys.derive(PURPOSE, 32), reference.encode(), hashlib.sha256).hexdigest()


def answer_privately(
    request: Request, *, endpoint: str, run: Callable[[], tuple[int, Any]], body: Any = None
) -> Response:
    """`answer_once` for whoever is logged in, without a word about who that is.

    What was asked is fingerprinted with a key of ours: answers to a handful of questions about
    symptoms would else be guessed from their hash.

    Raises:
        as `answer_once`.
    """
    owner = owner_of(holder_ref(cast("uuid.UUID", request.user.id)))
    return answer_once(
        request,
        endpoint=endpoint,
        run=run,
        body={"by": owner, "said": request.data if body is None else body},
        owner=owner,
    )


def forget_answers(reference: str) -> int:
    """Delete all answers of somebody who is erased. Returns how many."""
    return IdempotencyRecord.objects.filter(owner=owner_of(reference)).delete()[0]
