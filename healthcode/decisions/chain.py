"""The chains of decisions: how a row is hashed, and what an untouched house looks like.

Each subject's decisions are chained by keyed hashes. Where each chain begins and ends, and
every piece of evidence, stands in the register (`healthcode.evidence.register`), whose parts
are marked outside the database.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from config.kernel.audit.models import AuditEvent
from healthcode.decisions import rules
from healthcode.decisions.models import Decision, Head
from healthcode.decisions.values import GENESIS
from healthcode.evidence import register
from healthcode.evidence.models import Evidence
from healthcode.evidence.register import Sums
from healthcode.rules.values import Colour
from healthcode.subjects import programme

KEYED_FROM = 3
SUNSET = "health.sunset"
_SEVERE = frozenset({Colour.YELLOW.value, Colour.RED.value})


@dataclass(slots=True)
class Proof:
    """Outcome of a verification: what was read and what does not hold."""

    decisions: int = 0
    evidence: int = 0
    marks: int = 0
    breaks: list[str] = field(default_factory=list)


def members(decision: Decision) -> dict[str, Any]:
    """What a decision's hash covers."""
    until = decision.valid_until
    return {
        "subject": str(decision.subject_id),
        "seq": decision.seq,
        "colour": decision.colour,
        "reasons": decision.reasons,
        "advisories": decision.advisories,
        "rule_set": decision.rule_set,
        "rule_set_hash": decision.rule_set_hash,
        "computed_at": int(decision.computed_at.timestamp() * 1_000_000),
        "valid_until": int(until.timestamp() * 1_000_000) if until else None,
        "trigger": decision.trigger,
        "override": str(decision.override_id) if decision.override_id else None,
        "indeterminate": decision.indeterminate,
        "prev_hash": decision.prev_hash,
    }


def hash_of(decision: Decision) -> str:
    """The hash of a decision: keyed, but for rows of the first two forms."""
    facts = members(decision)
    if decision.schema_version < KEYED_FROM:
        return rules.digest(facts)
    return register.keyed("decision", facts)


def enter_head(sums: Sums, head: Head, *, sign: int = 1) -> None:
    """Count where a chain begins and ends into the register, or out of it."""
    facts = {
        "subject": str(head.subject_id),
        "first_seq": head.first_seq,
        "decision": str(head.decision_id),
        "seq": head.decision.seq,
        "hash": head.decision.hash,
    }
    sums.add(head.subject_id, register.keyed("chain", facts), sign)


def verify_chains() -> Proof:
    """Walk all decisions and all evidence, the register and the marks outside the database.

    Finds decisions and evidence that were edited, added, removed or re-ordered, chains cut
    at either end or removed as a whole, hashes that were rewritten, and a database turned
    back. On PostgreSQL all is read from one snapshot. What retention and erasure delete they
    take off the register, and is no break; after the programme's end nothing may be left.
    """
    proof = Proof()
    outside, proof.breaks = register.marks()
    if programme.final_report() and AuditEvent.objects.filter(action=SUNSET).exists():
        outside = {}
    proof.marks = len(outside)
    fresh = not connection.in_atomic_block
    with transaction.atomic():
        if fresh and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        sums = Sums()
        heads = {
            head.subject_id: head
            for head in Head.objects.select_related("decision").iterator(chunk_size=2000)
        }
        _walk_decisions(heads, proof)
        for head in heads.values():
            enter_head(sums, head)
        _walk_evidence(heads, sums, proof)
        proof.breaks.extend(register.disagreements(sums, outside))
    return proof


def _walk_decisions(heads: dict[uuid.UUID, Head], proof: Proof) -> None:
    last: Decision | None = None
    for row in Decision.objects.order_by("subject_id", "seq").iterator(chunk_size=2000):
        proof.decisions += 1
        if last is not None and last.subject_id == row.subject_id:
            _check_link(last, row, proof)
        else:
            _check_end(last, heads, proof)
            _check_beginning(row, heads, proof)
        if hash_of(row) != row.hash:
            proof.breaks.append(f"{row.subject_id}: decision {row.seq} was edited")
        last = row
    _check_end(last, heads, proof)


def _check_beginning(row: Decision, heads: dict[uuid.UUID, Head], proof: Proof) -> None:
    head = heads.get(row.subject_id)
    if row.seq == 1 and row.prev_hash != GENESIS:
        proof.breaks.append(f"{row.subject_id}: the first decision follows something")
    if head is not None and head.first_seq != row.seq:
        proof.breaks.append(f"{row.subject_id}: decision {head.first_seq} is gone")


def _check_link(last: Decision, row: Decision, proof: Proof) -> None:
    if row.seq != last.seq + 1:
        proof.breaks.append(f"{row.subject_id}: decision {last.seq + 1} is gone")
    elif row.prev_hash != last.hash:
        proof.breaks.append(f"{row.subject_id}: decision {row.seq} does not follow {last.seq}")


def _check_end(last: Decision | None, heads: dict[uuid.UUID, Head], proof: Proof) -> None:
    if last is None:
        return
    head = heads.get(last.subject_id)
    if head is None or head.decision_id != last.id:
        proof.breaks.append(f"{last.subject_id}: the chain ends before its head")


def _walk_evidence(heads: dict[uuid.UUID, Head], sums: Sums, proof: Proof) -> None:
    needed = {
        name: head.subject_id
        for head in heads.values()
        for reason in head.decision.reasons
        if reason["colour"] in _SEVERE
        for name in reason["evidence"]
    }
    for row in Evidence.objects.order_by("id").iterator(chunk_size=2000):
        proof.evidence += 1
        seal = register.seal_of(row)
        sums.add(row.subject_id, seal)
        needed.pop(str(row.id), None)
        if row.seal not in {seal, ""}:
            proof.breaks.append(f"{row.subject_id}: evidence {row.id} was edited")
    proof.breaks.extend(
        f"{subject_id}: evidence {name}, on which the standing colour rests, is gone"
        for name, subject_id in needed.items()
    )
