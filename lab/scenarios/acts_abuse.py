"""The book of abuses as acts: each try of `healthcode/abuses/book` made in a lesson's world.

A try gives what stopped it, and what is left of it: the colours people see, requests that wait,
what the gates and the audit trail say.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.models import User
from django.test import Client

from config.kernel import clock, ids
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.sponsors import record_sponsor
from config.kernel.approvals.values import SponsorAct
from config.kernel.audit.models import AuditEvent
from config.kernel.data_flows import FLOWS
from config.kernel.errors import SaomaError
from config.kernel.usecases.advance_clock import advance_clock
from healthcode import public as health
from healthcode.abuses.queries import abuses
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.codec import base45, cose, hc1, sh1
from healthcode.codec.keys import short_kid
from healthcode.decisions.models import PersonList
from healthcode.decisions.rules import MAX_LIST_DAYS, MAX_LISTED_A_DAY
from healthcode.decisions.usecases.register_source import register_laboratory
from healthcode.decisions.usecases.report_health import declare_health
from healthcode.decisions.values import MAX_BATCH
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind, Source
from healthcode.passes import dcc
from healthcode.passes.usecases.import_certificate import import_certificate
from healthcode.passes.usecases.mint_code import mint_code
from healthcode.passes.usecases.register_issuer import register_issuer
from healthcode.rules import publication
from healthcode.subjects.queries import identity_of, subject_of
from healthcode.verification.models import CheckIn, Verification
from healthcode.verification.usecases.register_terminal import register_terminal
from healthcode.verification.usecases.register_venue import register_venue
from lab import demo_keys, laboratory, seeded_people
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from lab.usecases.plant_seed import gate_of_world

DEPOSITORS = 1317
ANTIBODIES = "94563-4"
_MAKER, _CHECKER = "operator", "checker"
_CHECKERS = [_CHECKER, "health_approver"]
_CASE = {"kind": "contact", "case_reference": "HZ-2020-17", "purpose": "passengers of flight CA1"}
_LATE = timedelta(seconds=91)


def abuse(stage: Stage, *, name: str, victim: str) -> Facts:
    """Somebody tries what the book tells, at the cost of `victim`.

    Raises:
        LookupError: the book has no such abuse.
    """
    if name not in {one.name for one in abuses()}:
        raise LookupError(name)
    requests = ApprovalRequest.objects.count()
    try:
        facts = {"stopped": "", **TRIES[name](stage, victim)}
    except SaomaError as refusal:
        facts = {"stopped": refusal.code}
    return {
        **facts,
        "colour": health.colour_of(stage.person(victim).id).value,
        "requests": ApprovalRequest.objects.count() - requests,
        "check_ins": CheckIn.objects.count(),
    }


def _strangers(count: int) -> list[str]:
    return [str(ids.uuid7()) for _ in range(count)]


def _operator(name: str) -> User:
    return User.objects.get(username=name)


def _ask_for_list(people: list[str], **changes: Any) -> ApprovalRequest:
    facts = {"subjects": people, "days": 3, **_CASE, **changes}
    return request_approval(
        action="health.import_list",
        parameters=facts,
        reason="named by the bank",
        maker=_operator(_MAKER),
    )


def _named(stage: Stage, victim: str) -> str:
    return str(health.subject_id_of(stage.person(victim).id))


def _by_hand(stage: Stage, victim: str) -> Facts:
    people = [_named(stage, victim), *_strangers(MAX_BATCH)]
    facts = {
        "subjects": {person: _strangers(1) for person in people}, "colour": "RED", "hours": 24,
        "reason_code": "OUTBREAK_ORDER", "legal_basis": "Order 12 of the county",
    }  # fmt: skip
    request_approval(
        action="health.recolour_many",
        parameters=facts,
        reason="an outbreak",
        maker=_operator(_MAKER),
    )
    return {}


def _by_list(stage: Stage, victim: str) -> Facts:
    _ask_for_list([_named(stage, victim), *_strangers(DEPOSITORS - 1)])
    return {}


def _lists_of_a_day(stage: Stage, victim: str) -> Facts:
    """A list of people elsewhere is taken already; the next would name more than a day may."""
    PersonList.objects.create(
        kind="contact",
        case_reference="HZ-2020-16",
        purpose=_CASE["purpose"],
        people=MAX_LISTED_A_DAY,
        imported_at=clock.now(),
        maker=_MAKER,
        checkers=_CHECKERS,
        approval_id=ids.uuid7(),
        expires_at=clock.now() + timedelta(days=1),
    )
    _ask_for_list([_named(stage, victim)], case_reference="HZ-2020-18")
    return {}


def _without_end(stage: Stage, victim: str) -> Facts:
    _ask_for_list([_named(stage, victim)], days=MAX_LIST_DAYS + 1)
    return {}


def _puppet(stage: Stage, victim: str) -> Facts:
    request = _ask_for_list([_named(stage, victim)])
    checker = _operator(_CHECKER)
    record_sponsor(operator=checker, sponsors=[_operator(_MAKER)], act=SponsorAct.CREATED)
    try:
        approve_request(request_id=request.id, checker=checker)
    except SaomaError as refusal:
        return {"stopped": refusal.code, "lists": PersonList.objects.count()}
    return {}


def _own_laboratory(stage: Stage, victim: str) -> Facts:
    register_laboratory(
        name="Mine",
        public_jwk=health.jwk_of(ec.generate_private_key(ec.SECP256R1())),
        by_machine=False,
        maker=_MAKER,
        checkers=[_MAKER],
        approval_id=ids.uuid7(),
    )
    return {}


def _antibodies(stage: Stage, victim: str) -> Facts:
    number = stage.person(victim).id_number
    laboratory.report(id_number=number, result="positive", code=ANTIBODIES)
    return {}


def _show(stage: Stage, victim: str, *, before: timedelta = timedelta()) -> str:
    """What a phone with a pass of its own shows, now or a while ago."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = subject_of(stage.person(victim).id)
    minted = mint_code(subject=subject, device_key=key.public_key()).text
    pass_bytes = base45.decode(minted.removeprefix(sh1.PREFIX))
    signer, at = cose.es256_signer(key), clock.now() - before
    return sh1.text(sh1.show(pass_bytes, signer=signer, shown_at=at, nonce=b""))


