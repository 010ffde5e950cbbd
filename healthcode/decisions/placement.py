"""What two people decide about a report that nobody could place: whom it is about.

A laboratory mistyped the document, or wrote one that is no code's. The desk has the person and
the laboratory's slip before it; the report stays the laboratory's, and says what it said.
"""

from typing import ClassVar

from config.kernel import approvals
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import NotFound
from healthcode.decisions.actions import (
    one_by_alias,
    show_subject,
    state_of_subject,
    subject_named,
)
from healthcode.decisions.authority import Authority, Passage
from healthcode.decisions.models import QuarantinedReport
from healthcode.decisions.usecases.release_quarantine import release_report, waiting_report
from healthcode.subjects.rules import ZONE

PLACE_REPORT = "health.place_report"
# As much of a document's number as tells a slip of the keyboard from somebody else.
SHOWN = 4


class ReportNotWaiting(NotFound):
    """No report of that id waits: it was placed, has found its person, or its time is over."""

    code: ClassVar[str] = "report_not_waiting"
    message: ClassVar[str] = "No such report waits for its person."


def _row(parameters: approvals.Parameters) -> QuarantinedReport:
    report_id = approvals.id_in(parameters, "report", ReportNotWaiting)
    report = QuarantinedReport.objects.select_related("laboratory").filter(id=report_id).first()
    if report is None:
        raise ReportNotWaiting(field="report")
    return report


def show_report(parameters: approvals.Parameters) -> approvals.Facts:
    """What waits: number, laboratory, what it says, and the end of the document it names."""
    row = _row(parameters)
    report = waiting_report(row)
    kind, number = report.document
    return {
        "report": approvals.Link(
            f"report {row.number} from {row.laboratory.name}", "health_decisions.QuarantinedReport",
            str(row.id),
        ),
        "says": f"{report.kind.value} {report.result}, "
        f"{report.observed_at(ZONE, now=row.received_at):%Y-%m-%d %H:%M %Z}",
        "about document": f"type {kind}, ending in {number[-SHOWN:]}",
    }  # fmt: skip


def state_of_placement(parameters: approvals.Parameters) -> approvals.Facts:
    """The report's version and how the person stands."""
    return {"report version": _row(parameters).digest, **state_of_subject(parameters)}


def check_placement(parameters: approvals.Parameters) -> None:
    """A report that waits, and a person we know."""
    _row(parameters)
    subject_named(parameters)


def foretell_placement(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the person."""
    return {
        "the report": "becomes evidence of its laboratory about this person",
        "colour": "is decided anew",
        "who places it": "cannot judge the person's correction",
    }


def target_placement(parameters: approvals.Parameters) -> str:
    """The report."""
    return f"quarantined_report:{_row(parameters).id}"


@approvals.action(
    PLACE_REPORT,
    title="Place a report that waits for its person",
    parameters={"report": show_report, "subject": show_subject},
    target=target_placement,
    state=state_of_placement,
    check=check_placement,
    effect=foretell_placement,
    stored=one_by_alias,
)
def execute_placement(approved: approvals.Approved) -> approvals.Facts:
    """Record a report as one about the person whom two operators name."""
    row, subject = _row(approved.parameters), subject_named(approved.parameters)
    number, laboratory = row.number, row.laboratory.name
    by = Authority(Passage.PLACED, approved.maker, approved.checkers, approved.request_id)
    received = release_report(row=row, subject=subject, authority=by)
    chain.record(
        action=PLACE_REPORT,
        actor=operator_actor(approved.maker),
        target=f"subject:{subject.alias}",
        after={"report": number, "laboratory": laboratory, "checkers": list(approved.checkers)},
    )
    return {"state": received.state, "evidence": str(received.evidence_id or "")}
