"""What three people may do to several at once: colours by hand, and lists as evidence."""

import uuid

from config.kernel import approvals
from healthcode.decisions import queries, rules
from healthcode.decisions.usecases.import_list import import_list
from healthcode.decisions.usecases.set_override import set_override
from healthcode.decisions.values import OverrideReason
from healthcode.rules.values import Colour
from healthcode.subjects.queries import SubjectUnknown

RECOLOUR_MANY = "health.recolour_many"
IMPORT_LIST = "health.import_list"
MAY_ASK_MANY, MAY_APPROVE_MANY = "health_decisions.add_override", "health_decisions.change_override"
MAY_ASK_LIST, MAY_APPROVE_LIST = (
    "health_decisions.add_personlist",
    "health_decisions.change_personlist",
)
# Maker, checker, and a third.
CHECKERS = 2


def _named(parameters: approvals.Parameters) -> dict[str, list[str]]:
    """The people of a wish, each with the evidence it rests on."""
    named = parameters.get("subjects")
    if not isinstance(named, dict):
        raise rules.OverrideRefused(field="subjects")
    return {
        str(subject): [str(row) for row in rows] if isinstance(rows, list) else []
        for subject, rows in named.items()
    }


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise SubjectUnknown(field="subjects") from error


def state_of_people(parameters: approvals.Parameters) -> approvals.Facts:
    """How each of them stands: any change before the last vote makes the wish stale."""
    named = _named(parameters)
    rules.check_batch(len(named))
    standing = queries.decisions_of([_id(name) for name in named])
    if len(standing) != len(named):
        raise SubjectUnknown(field="subjects")
    return {str(subject): str(decision) for subject, decision in sorted(standing.items())}


def _many(parameters: approvals.Parameters) -> approvals.Facts:
    rules.check_override(
        colour=str(parameters.get("colour")),
        reason=str(parameters.get("reason_code")),
        hours=parameters.get("hours"),
        legal_basis=str(parameters.get("legal_basis", "")),
    )
    return {
        "people": len(_named(parameters)),
        "colour": parameters["colour"],
        "for hours": parameters["hours"],
        "each person": "is told at once",
    }


@approvals.action(
    RECOLOUR_MANY,
    title="Set health colours of several people by hand",
    permission=MAY_APPROVE_MANY,
    maker_permission=MAY_ASK_MANY,
    state=state_of_people,
    effect=_many,
    checkers=CHECKERS,
    by_role=True,
)
def execute_overrides(approved: approvals.Approved) -> approvals.Facts:
    """Put an approved wish in force for each person; one who may not be coloured stops all."""
    parameters = approved.parameters
    named = _named(parameters)
    checker, third = approved.checkers[:CHECKERS]
    for subject, evidence in sorted(named.items()):
        set_override(
            subject_id=_id(subject),
            colour=Colour(str(parameters["colour"])),
            reason=OverrideReason(str(parameters["reason_code"])),
            legal_basis=str(parameters["legal_basis"]),
            hours=int(str(parameters["hours"])),
            evidence=[uuid.UUID(row) for row in evidence],
            maker=approved.maker,
            checker=checker,
            third=third,
            batch_size=len(named),
            approval_id=approved.request_id,
        )
    return {"people": len(named), "colour": parameters["colour"]}


def _listed(parameters: approvals.Parameters) -> list[uuid.UUID]:
    named = parameters.get("subjects")
    return [_id(str(name)) for name in named] if isinstance(named, list) else []


def state_of_list(parameters: approvals.Parameters) -> approvals.Facts:
    """How many of those listed have a health code."""
    people = _listed(parameters)
    return {"people": len(set(people)), "with a code": len(queries.decisions_of(people))}


def _list(parameters: approvals.Parameters) -> approvals.Facts:
    people = len(set(_listed(parameters)))
    kind = rules.check_list(
        kind=str(parameters.get("kind")),
        case_reference=str(parameters.get("case_reference", "")),
        purpose=str(parameters.get("purpose", "")),
        days=parameters.get("days"),
        people=people,
    )
    return {
        "evidence of": kind.value,
        "about people": people,
        "taken back after days": parameters["days"],
        "the public statistics": "show the list",
    }


@approvals.action(
    IMPORT_LIST,
    title="Take a list of people as evidence",
    permission=MAY_APPROVE_LIST,
    maker_permission=MAY_ASK_LIST,
    state=state_of_list,
    effect=_list,
    checkers=CHECKERS,
    by_role=True,
)
def execute_import(approved: approvals.Approved) -> approvals.Facts:
    """Record an approved list; what its people then are follows from rules alone."""
    parameters = approved.parameters
    made = import_list(
        subjects=_listed(parameters),
        kind=str(parameters["kind"]),
        case_reference=str(parameters["case_reference"]),
        purpose=str(parameters["purpose"]),
        days=int(str(parameters["days"])),
        maker=approved.maker,
        checkers=approved.checkers,
        approval_id=approved.request_id,
    )
    return {"list": str(made.id), "people": made.people, "ends": made.expires_at}
