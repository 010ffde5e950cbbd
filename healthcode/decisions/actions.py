"""What people may do to colours: one by hand, several at once, and lists as evidence."""

import uuid
from collections.abc import Mapping

from config.kernel import approvals, clock
from config.kernel.approvals.values import fingerprint
from config.kernel.words import name_codes
from healthcode.decisions import queries, rules
from healthcode.decisions.models import Head
from healthcode.decisions.usecases.import_list import import_list
from healthcode.decisions.usecases.set_override import check_evidence, set_override
from healthcode.decisions.values import OverrideReason, Trigger
from healthcode.evidence.labels import evidence_links
from healthcode.rules.values import Colour
from healthcode.subjects.labels import alias_of, subject_link, subjects_of
from healthcode.subjects.models import Subject
from healthcode.subjects.queries import SubjectUnknown

RECOLOUR = "health.recolour"
RECOLOUR_MANY = "health.recolour_many"
IMPORT_LIST = "health.import_list"
# Maker, checker, and a third.
CHECKERS = 2
# Why a colour was set or decided, as tables show it.
name_codes({code.value: code.value.replace("_", " ") for code in (*OverrideReason, *Trigger)})


def _id(text: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError as error:
        raise SubjectUnknown(field="subjects") from error


def _evidence_ids(rows: object) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(str(row)) for row in (rows if isinstance(rows, list) else [])]
    except ValueError as error:
        raise rules.OverrideRefused(field="evidence") from error


def _colour_of(subject: Subject) -> tuple[str, int]:
    """A person's present colour and how often it has been decided."""
    head = Head.objects.select_related("decision").filter(subject=subject).first()
    return (head.decision.colour, head.decision.seq) if head else (Colour.UNKNOWN.value, 0)


def _check(parameters: approvals.Parameters) -> None:
    rules.check_override(
        colour=str(parameters.get("colour")),
        reason=str(parameters.get("reason_code")),
        hours=parameters.get("hours"),
        legal_basis=str(parameters.get("legal_basis") or ""),
    )


def show_colour(parameters: approvals.Parameters) -> approvals.Facts:
    """The colour that is asked for."""
    return {"colour asked for": parameters.get("colour")}


def show_reason(parameters: approvals.Parameters) -> approvals.Facts:
    """Which of the listed grounds."""
    return {"ground": str(parameters.get("reason_code")).replace("_", " ").lower()}


def show_hours(parameters: approvals.Parameters) -> approvals.Facts:
    """For how long."""
    return {"for": f"{parameters.get('hours')} hours from its approval"}


def show_legal_basis(parameters: approvals.Parameters) -> approvals.Facts:
    """The law it rests on."""
    return {"legal basis": parameters.get("legal_basis")}


# ---- one person ------------------------------------------------------------------------
def subject_named(parameters: approvals.Parameters) -> Subject:
    """The person a request is about.

    Raises:
        SubjectUnknown: there is nobody of that name.
    """
    subjects = subjects_of([_id(parameters.get("subject"))])
    if not subjects:
        raise SubjectUnknown(field="subject")
    return subjects[0]


def show_subject(parameters: approvals.Parameters) -> approvals.Facts:
    """Whose colour, and what it is now."""
    subject = subject_named(parameters)
    colour, _ = _colour_of(subject)
    return {"person": subject_link(subject), "present colour": colour}


def show_evidence(parameters: approvals.Parameters) -> approvals.Facts:
    """What it rests on."""
    return {"evidence": evidence_links(_evidence_ids(parameters.get("evidence"))) or "none"}


def state_of_subject(parameters: approvals.Parameters) -> approvals.Facts:
    """How the subject stands: if that changes before the second look, the request is stale."""
    subject = subject_named(parameters)
    colour, decision = _colour_of(subject)
    return {"colour": colour, "decision number": decision, "region": subject.region}


def check_recolour(parameters: approvals.Parameters) -> None:
    """The grounds of a colour by hand: a listed reason, a law, an end, and evidence."""
    _check(parameters)
    evidence = _evidence_ids(parameters.get("evidence"))
    check_evidence(
        subject_named(parameters).id,
        Colour(str(parameters["colour"])),
        OverrideReason(str(parameters["reason_code"])),
        evidence,
    )