def _verdict(gate: uuid.UUID, show: str) -> str:
    return health.verify_at(gate, show).verdict.value


def _photographed(stage: Stage, victim: str) -> Facts:
    show = _show(stage, victim)
    museum = register_venue(name="Museum", region=health.HOME_REGION)
    other, _ = register_terminal(venue_id=museum.id, label="Gate 1", actor="system:lab")
    first = _verdict(gate_of_world(), show)
    return {"first": first, "stopped": _verdict(other.id, show)}


def _screenshot(stage: Stage, victim: str) -> Facts:
    return {"stopped": _verdict(gate_of_world(), _show(stage, victim, before=_LATE))}


def _remote_gate(stage: Stage, victim: str) -> Facts:
    before = CheckIn.objects.count()
    body = {"document_type": "10", "document_number": stage.person(victim).id_number}
    answer = Client().post(
        "/api/v1/health/cards/verify",
        body,
        content_type="application/json",
        headers={"authorization": f"Terminal {demo_keys.gate_credential()}", "host": "localhost"},
    )
    looked = Verification.objects.order_by("-id").first()
    return {
        "status": answer.status_code,
        "stopped": "lookup" if looked and looked.lookup else "",
        "placed_there": CheckIn.objects.count() - before,
    }


def _shared_keys(stage: Stage, victim: str) -> Facts:
    code = health.mint_code_for(stage.person(victim).id).text
    answer = Client().get(
        "/api/v1/health/me", headers={"authorization": f"Bearer {code}", "host": "localhost"}
    )
    return {"stopped": f"{answer.status_code}"}


def _police_feed(stage: Stage, victim: str) -> Facts:
    flows = Client().get("/api/v1/health/privacy", headers={"host": "localhost"}).json()["flows"]
    names = {flow["name"] for flow in flows}
    return {
        "stopped": "declared" if names == {flow.name for flow in FLOWS} else "",
        "police": sum("police" in str(flow).lower() for flow in flows),
    }


def _second_account(stage: Stage, victim: str) -> Facts:
    """Red, erased, and there again with the same document."""
    person = stage.person(victim)
    laboratory.report(id_number=person.id_number, result="positive")
    stage.let_work_run()
    erase_person(subject_id=health.subject_id_of(person.id), actor="subject", purpose="on request")
    health.seed_demo_health([health.Citizen(person.id, person.name, person.id_number)])
    stopped = health.colour_of(person.id).value
    return {"stopped": stopped}


