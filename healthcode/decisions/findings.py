"""What an authority says of one person or one region, under four eyes: the way in for
what the table of kinds lists as findings, and for areas at risk.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from config.kernel import approvals, clock
from config.kernel.actors import operator_actor
from config.kernel.errors import InvalidRequest
from healthcode.decisions.actions import (
    one_by_alias,
    show_subject,
    state_of_subject,
    subject_named,
    target_subject,
)
from healthcode.decisions.queries import rule_set_in_force
from healthcode.decisions.usecases.record_finding import record_finding
from healthcode.evidence.models import RiskArea
from healthcode.evidence.rules import check_past
from healthcode.evidence.usecases.declare_risk_area import declare_risk_area
from healthcode.evidence.values import FINDINGS, EvidenceKind, RiskLevel
from healthcode.rules.library import overlooked
from healthcode.subjects.rules import is_region

RECORD_FINDING = "health.record_finding"
DECLARE_AREA = "health.declare_area"
CASE_CHARACTERS = 64


class FindingRefused(InvalidRequest):
    """What an authority reports cannot be read."""

    code: ClassVar[str] = "finding_refused"
    message: ClassVar[str] = "A finding is of a listed kind, has a moment and that kind's details."


def _moment(parameters: approvals.Parameters, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(parameters.get(name)))
    except ValueError as error:
        raise FindingRefused(field=name, expected="ISO 8601 with a zone") from error
    if moment.tzinfo is None:
        raise FindingRefused(field=name, expected="ISO 8601 with a zone")
    return moment


# ---- a finding about one person ----------------------------------------------------------
def _kind(parameters: approvals.Parameters) -> EvidenceKind:
    name = str(parameters.get("kind"))
    if name not in {kind.value for kind in FINDINGS}:
        raise FindingRefused(field="kind", expected=sorted(kind.value for kind in FINDINGS))
    return EvidenceKind(name)


def details_of(parameters: approvals.Parameters) -> dict[str, Any]:
    """The payload of a finding: the details of its kind, checked.

    Raises:
        FindingRefused: naming what is wrong, or does not belong to the kind.
    """
    kind = _kind(parameters)
    details = parameters.get("details") or {}
    if not isinstance(details, Mapping):
        raise FindingRefused(field="details", expected="an object")
    unknown = sorted(set(details) - set(FINDINGS[kind]))
    if unknown:
        raise FindingRefused(field=f"details.{unknown[0]}", expected=list(FINDINGS[kind]))
    for name, value in details.items():
        if not _is_sound(name, value):
            raise FindingRefused(field=f"details.{name}")
    if kind is EvidenceKind.VACCINATION and set(details) != set(FINDINGS[kind]):
        raise FindingRefused(field="details", expected=list(FINDINGS[kind]))
    return dict(details)


def _is_sound(name: str, value: object) -> bool:
    if name in {"dose", "of"}:
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9
    if name == "region":
        return isinstance(value, str) and is_region(value)
    return isinstance(value, str) and 1 <= len(value.strip()) <= CASE_CHARACTERS


def show_kind(parameters: approvals.Parameters) -> approvals.Facts:
    """What is reported."""
    return {"finding": _kind(parameters).value}


def show_observed(parameters: approvals.Parameters) -> approvals.Facts:
    """Since when."""
    return {"since": f"{_moment(parameters, 'observed_at'):%Y-%m-%d %H:%M %Z}"}


def show_details(parameters: approvals.Parameters) -> approvals.Facts:
    """The kind's details."""
    return details_of(parameters) or {"details": "none"}


def check_finding(parameters: approvals.Parameters) -> None:
    """A person we know, a listed kind, a moment that has been, sound details."""
    subject_named(parameters)
    details_of(parameters)
    check_past(_moment(parameters, "observed_at"), now=clock.now(), field="observed_at")


def foretell_finding(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the person."""
    kind = _kind(parameters)
    rules = rule_set_in_force(subject_named(parameters).region)
    blind = kind.value in overlooked(rules)
    return {
        "evidence": f"{kind.value} of the authority",
        "colour": f"stays: no rule of {rules.version} looks at this"
        if blind
        else f"is decided anew by {rules.version}",
    }


@approvals.action(
    RECORD_FINDING,
    title="Report what the authority finds of a person",
    parameters={
        "subject": show_subject,
        "kind": show_kind,
        "observed_at": show_observed,
        "details": show_details,
    },
    target=target_subject,
    state=state_of_subject,
    check=check_finding,
    effect=foretell_finding,
    stored=one_by_alias,
)
def execute_finding(approved: approvals.Approved) -> approvals.Facts:
    """Record what two operators report."""
    parameters = approved.parameters
    row = record_finding(
        subject_id=subject_named(parameters).id,
        kind=_kind(parameters),
        observed_at=_moment(parameters, "observed_at"),
        payload=details_of(parameters),
        **approved.signatures,
    )
    return {"evidence": str(row.id), "kind": row.kind}


# ---- a region at risk --------------------------------------------------------------------
def _area(parameters: approvals.Parameters) -> tuple[str, RiskLevel, datetime, datetime | None]:
    region, level = str(parameters.get("region")), str(parameters.get("level"))
    if not is_region(region):
        raise FindingRefused(field="region", expected="six digits of GB/T 2260")
    if level not in {row.value for row in RiskLevel}:
        raise FindingRefused(field="level", expected=[row.value for row in RiskLevel])
    begins = _moment(parameters, "valid_from")
    ends = _moment(parameters, "valid_until") if parameters.get("valid_until") else None
    if ends is not None and ends <= begins:
        raise FindingRefused(field="valid_until", expected="after valid_from")
    return region, RiskLevel(level), begins, ends


def show_region(parameters: approvals.Parameters) -> approvals.Facts:
    """Which region."""
    return {"region": parameters.get("region")}


def show_level(parameters: approvals.Parameters) -> approvals.Facts:
    """How much at risk."""
    return {"at risk": parameters.get("level")}


def show_time(parameters: approvals.Parameters) -> approvals.Facts:
    """From when until when."""
    return {
        "from": parameters.get("valid_from"),
        "until": parameters.get("valid_until") or "further notice",
    }


def state_of_area(parameters: approvals.Parameters) -> approvals.Facts:
    """How the region stands."""
    rows = RiskArea.objects.filter(region=str(parameters.get("region")))
    last = rows.order_by("-id").first()
    return {"declared before": rows.count(), "last": last.level if last else "-"}


def foretell_area(parameters: approvals.Parameters) -> approvals.Facts:
    """Whom it concerns."""
    return {
        "everybody who declared a stay there": "is judged anew",
        "everybody who declares one": "is judged by it",
    }


def target_area(parameters: approvals.Parameters) -> str:
    """The region."""
    return f"region:{parameters.get('region')}"


@approvals.action(
    DECLARE_AREA,
    title="Declare a region at risk",
    parameters={
        "region": show_region,
        "level": show_level,
        "valid_from": show_time,
        "valid_until": show_time,
    },
    target=target_area,
    state=state_of_area,
    check=_area,
    effect=foretell_area,
)
def execute_area(approved: approvals.Approved) -> approvals.Facts:
    """Declare what two operators have looked at."""
    region, level, begins, ends = _area(approved.parameters)
    area = declare_risk_area(
        region=region,
        level=level,
        valid_from=begins,
        valid_until=ends,
        declared_by=operator_actor(approved.maker),
        approved_by=operator_actor(approved.checkers[0]),
    )
    return {"area": str(area.id)}
