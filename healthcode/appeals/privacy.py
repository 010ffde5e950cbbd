"""The privacy notice, made of what the code does: flows, retention, rights."""

from dataclasses import asdict
from typing import Any

from config.kernel.flows import FLOWS
from healthcode.decisions.usecases.purge import SUPERSEDED_DAYS
from healthcode.evidence.values import RETENTION_DAYS, EvidenceKind
from healthcode.subjects.rules import CLOSED_KEPT
from healthcode.verification import rules as gates

STANDING = "later only while a standing yellow or red rests on it"


def notice() -> dict[str, Any]:
    """What leaves, what is kept how long, and what one can do."""
    return {
        "flows": [asdict(flow) for flow in FLOWS],
        "retention": retention(),
        "rights": {
            "see": "GET /api/v1/health/me",
            "see who looked": "GET /api/v1/health/access-log",
            "object": "POST /api/v1/health/corrections",
            "be forgotten": "POST /api/v1/health/erasures",
        },
    }


def retention() -> list[dict[str, Any]]:
    """How long each kind of data is kept, and what happens then."""
    evidence = RETENTION_DAYS
    rows: list[tuple[str, int, str]] = [
        ("stays and overlaps", evidence[EvidenceKind.AREA_STAY], "deleted"),
        ("tests and declarations", evidence[EvidenceKind.NAAT], f"deleted; {STANDING}"),
        ("superseded decisions", SUPERSEDED_DAYS, "deleted; counts of colours stay"),
        ("who is inside a venue", 1, "deleted on leaving, after 12 hours at the latest"),
        ("guardianships that are over", CLOSED_KEPT.days, "deleted"),
        ("check-ins at venues", gates.CHECKIN_KEPT.days, "deleted"),
        ("who looked at a code", gates.LOOK_KEPT.days, "deleted"),
        ("verifications with the person", gates.SUBJECT_KEPT.days, "the person is taken off"),
        ("verifications without", gates.VERIFICATION_KEPT.days, "deleted"),
    ]
    return [{"what": what, "days": days, "then": then} for what, days, then in rows]