def _appeal_ignored(stage: Stage, victim: str) -> Facts:
    file_appeal(subject=subject_of(stage.person(victim).id), grounds="this is not right")
    alarms = AuditEvent.objects.filter(action="health.alarm")
    before = alarms.count()
    advance_clock(by=timedelta(days=2))
    return {"stopped": "APPEAL_OVERDUE" if alarms.count() > before else ""}


def _twins(stage: Stage, victim: str) -> Facts:
    """The victim's certificate, written another time, is imported by somebody of the same name."""
    key = ec.generate_private_key(ec.SECP256R1())
    register_issuer(
        name="France",
        jwks={"keys": [health.jwk_of(key)]},
        maker=_MAKER,
        checkers=_CHECKERS,
        approval_id=ids.uuid7(),
    )
    first, again = (_certificate(stage, victim, key) for _ in range(2))
    person = stage.person(victim)
    import_certificate(subject=subject_of(person.id), payload=first)
    twin = next(
        one
        for one in seeded_people.people().values()
        if one.name == person.name and one.id != person.id
    )
    try:
        import_certificate(subject=subject_of(twin.id), payload=again)
    except SaomaError as refusal:
        evidence = Evidence.objects.filter(subject=subject_of(twin.id), source=Source.CERTIFICATE)
        return {"stopped": refusal.code, "evidence": evidence.count()}
    return {}


def _certificate(stage: Stage, victim: str, key: ec.EllipticCurvePrivateKey) -> str:
    """A negative test of the victim's as France writes it; each time other bytes."""
    identity = identity_of(subject_of(stage.person(victim).id))
    if identity is None or identity.birth_date is None:
        raise LookupError(victim)
    now = clock.now().replace(microsecond=0)
    group, entry = dcc.entry(EvidenceKind.NAAT, now, {"result": "negative"}, "URN:UVCI:01:FR:1")
    return hc1.issue(
        {
            "ver": dcc.VERSION,
            "nam": dcc.names(identity.name, None),
            "dob": identity.birth_date.isoformat(),
            group: [entry],
        },
        issuer="FR",
        kid=short_kid(health.jwk_of(key)),
        signer=cose.es256_signer(key),
        issued_at=now,
        expires_at=now + timedelta(days=1),
    )


def _region_shopping(stage: Stage, victim: str) -> Facts:
    """Red at home, the victim moves to where nobody becomes red, back and there again."""
    person = stage.person(victim)
    milder = {
        "version": "milder", "extends": "teaching", "region": health.RISK_REGION,
        "without": ["t-red-positive"],
    }  # fmt: skip
    draft = publication.draft_rule_set(content=milder, author=_MAKER)
    publication.publish_rule_set(
        draft_id=draft.id, valid_from=clock.now() + publication.LEAD, approved_by=_CHECKERS
    )
    advance_clock(by=publication.LEAD)
    laboratory.report(id_number=person.id_number, result="positive")
    stage.let_work_run()
    moves = (health.RISK_REGION, health.HOME_REGION, health.RISK_REGION)
    colours = {
        declare_health(holder_id=person.id, answers={}, region=region).colour for region in moves
    }
    there = publication.in_force(at=clock.now(), region=health.RISK_REGION).version
    return {"stopped": ", ".join(sorted(colours)), "rules_there": there}


TRIES: dict[str, Callable[[Stage, str], Facts]] = {
    "depositors-by-hand": _by_hand,
    "depositors-by-list": _by_list,
    "lists-of-a-day": _lists_of_a_day,
    "list-without-end": _without_end,
    "puppet-operators": _puppet,
    "own-laboratory": _own_laboratory,
    "antibodies-as-infection": _antibodies,
    "photographed-shows": _photographed,
    "screenshots": _screenshot,
    "remote-gate": _remote_gate,
    "shared-keys": _shared_keys,
    "police-feed": _police_feed,
    "second-account": _second_account,
    "appeal-ignored": _appeal_ignored,
    "twins-certificates": _twins,
    "region-shopping": _region_shopping,
}
ACTS = acts_of(abuse)
