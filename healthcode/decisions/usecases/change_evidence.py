"""The one gate to a colour: all that may change one passes here.

It knows who acts, on what authority and with which approvals, and stops what the table of
passages (`decisions.authority`) does not let through. What three people have done to
somebody's colour is written down, so that none of them judges the objection to it.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from config.kernel import clock, transactions
from config.kernel.audit import chain
from healthcode.decisions.authority import (
    Authority,
    AuthorityRefused,
    check_people,
    check_report,
)
from healthcode.decisions.models import ColourAct, Override
from healthcode.decisions.queries import overrides_in_force
from healthcode.decisions.rules import is_supported
from healthcode.evidence.models import Evidence
from healthcode.evidence.queries import as_item
from healthcode.evidence.usecases import record_evidence as store
from healthcode.evidence.values import EvidenceKind, Source


@dataclass(frozen=True, slots=True)
class Statement:
    """One piece of evidence that somebody reports about a person.

    Args:
        subject_id: whom it is about.
        kind: what it reports.
        source: in whose name.
        source_ref: the source's own name for it; with `source` it is recorded once.
        observed_at: when it was so.
        payload: the kind's own facts.
        delete_after: an end that was set before; by default the kind's retention.
    """

    subject_id: uuid.UUID
    kind: EvidenceKind
    source: Source
    source_ref: str
    observed_at: datetime
    payload: Mapping[str, Any]
    delete_after: datetime | None = None


@transactions.atomic_retry
def report(*, authority: Authority, statement: Statement) -> Evidence:
    """Record evidence about a person; the colour follows through the outbox.

    Raises:
        AuthorityRefused: the passage does not carry this, or too few people stand behind it.
        FromTheFuture: it was observed after now.
    """
    check_report(check_people(authority), statement.kind, statement.source)
    row = store.record_evidence(
        subject_id=statement.subject_id,
        kind=statement.kind,
        source=statement.source,
        source_ref=statement.source_ref,
        observed_at=statement.observed_at,
        payload=statement.payload,
        delete_after=statement.delete_after,
    )
    _write_down(authority, row.subject_id, evidence_id=row.id)
    return row


@transactions.atomic_retry
def retract_all(*, authority: Authority, evidence_ids: Iterable[uuid.UUID], reason: str) -> int:
    """Retract evidence; returns how many pieces. Again changes nothing.

    A colour by hand ends with its grounds, once what is left would not do for it.

    Raises:
        AuthorityRefused: the passage takes nothing back.
        Evidence.DoesNotExist: there is no such evidence.

    Locks: the evidence.
    """
    if not check_people(authority).retracts:
        raise AuthorityRefused(field="retracts")
    names = sorted(set(evidence_ids))
    for evidence_id in names:
        store.retract_evidence(evidence_id=evidence_id, reason=reason)
    _end_groundless(authority, names, reason)
    return len(names)


def _end_groundless(authority: Authority, taken_back: list[uuid.UUID], reason: str) -> None:
    """End the colours by hand whose grounds are taken back, and write it down.

    What is left must support the colour by itself: a negative test beside a positive one that
    was taken back does not.
    """
    now, names = clock.now(), {str(name) for name in taken_back}
    subjects = Evidence.objects.filter(id__in=taken_back).values_list("subject_id", flat=True)
    for subject_id in set(subjects):
        for override in overrides_in_force(subject_id, at=now):
            if not names & set(override.evidence) or _is_supported(override):
                continue
            Override.objects.filter(id=override.id, ended_at__isnull=True).update(ended_at=now)
            chain.record(
                action="health.override_ended",
                actor=authority.actor,
                target=f"subject:{override.subject.alias}",
                purpose=reason,
                after={"id": str(override.id), "colour": override.colour},
            )


def _is_supported(override: Override) -> bool:
    """Whether the grounds that have not been taken back still do for a colour by hand."""
    rows = Evidence.objects.filter(
        id__in=override.evidence, retracts__isnull=True, evidence__isnull=True
    )
    return is_supported(override.reason, override.colour, map(as_item, rows))


@transactions.atomic_retry
def put_override(
    *, authority: Authority, subject_id: uuid.UUID, approval_id: uuid.UUID, facts: Mapping[str, Any]
) -> tuple[Override, bool]:
    """Put a colour by hand in force, once for each approval and person.

    Returns the override, and whether it is new.

    Raises:
        AuthorityRefused: the passage sets no colour, or too few people stand behind it.
    """
    if not check_people(authority).overrides:
        raise AuthorityRefused(field="overrides")
    override, is_new = Override.objects.get_or_create(
        approval_id=approval_id, subject_id=subject_id, defaults=dict(facts)
    )
    if is_new:
        _write_down(authority, subject_id, override=override)
    return override, is_new


@transactions.atomic_retry
def end_override(*, authority: Authority, override: Override) -> None:
    """End a colour by hand before its time; one that is over stays as it is.

    Raises:
        AuthorityRefused: the passage ends none.

    Locks: the override.
    """
    if not check_people(authority).overrides:
        raise AuthorityRefused(field="overrides")
    running = Override.objects.filter(id=override.id, ended_at__isnull=True)
    running.update(ended_at=clock.now())


def _write_down(
    authority: Authority,
    subject_id: uuid.UUID,
    *,
    evidence_id: uuid.UUID | None = None,
    override: Override | None = None,
) -> None:
    """Keep which operators stand behind a piece of evidence or an override."""
    acts = ColourAct.objects.filter(subject_id=subject_id, passage=authority.passage)
    acts = acts.filter(evidence=evidence_id) if evidence_id else acts.filter(override=override)
    if not authority.people or acts.exists():
        return
    ColourAct.objects.create(
        subject_id=subject_id,
        evidence_id=evidence_id,
        override=override,
        passage=authority.passage,
        people=list(authority.people),
        approval_id=authority.approval_id,
    )
