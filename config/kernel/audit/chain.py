"""The chain: recording events, hashing, signing the day, proving it all.

Hashes are keyed by the installation's master key: whoever can write to the tables can
still not write rows that hold. After a rotation older rows hold under an older key of the
ring, but no row does under an older key than the row before it. How far the chain has come
stands outside (`anchors`).
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from config.kernel import clock, keys, transactions
from config.kernel.audit import anchors, witnesses
from config.kernel.audit.anchors import Anchor
from config.kernel.audit.models import AuditEvent, AuditHead, AuditRoot, AuditSeal
from config.kernel.logs import request_id

GENESIS = anchors.GENESIS
ANCHOR_EVERY = timedelta(hours=1)
# A chain that is this much older than its newest root outside is not being anchored.
ANCHOR_OVERDUE = timedelta(hours=3)
ROOT_OVERDUE = timedelta(days=2)


@dataclass(slots=True)
class Proof:
    """Outcome of a verification: how many rows were read and what does not hold."""

    events: int = 0
    roots: int = 0
    anchors: int = 0
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
    transactions.on_commit(lambda: anchors.raise_mark(Anchor(event.seq, event.hash)))
    return event


def holds(event: AuditEvent) -> bool:
    """Whether a row is as it was written."""
    if any(hmac.compare_digest(text, event.hash) for text in digests(event)):
        return True
    return event.seq <= sealed_seq() and unkeyed_digest(event) == event.hash


def digest(event: AuditEvent) -> str:
    """HMAC-SHA-256 over the row's facts and the hash before it, under the newest master key."""
    return digests(event)[0]


def digests(event: AuditEvent) -> list[str]:
    """A row's digest under each master key, newest first."""
    facts = _facts(event)
    return [hmac.new(key, facts, hashlib.sha256).hexdigest() for key in _chain_keys(keys.ring())]


def unkeyed_digest(event: AuditEvent) -> str:
    """What rows were chained by before hashes were keyed."""
    return hashlib.sha256(_facts(event)).hexdigest()


@lru_cache(maxsize=2)
def _chain_keys(ring: tuple[str, ...]) -> list[bytes]:
    return keys.derive_from_ring("audit-chain", 32)


def _facts(event: AuditEvent) -> bytes:
    """A row's facts and the hash before it, in a fixed spelling."""
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
    return text.encode()


@transactions.atomic_retry
def sign_root(day: date) -> AuditRoot:
    """Sign where the chain stands for a day; a day has one root, made once."""
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update().get(id=1)
    root = AuditRoot(date=day, seq=head.seq, hash=head.hash, signed_at=clock.now())
    root.signature = signing_key().sign(_root_text(root)).hex()
    stored, _ = AuditRoot.objects.get_or_create(
        date=day,
        defaults={
            "seq": root.seq,
            "hash": root.hash,
            "signed_at": root.signed_at,
            "signature": root.signature,
        },
    )
    return stored


@transactions.atomic_retry
def anchor_head() -> int:
    """Sign where the chain stands into the file outside; returns the row, 0 for none new.

    Locks: the chain's head, so that lines are in order.
    """
    head = AuditHead.objects.select_for_update().filter(id=1).first()
    if head is None or head.seq <= anchors.last_seq():
        return 0
    anchors.append_root(Anchor(head.seq, head.hash), at=clock.now())
    return head.seq


def next_anchor() -> datetime | None:
    """An hour after the first row that no root outside covers yet."""
    first = (
        AuditEvent.objects.filter(seq=anchors.last_seq() + 1).values_list("at", flat=True).first()
    )
    return first + ANCHOR_EVERY if first else None


def verify() -> Proof:
    """Walk the whole chain, every root and what stands outside the database.

    Finds rows that were edited, added, removed or re-ordered, a tail that was cut or
    rewritten, a head that was turned back, and tables that were emptied; and what other
    tables tell differently from the log.
    """
    proof = Proof()
    stations = _anchors_outside(proof)
    roots = {root.seq: root for root in AuditRoot.objects.all()}
    keyed_from = sealed_seq()
    previous, expected, oldest_key = GENESIS, 1, len(keys.ring())
    for event in AuditEvent.objects.order_by("seq").iterator(chunk_size=2000):
        proof.events += 1
        oldest_key = _check_event(event, previous, expected, proof, keyed_from, oldest_key)
        _check_root_at(roots.pop(event.seq, None), event.hash, proof)
        if stations.pop(event.seq, event.hash) != event.hash:
            proof.breaks.append(f"row {event.seq} is not the one anchored outside")
        previous, expected = event.hash, event.seq + 1
    _check_root_at(roots.pop(0, None), GENESIS, proof)
    proof.breaks.extend(f"root of {root.date}: row {root.seq} is gone" for root in roots.values())
    proof.breaks.extend(f"row {seq}, anchored outside, is gone" for seq in sorted(stations))
    _check_head(previous, expected - 1, proof)
    _check_signatures(proof)
    proof.breaks.extend(witnesses.disagreements())
    return proof


