"""Hand in a file for a dispute."""

import uuid

from config.kernel import transactions
from merchants.disputes import rules
from merchants.disputes.models import Dispute, Evidence
from merchants.disputes.values import LIVE, DisputeState, Side


@transactions.atomic_retry
def hand_in_evidence(
    *, dispute_id: uuid.UUID, side: Side, content_type: str, content: str, note: str
) -> Evidence:
    """Store a file of one side while the dispute is open; the same file again gives the first.

    Args:
        dispute_id: a dispute of the caller's.
        side: whose evidence it is.
        content_type: image/png, image/jpeg or application/pdf.
        content: the file as base64, up to 1 MiB.
        note: what it shows.

    Raises:
        EvidenceRefused: it is no such file, or the side has handed in ten.
        DisputeStateForbids: the dispute is over.

    Locks: the dispute.
    """
    decoded = rules.evidence_bytes(content_type, content)
    row = Dispute.objects.select_for_update().get(id=dispute_id)
    if DisputeState(row.state) not in LIVE:
        raise rules.DisputeStateForbids(state=row.state)
    own = Evidence.objects.filter(dispute=row, side=side)
    for earlier in own:
        if bytes(earlier.content) == decoded:
            return earlier
    if own.count() >= rules.FILES_MAXIMUM:
        raise rules.EvidenceRefused(field="content", files=rules.FILES_MAXIMUM)
    return Evidence.objects.create(
        dispute=row, side=side, content_type=content_type, content=decoded, note=note
    )