def foretell_recolour(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of the person."""
    before, _ = _colour_of(subject_named(parameters))
    return {
        "colour": approvals.change(before, parameters["colour"]),
        "for": f"{parameters['hours']} hours",
        "the person": "is told at once",
    }


def target_subject(parameters: approvals.Parameters) -> str:
    """The person."""
    return f"subject:{alias_of(parameters.get('subject'))}"


def one_by_alias(parameters: approvals.Parameters) -> approvals.Parameters:
    """A request as it is kept: the person by their alias."""
    return {**parameters, "subject": alias_of(parameters.get("subject"))}


def many_by_alias(parameters: approvals.Parameters) -> approvals.Parameters:
    """A request as it is kept: each person by their alias."""
    people = parameters.get("subjects")
    if isinstance(people, Mapping):
        return {**parameters, "subjects": {alias_of(name): people[name] for name in people}}
    if isinstance(people, list):
        return {**parameters, "subjects": [alias_of(name) for name in people]}
    return parameters


@approvals.action(
    RECOLOUR,
    title="Set a health colour by hand",
    parameters={
        "subject": show_subject,
        "colour": show_colour,
        "reason_code": show_reason,
        "hours": show_hours,
        "legal_basis": show_legal_basis,
        "evidence": show_evidence,
    },
    target=target_subject,
    state=state_of_subject,
    check=check_recolour,
    effect=foretell_recolour,
    stored=one_by_alias,
)
def execute_override(approved: approvals.Approved) -> approvals.Facts:
    """Put an approved override in force."""
    parameters = approved.parameters
    decision = set_override(
        subject_id=subject_named(parameters).id,
        colour=Colour(str(parameters["colour"])),
        reason=OverrideReason(str(parameters["reason_code"])),
        legal_basis=str(parameters["legal_basis"]),
        hours=int(str(parameters["hours"])),
        evidence=_evidence_ids(parameters["evidence"]),
        maker=approved.maker,
        checker=approved.checkers[0],
        approval_id=approved.request_id,
    )
    return {"decision": str(decision.id), "colour": decision.colour}


# ---- several people --------------------------------------------------------------------
def _named(parameters: approvals.Parameters) -> dict[str, list[uuid.UUID]]:
    """The people of a wish by alias, each with the evidence it rests on."""
    people = parameters.get("subjects")
    if not isinstance(people, Mapping):
        raise rules.OverrideRefused(field="subjects")
    return {alias_of(name): _evidence_ids(rows) for name, rows in people.items()}


def _people(parameters: approvals.Parameters) -> list[Subject]:
    evidence_by_alias = _named(parameters)
    rules.check_batch(len(evidence_by_alias))
    people = subjects_of(_id(name) for name in evidence_by_alias)
    if len(people) != len(evidence_by_alias):
        raise SubjectUnknown(field="subjects")
    return people


def show_people(parameters: approvals.Parameters) -> approvals.Facts:
    """Each person with their present colour and the evidence against them."""
    evidence_by_alias = _named(parameters)
    words: dict[str, object] = {}
    for subject in subjects_of(_id(name) for name in evidence_by_alias):
        colour, _ = _colour_of(subject)
        evidence = evidence_links(evidence_by_alias[str(subject.alias)])
        words[f"person {subject.short}"] = [subject_link(subject), f"now {colour}", *evidence]
    return words


def state_of_people(parameters: approvals.Parameters) -> approvals.Facts:
    """How each of them stands: any change before the last vote makes the wish stale."""
    standing: dict[str, object] = {}
    for subject in _people(parameters):
        colour, decision = _colour_of(subject)
        standing[f"person {subject.short}"] = f"{colour}, decision {decision}"
    return standing


def check_many(parameters: approvals.Parameters) -> None:
    """The grounds of every one of them: who may not be coloured stops all."""
    _check(parameters)
    _people(parameters)
    colour = Colour(str(parameters["colour"]))
    reason = OverrideReason(str(parameters["reason_code"]))
    evidence_by_alias = _named(parameters)
    for subject in _people(parameters):
        check_evidence(subject.id, colour, reason, evidence_by_alias[str(subject.alias)])


def foretell_many(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of each."""
    changes = {
        f"person {subject.short}": approvals.change(_colour_of(subject)[0], parameters["colour"])
        for subject in _people(parameters)
    }
    return {**changes, "for": f"{parameters['hours']} hours", "each person": "is told at once"}


def target_people(parameters: approvals.Parameters) -> str:
    """The people together."""
    return f"subjects:{fingerprint({'subjects': sorted(_named(parameters))})}"


@approvals.action(
    RECOLOUR_MANY,
    title="Set health colours of several people by hand",
    parameters={
        "subjects": show_people,
        "colour": show_colour,
        "reason_code": show_reason,
        "hours": show_hours,
        "legal_basis": show_legal_basis,
    },
    target=target_people,
    state=state_of_people,
    check=check_many,
    effect=foretell_many,
    checkers=CHECKERS,
    stored=many_by_alias,
)
def execute_overrides(approved: approvals.Approved) -> approvals.Facts:
    """Put an approved wish in force for each person; one who may not be coloured stops all."""
    parameters = approved.parameters
    evidence_by_alias = _named(parameters)
    checker, third = approved.checkers[:CHECKERS]
    for subject in _people(parameters):
        set_override(
            subject_id=subject.id,
            colour=Colour(str(parameters["colour"])),
            reason=OverrideReason(str(parameters["reason_code"])),
            legal_basis=str(parameters["legal_basis"]),
            hours=int(str(parameters["hours"])),
            evidence=evidence_by_alias[str(subject.alias)],
            maker=approved.maker,
            checker=checker,
            third=third,
            batch_size=len(evidence_by_alias),
            approval_id=approved.request_id,
        )
    return {"people": len(evidence_by_alias), "colour": parameters["colour"]}


# ---- lists -----------------------------------------------------------------------------
def _listed(parameters: approvals.Parameters) -> list[uuid.UUID]:
    names = parameters.get("subjects")
    return [_id(name) for name in names] if isinstance(names, list) else []


def show_listed(parameters: approvals.Parameters) -> approvals.Facts:
    """Everybody on the list."""
    return {"people": [subject_link(subject) for subject in subjects_of(_listed(parameters))]}


def show_kind(parameters: approvals.Parameters) -> approvals.Facts:
    """What the list says of them."""
    return {"says of each": str(parameters.get("kind")).replace("_", " ")}


def show_case_reference(parameters: approvals.Parameters) -> approvals.Facts:
    """The case it belongs to."""
    return {"case": parameters.get("case_reference")}


def show_purpose(parameters: approvals.Parameters) -> approvals.Facts:
    """What it is for."""
    return {"purpose": parameters.get("purpose")}


def show_days(parameters: approvals.Parameters) -> approvals.Facts:
    """For how long."""
    return {"ends after": f"{parameters.get('days')} days"}


def state_of_list(parameters: approvals.Parameters) -> approvals.Facts:
    """How many of those listed have a health code."""
    people = [subject.id for subject in subjects_of(_listed(parameters))]
    return {
        "people": len(set(_listed(parameters))),
        "with a code": len(queries.decisions_of(people)),
    }


def check_listed(parameters: approvals.Parameters) -> None:
    """The grounds of a list: a kind, a case, a purpose, an end, and people we know."""
    people = set(_listed(parameters))
    rules.check_list(
        kind=str(parameters.get("kind")),
        case_reference=str(parameters.get("case_reference") or ""),
        purpose=str(parameters.get("purpose") or ""),
        days=parameters.get("days"),
        people=len(people),
    )
    if len(subjects_of(people)) != len(people):
        raise SubjectUnknown(field="subjects")
    listed = queries.listed_since(clock.now() - queries.DAY)
    rules.check_listed_day(people=len(people), listed=listed)


def foretell_list(parameters: approvals.Parameters) -> approvals.Facts:
    """What becomes of those listed."""
    return {
        "evidence of": parameters["kind"],
        "about people": len(set(_listed(parameters))),
        "their colours": "are decided anew by the rules",
        "taken back after days": parameters["days"],
        "the public statistics": "show the list",
    }


def target_list(parameters: approvals.Parameters) -> str:
    """The case."""
    return f"list:{str(parameters.get('case_reference'))[:100]}"


@approvals.action(
    IMPORT_LIST,
    title="Take a list of people as evidence",
    parameters={
        "subjects": show_listed,
        "kind": show_kind,
        "case_reference": show_case_reference,
        "purpose": show_purpose,
        "days": show_days,
    },
    target=target_list,
    state=state_of_list,
    check=check_listed,
    effect=foretell_list,
    checkers=CHECKERS,
    stored=many_by_alias,
)
def execute_import(approved: approvals.Approved) -> approvals.Facts:
    """Record an approved list; what its people then are follows from rules alone."""
    parameters = approved.parameters
    person_list = import_list(
        subjects=[subject.id for subject in subjects_of(_listed(parameters))],
        kind=str(parameters["kind"]),
        case_reference=str(parameters["case_reference"]),
        purpose=str(parameters["purpose"]),
        days=int(str(parameters["days"])),
        **approved.signatures,
    )
    return {
        "list": str(person_list.id),
        "people": person_list.people,
        "ends": person_list.expires_at,
    }
