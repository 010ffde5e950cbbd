"""What clinicians do at the panel: give a preliminary reading its final result, with a second."""

from typing import ClassVar

from config.kernel import approvals
from config.kernel.errors import InvalidRequest, SaomaError
from healthcode.decisions.models import Head
from healthcode.decisions.usecases.sign_off_reading import (
    RESULTS,
    ReadingUnknown,
    open_reading,
    sign_off_at_desk,
)
from healthcode.evidence.labels import evidence_links
from healthcode.evidence.models import Evidence
from healthcode.rules.values import Colour
from healthcode.subjects.labels import subject_link

SIGN_OFF = "health.sign_off_reading"


class ResultRefused(InvalidRequest):
    """A reading is signed off as positive or negative."""

    code: ClassVar[str] = "result_refused"
    message: ClassVar[str] = "A reading is signed off as positive or negative."


def _reading(parameters: approvals.Parameters) -> Evidence:
    return open_reading(approvals.id_in(parameters, "evidence", ReadingUnknown))


def _any_reading(parameters: approvals.Parameters) -> Evidence:
    """The reading, signed off or not: an old request is still read."""
    key = approvals.id_in(parameters, "evidence", ReadingUnknown)
    reading = Evidence.objects.select_related("subject").filter(id=key).first()
    if reading is None:
        raise ReadingUnknown(field="evidence")
    return reading


def show_reading(parameters: approvals.Parameters) -> approvals.Facts:
    """Which reading, of whom, and what the machine says."""
    reading = _any_reading(parameters)
    return {
        "reading": evidence_links([reading.id]),
        "person": subject_link(reading.subject),
        "kind": reading.kind,
        "read as": reading.payload.get("result"),
        "by": reading.payload.get("laboratory"),
        "sample taken": f"{reading.observed_at:%Y-%m-%d %H:%M %Z}",
    }


def show_result(parameters: approvals.Parameters) -> approvals.Facts:
    """What the clinician finds."""
    return {"final result": parameters.get("result")}


def state_of_reading(parameters: approvals.Parameters) -> approvals.Facts:
    """Whether the reading still waits, and how the person stands."""
    reading = _any_reading(parameters)
    try:
        open_reading(reading.id)
        waits = "waits for its final result"
    except SaomaError as error:
        waits = error.message
    head = Head.objects.select_related("decision").filter(subject_id=reading.subject_id).first()
    return {
        "reading": waits,
        "colour": head.decision.colour if head else Colour.UNKNOWN.value,
        "decided": head.decision.seq if head else 0,
    }


def check_sign_off(parameters: approvals.Parameters) -> None:
    """A reading that stands and waits, and one of two results.

    Raises:
        ReadingUnknown, SignedOffAlready: as `open_reading`.
        ResultRefused: another result.
    """
    _reading(parameters)
    if parameters.get("result") not in RESULTS:
        raise ResultRefused(field="result", expected=list(RESULTS))


def foretell_sign_off(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the person."""
    colour = str(state_of_reading(parameters)["colour"])
    becomes = (
        "RED, by a final positive"
        if parameters.get("result") == "positive"
        else "decided anew: the reading counts as negative"
    )
    return {"reading": approvals.change("preliminary", "final"),
            "colour": approvals.change(colour, becomes)}  # fmt: skip


def target_reading(parameters: approvals.Parameters) -> str:
    """The reading."""
    return f"reading:{_any_reading(parameters).id}"


@approvals.action(
    SIGN_OFF,
    title="Sign off a preliminary reading",
    parameters={"evidence": show_reading, "result": show_result},
    target=target_reading,
    state=state_of_reading,
    check=check_sign_off,
    effect=foretell_sign_off,
)
def execute_sign_off(approved: approvals.Approved) -> approvals.Facts:
    """Record the result that two have looked at."""
    row = sign_off_at_desk(
        evidence_id=_any_reading(approved.parameters).id,
        result=str(approved.parameters["result"]),
        **approved.signatures,
    )
    return {"evidence": str(row.id), "result": row.payload["result"]}
