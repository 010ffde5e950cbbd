"""The register: sums over all evidence and all chains, by which what is missing shows.

Each row counts as a keyed hash of what it says; a part of the register is the sum of its
rows' hashes. Whoever can write to the tables can neither make a row that counts nor correct
the sum, and the older sum of an earlier day is told by the mark outside the database.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings

from config.kernel import keys, transactions
from config.kernel.audit import anchors
from config.kernel.audit.anchors import Anchor
from healthcode.evidence.models import Evidence, Register

PARTS = 32
_MODULUS = 1 << 256


@dataclass(slots=True)
class Sum:
    """How many rows there are, and what their hashes add up to."""

    rows: int = 0
    total: int = 0

    def add(self, entry: str, sign: int = 1) -> None:
        """Count a row's keyed hash in, or out."""
        self.rows += sign
        self.total = (self.total + sign * int(entry, 16)) % _MODULUS


@dataclass(slots=True)
class Sums:
    """Sums by part of the register."""

    parts: dict[int, Sum] = field(default_factory=dict)

    def add(self, subject_id: uuid.UUID, entry: str, sign: int = 1) -> None:
        """Count an entry about a subject in, or out."""
        self.parts.setdefault(part_of(subject_id), Sum()).add(entry, sign)


def part_of(subject_id: uuid.UUID) -> int:
    """The part of the register that a subject belongs to."""
    return subject_id.int % PARTS


def keyed(kind: str, facts: Mapping[str, Any]) -> str:
    """HMAC-SHA-256 over what a row of a kind says, under the installation's key."""
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    message = f"{kind}\n{text}".encode()
    return hmac.new(_key(settings.MASTER_KEY), message, hashlib.sha256).hexdigest()


def seal_of(row: Evidence) -> str:
    """The keyed hash of a piece of evidence."""
    facts = {
        "id": str(row.id),
        "subject": str(row.subject_id),
        "kind": str(row.kind),
        "source": str(row.source),
        "source_ref": row.source_ref,
        "status": str(row.status),
        "observed_at": int(row.observed_at.timestamp() * 1_000_000),
        "recorded_at": int(row.recorded_at.timestamp() * 1_000_000),
        "payload": row.payload,
        "schema_version": row.schema_version,
        "retracts": str(row.retracts_id) if row.retracts_id else None,
        "delete_after": int(row.delete_after.timestamp() * 1_000_000),
    }
    return keyed("evidence", facts)


def enter(sums: Sums) -> None:
    """Add what changed to the register, in the caller's transaction.

    Locks: the parts, in order, until commit.
    """
    for part in sorted(sums.parts):
        change = sums.parts[part]
        row, _ = Register.objects.select_for_update().get_or_create(
            part=part, defaults={"total": f"{0:064x}"}
        )
        row.version += 1
        row.rows += change.rows
        row.total = f"{(int(row.total, 16) + change.total) % _MODULUS:064x}"
        row.hash = _hash(row)
        row.save()
        _mark_later(part, Anchor(row.version, row.hash))


def enter_evidence(rows: Iterable[Evidence], *, sign: int = 1) -> None:
    """Add pieces of evidence to the register, or take them off it."""
    sums = Sums()
    for row in rows:
        sums.add(row.subject_id, seal_of(row), sign)
    enter(sums)


def marks() -> tuple[dict[int, Anchor], list[str]]:
    """How far each part has come by the files outside, and which of these were altered.

    Read before the tables are, for what is committed meanwhile is no break.
    """
    anchors_by_part, breaks = {}, []
    for part in range(PARTS):
        try:
            anchor = anchors.mark(_name(part))
        except ValueError as error:
            breaks.append(str(error))
            continue
        if anchor is not None:
            anchors_by_part[part] = anchor
    return anchors_by_part, breaks


def disagreements(read: Sums, outside: Mapping[int, Anchor]) -> Iterator[str]:
    """What the tables, the register and the marks outside tell differently."""
    rows = {row.part: row for row in Register.objects.all()}
    for part in range(PARTS):
        yield from _check_part(part, rows.get(part), read.parts.get(part), outside.get(part))


def _check_part(
    part: int, row: Register | None, read: Sum | None, outside: Anchor | None
) -> Iterator[str]:
    present = read or Sum()
    if row is None:
        if present.rows or outside:
            yield f"part {part} of the register is gone"
        return
    if not hmac.compare_digest(row.hash, _hash(row)):
        yield f"part {part} of the register was edited"
    if row.rows != present.rows:
        yield f"part {part}: the register counts {row.rows} rows, {present.rows} are there"
    elif int(row.total, 16) != present.total:
        yield f"part {part}: a row is not the one that was written"
    if outside is None:
        return
    if row.version < outside.seq:
        yield f"part {part} was turned back behind its mark outside the database"
    elif row.version == outside.seq and row.hash != outside.hash:
        yield f"part {part} is not the one marked outside the database"


def _hash(row: Register) -> str:
    facts = {"part": row.part, "version": row.version, "rows": row.rows, "total": row.total}
    return keyed("register", facts)


def _mark_later(part: int, anchor: Anchor) -> None:
    transactions.on_commit(lambda: anchors.raise_mark(anchor, name=_name(part)))


def _name(part: int) -> str:
    return f"health-{part:02}"


@lru_cache(maxsize=2)
def _key(master_key: str) -> bytes:
    return keys.derive("health-register", 32)
