"""First answers of the health code, kept under a reference that leads to nobody's wallet.

The store of answers belongs to the whole product and names its owners as wallets do. An answer
about health beside such a name would join what is kept apart: so here the owner is a keyed hash
of the health code's own reference, and goes when the person is erased. What is asked for a
dependent has an owner of its own, and goes with either of the two.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any, cast

from rest_framework.request import Request
from rest_framework.response import Response

from config.http.idempotency import answer_once
from config.kernel import keys
from config.kernel.idempotency.models import IdempotencyRecord
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import guardianships_of, holder_ref

PURPOSE = "health-answers"
# Fetched anew for each try: the same wish with another of these is the same wish.
_FETCHED = frozenset({"identity_proof"})


def owner_of(reference: str, about: uuid.UUID | None = None) -> str:
    """Under what name somebody's answers are kept, by their reference in the health code.

    `about` is the dependent for whom they ask.
    """
    return _keyed(reference if about is None else f"{reference} for {about}")


def _keyed(text: str) -> str:
    return hmac.new(keys.derive(PURPOSE, 32), text.encode(), hashlib.sha256).hexdigest()


def answer_privately(
    request: Request,
    *,
    endpoint: str,
    run: Callable[[], tuple[int, Any]],
    about: uuid.UUID | None = None,
) -> Response:
    """`answer_once` for whoever is logged in, without a word about who that is.

    All that was asked is fingerprinted with a key of ours: a document's number, or answers to a
    handful of questions about symptoms, would else be guessed from their hash.

    Args:
        request, endpoint, run: as `answer_once`.
        about: whom the request names (`subject_id`), where it names anybody.

    Raises:
        as `answer_once`.
    """
    members = cast("dict[str, Any]", request.data).items()
    wish = {name: value for name, value in members if name not in _FETCHED}
    return answer_once(
        request,
        endpoint=endpoint,
        run=run,
        body=_keyed(json.dumps(wish, sort_keys=True)),
        owner=owner_of(holder_ref(cast("uuid.UUID", request.user.id)), about),
    )


def forget_answers(subject: Subject) -> int:
    """Delete all answers to and about somebody who is erased. Returns how many."""
    return IdempotencyRecord.objects.filter(owner__in=set(_owners(subject))).delete()[0]


def _owners(subject: Subject) -> Iterator[str]:
    """Every name under which answers to a person, or to whoever asked for them, are kept."""
    if subject.holder_ref:
        yield owner_of(subject.holder_ref)
        yield owner_of(subject.holder_ref, subject.id)
    for row in guardianships_of(subject.id):
        if row.dependent_id is not None and row.guardian.holder_ref:
            yield owner_of(row.guardian.holder_ref, row.dependent_id)
