"""Run something once for a client's key and give the first answer ever after."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction

from config.kernel import clock, transactions
from config.kernel.errors import Conflict
from config.kernel.idempotency.models import IdempotencyRecord

KEPT_FOR = timedelta(days=30)


class IdempotencyConflict(Conflict):
    """The key was used before with another body."""

    code = "idempotency_conflict"
    message = "This Idempotency-Key was used with a different request body."


class RequestInFlight(Conflict):
    """The first request with this key is still running."""

    code = "request_in_flight"
    message = "The first request with this Idempotency-Key is still running; try again."


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """What to tell the client: HTTP status, JSON body, and whether it is a repeat."""

    status: int
    body: Any
    replayed: bool


def run_idempotent(
    *, owner: str, endpoint: str, key: str, body: Any, run: Callable[[], tuple[int, Any]]
) -> StoredResponse:
    """Give the stored answer to a known key, or run and store.

    The key is looked up first, before any rule is checked: a repeat after the money has
    gone gets its first answer, not "insufficient funds". A run that raises stores nothing.

    Args:
        owner: whose key it is; keys of different owners never meet.
        endpoint: what is asked for, such as "transfers".
        key: the client's id for one intent, made before sending.
        body: the request's JSON value.
        run: does the work and returns status and JSON body.

    Raises:
        IdempotencyConflict: the key stands for another body.
        RequestInFlight: the first request with it has not ended.

    Locks: the key itself, until the transaction ends (PostgreSQL advisory lock).
    """
    digest = fingerprint(body)
    if (stored := _stored(owner, endpoint, key)) is not None:
        return _replay(stored, digest)
    try:
        return _first_answer(owner, endpoint, key, digest, run)
    except IntegrityError:
        # Lost the race for the key after all; the winner's answer is there to give.
        stored = _stored(owner, endpoint, key)
        if stored is None:
            raise
        return _replay(stored, digest)


def has_answer(*, owner: str, endpoint: str, key: str) -> bool:
    """Whether a key has its first answer: for what is judged outside the key's transaction."""
    return _stored(owner, endpoint, key) is not None


def fingerprint(body: Any) -> str:
    """SHA-256 of the body in ASCII with keys in order, so that spelling does not matter."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def forget_old() -> int:
    """Drop answers older than KEPT_FOR; ids of money stay unique in their own tables."""
    count, _ = IdempotencyRecord.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()
    return count


@transactions.atomic_retry
def _first_answer(
    owner: str, endpoint: str, key: str, digest: str, run: Callable[[], tuple[int, Any]]
) -> StoredResponse:
    _lock(owner, endpoint, key)
    if (stored := _stored(owner, endpoint, key)) is not None:
        return _replay(stored, digest)
    status, body = run()
    with transaction.atomic():
        IdempotencyRecord.objects.create(
            owner=owner,
            endpoint=endpoint,
            key=key,
            fingerprint=digest,
            status=status,
            body=body,
        )
    return StoredResponse(status, body, replayed=False)


def _stored(owner: str, endpoint: str, key: str) -> IdempotencyRecord | None:
    return IdempotencyRecord.objects.filter(owner=owner, endpoint=endpoint, key=key).first()


def _replay(stored: IdempotencyRecord, digest: str) -> StoredResponse:
    if stored.fingerprint != digest:
        raise IdempotencyConflict(key=stored.key, field="Idempotency-Key")
    return StoredResponse(stored.status, stored.body, replayed=True)


def _lock(owner: str, endpoint: str, key: str) -> None:
    """Hold the key until commit; SQLite's single writer needs no lock."""
    if connection.vendor != "postgresql":
        return
    number = transactions.lock_number(owner, endpoint, key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise RequestInFlight(key=key)
