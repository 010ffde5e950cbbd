"""The chain: recording events, hashing, signing the day, proving it all."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.kernel import clock, keys, transactions
from config.kernel.audit.models import AuditEvent, AuditHead, AuditRoot
from config.kernel.logs import request_id

GENESIS = "0" * 64


@dataclass(slots=True)
class Proof:
    """Outcome of a verification: how many rows were read and what does not hold."""

    events: int = 0
    roots: int = 0
    breaks: list[str] = field(default_factory=list)


@transactions.atomic_retry
def record(
    *,
    action: str,
    actor: str,
    target: str,
    purpose: str = "",
    before: Any = None,
    after: Any = None,
) -> AuditEvent:
    """Append an event to the chain, in the caller's transaction where there is one.

    Args:
        action: `area.verb`, such as "accounts.freeze".
        actor: who, as `operator:7`, `user:2088…`, `system`.
        target: what, as `user:2088…`.
        purpose: why; required by policy for sensitive reads.
        before: state before, JSON values only, personal values masked.
        after: state after, likewise.

    Locks: the chain's head until commit. Keep it off the payment path.
    """
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update().get(id=1)
    event = AuditEvent(
        seq=head.seq + 1,
        at=clock.now(),
        actor=actor,
        action=action,
        target=target,
        purpose=purpose,
        before=before,
        after=after,
        request_id=request_id.get(),
        prev_hash=head.hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    AuditHead.objects.filter(id=1).update(seq=event.seq, hash=event.hash)
    return event


def digest(event: AuditEvent) -> str:
    """SHA-256 over the row's facts and the hash before it, in a fixed spelling."""
    facts = [
        event.seq,
        int(event.at.timestamp() * 1_000_000),
        event.actor,
        event.action,
        event.target,
        event.purpose,
        event.before,
        event.after,
        event.request_id,
        event.prev_hash,
    ]
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@transactions.atomic_retry
def sign_root(day: date) -> AuditRoot:
    """Sign where the chain stands for a day; a day has one root, made once."""
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update().get(id=1)
    root = AuditRoot(date=day, seq=head.seq, hash=head.hash, signed_at=clock.now())
    root.signature = _key().sign(_root_text(root)).hex()
    kept, _ = AuditRoot.objects.get_or_create(
        date=day,
        defaults={"seq": root.seq, "hash": root.hash, "signature": root.signature},
    )
    return kept


def verify() -> Proof:
    """Walk the whole chain and every root. Finds edited, removed and re-ordered rows."""
    proof = Proof()
    roots = {root.seq: root for root in AuditRoot.objects.all()}
    previous, expected = GENESIS, 1
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        proof.events += 1
        _check_event(event, previous, expected, proof)
        _check_root_at(roots.pop(event.seq, None), event.hash, proof)
        previous, expected = event.hash, event.seq + 1
    _check_root_at(roots.pop(0, None), GENESIS, proof)
    proof.breaks.extend(f"root of {root.date}: row {root.seq} is gone" for root in roots.values())
    _check_head(previous, expected - 1, proof)
    _check_signatures(proof)
    return proof


def _check_event(event: AuditEvent, previous: str, expected: int, proof: Proof) -> None:
    if event.seq != expected:
        proof.breaks.append(f"rows {expected} to {event.seq - 1} are gone")
    elif event.prev_hash != previous:
        proof.breaks.append(f"row {event.seq} does not follow row {event.seq - 1}")
    if digest(event) != event.hash:
        proof.breaks.append(f"row {event.seq} was edited")


def _check_root_at(root: AuditRoot | None, hash_there: str, proof: Proof) -> None:
    if root is not None and root.hash != hash_there:
        proof.breaks.append(f"root of {root.date} does not match row {root.seq}")


def _check_head(last_hash: str, last_seq: int, proof: Proof) -> None:
    head = AuditHead.objects.filter(id=1).first()
    if head is not None and (head.seq, head.hash) != (last_seq, last_hash):
        proof.breaks.append(f"the chain ends at row {last_seq}, its head says {head.seq}")


def _check_signatures(proof: Proof) -> None:
    public = _key().public_key()
    for root in AuditRoot.objects.all():
        proof.roots += 1
        try:
            public.verify(bytes.fromhex(root.signature), _root_text(root))
        except (InvalidSignature, ValueError):
            proof.breaks.append(f"root of {root.date} carries a wrong signature")


def _root_text(root: AuditRoot) -> bytes:
    return f"saoma/audit-root/v1\n{root.date.isoformat()}\n{root.seq}\n{root.hash}".encode()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.derive("audit-root", 32))


def last_root_at() -> datetime | None:
    """When the newest root was signed."""
    return AuditRoot.objects.values_list("signed_at", flat=True).first()
