"""Reports that waited for their person: released when that person registers."""

import json

from config.kernel import keys, transactions
from healthcode.decisions.authority import Authority
from healthcode.decisions.fhir import Report, read_report
from healthcode.decisions.models import QuarantinedReport
from healthcode.decisions.usecases.receive_report import Received, record_report
from healthcode.decisions.values import QUARANTINE_SEAL
from healthcode.subjects.models import Subject


@transactions.atomic_retry
def release_quarantine(*, subject: Subject) -> int:
    """Record every report that waits for a subject's document; returns how many waited.

    Again finds nothing. The versions of one report are ordered as if they came now.

    Locks: the reports that wait.
    """
    if not subject.pseudonym:
        return 0
    waiting = QuarantinedReport.objects.filter(pseudonym=subject.pseudonym)
    rows = list(waiting.select_for_update(of=("self",)).select_related("laboratory").order_by("id"))
    for row in rows:
        release_report(row=row, subject=subject)
    return len(rows)


@transactions.atomic_retry
def release_report(
    *, row: QuarantinedReport, subject: Subject, authority: Authority | None = None
) -> Received:
    """Record one report that waited as a report about a subject, and let it go.

    By the document it names; or by the word of operators who know whose it is.
    """
    received = record_report(
        laboratory=row.laboratory,
        report=waiting_report(row),
        subject=subject,
        authority=authority,
    )
    row.delete()
    return received


def waiting_report(row: QuarantinedReport) -> Report:
    """What a report that waits says."""
    content = json.loads(keys.unseal(bytes(row.sealed_content), purpose=QUARANTINE_SEAL))
    return read_report(content)
