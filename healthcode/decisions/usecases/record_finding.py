"""What an authority reports of one person: a case, quarantine, an entry, a vaccination."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config.kernel import transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.usecases.change_evidence import Statement, report
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source


@transactions.atomic_retry
def record_finding(
    *,
    subject_id: uuid.UUID,
    kind: EvidenceKind,
    observed_at: datetime,
    payload: Mapping[str, Any],
    maker: str,
    checkers: tuple[str, ...],
    approval_id: uuid.UUID,
) -> Evidence:
    """Record what two operators say in the authority's name, once for each approval.

    Raises:
        AuthorityRefused: the kind is none that is reported like this, or one operator alone.
        FromTheFuture: it was observed after now.
    """
    row = report(
        authority=Authority(Passage.FINDING, maker, checkers, approval_id),
        statement=Statement(
            subject_id=subject_id,
            kind=kind,
            source=Source.AUTHORITY,
            source_ref=f"finding:{approval_id}",
            observed_at=observed_at,
            payload=payload,
        ),
    )
    chain.record(
        action="health.record_finding",
        actor=operator_actor(maker),
        target=f"subject:{row.subject.alias}",
        after={"kind": kind.value, "evidence": str(row.id), "checkers": list(checkers)},
    )
    return row