def _anchors_outside(proof: Proof) -> dict[int, str]:
    """Hashes by row, as the files outside the database have them."""
    stations: dict[int, str] = {}
    try:
        for anchor in anchors.roots():
            stations[anchor.seq] = anchor.hash
        highest = anchors.mark()
        if highest is not None:
            stations.setdefault(highest.seq, highest.hash)
    except ValueError as error:
        proof.breaks.append(str(error))
    proof.anchors = len(stations)
    overdue = next_anchor()
    if overdue is not None and clock.now() - overdue > ANCHOR_OVERDUE - ANCHOR_EVERY:
        proof.breaks.append("the newest rows are not anchored outside the database")
    return stations


def _check_event(
    event: AuditEvent, previous: str, expected: int, proof: Proof, keyed_from: int, oldest_key: int
) -> int:
    """Note what does not hold of a row; gives how old a key the next row may have."""
    if event.seq != expected:
        proof.breaks.append(f"rows {expected} to {event.seq - 1} are gone")
    elif event.prev_hash != previous:
        proof.breaks.append(f"row {event.seq} does not follow row {event.seq - 1}")
    if event.seq <= keyed_from:
        accepted = [unkeyed_digest(event)]
    else:
        accepted = digests(event)[: oldest_key + 1]
    if event.hash not in accepted:
        proof.breaks.append(f"row {event.seq} was edited")
        return oldest_key
    return oldest_key if event.seq <= keyed_from else accepted.index(event.hash)


def _check_root_at(root: AuditRoot | None, hash_there: str, proof: Proof) -> None:
    if root is not None and root.hash != hash_there:
        proof.breaks.append(f"root of {root.date} does not match row {root.seq}")


def _check_head(last_hash: str, last_seq: int, proof: Proof) -> None:
    head = AuditHead.objects.filter(id=1).first()
    if head is None:
        if last_seq:
            proof.breaks.append("the chain's head is gone")
    elif (head.seq, head.hash) != (last_seq, last_hash):
        proof.breaks.append(f"the chain ends at row {last_seq}, its head says {head.seq}")


def _check_signatures(proof: Proof) -> None:
    for root in AuditRoot.objects.all():
        proof.roots += 1
        texts = (_root_text(root), _old_text(root))
        if not any(anchors.is_signed(root.signature, text) for text in texts):
            proof.breaks.append(f"root of {root.date} carries a wrong signature")
    first = AuditEvent.objects.order_by("seq").values_list("at", flat=True).first()
    if not proof.roots and first is not None and clock.now() - first > ROOT_OVERDUE:
        proof.breaks.append("no signed root is there, though the log is older than two days")


def sealed_seq() -> int:
    """The last row that was chained without a key; 0 where all are keyed."""
    seal = AuditSeal.objects.filter(id=1).first()
    if seal is None or not anchors.is_signed(seal.signature, seal_text(seal.seq, seal.hash)):
        return 0
    return int(seal.seq)


def seal_text(seq: int, hash_there: str) -> bytes:
    """What the signature of a seal covers."""
    return f"saoma/audit-seal/v1\n{seq}\n{hash_there}".encode()


def signing_key() -> Ed25519PrivateKey:
    """The key of roots and of the seal."""
    return anchors.signing_key()


def _root_text(root: AuditRoot) -> bytes:
    at = int(root.signed_at.timestamp() * 1_000_000)
    facts = f"{root.date.isoformat()}\n{root.seq}\n{root.hash}\n{at}"
    return f"saoma/audit-root/v2\n{facts}".encode()


def _old_text(root: AuditRoot) -> bytes:
    """What roots were signed over before the moment was."""
    return f"saoma/audit-root/v1\n{root.date.isoformat()}\n{root.seq}\n{root.hash}".encode()


def last_root_at() -> datetime | None:
    """When the newest root was signed."""
    return AuditRoot.objects.values_list("signed_at", flat=True).first()
