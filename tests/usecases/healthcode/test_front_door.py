"""The front door for the lab, venues' policies, corrections upheld, and odd corners."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from config.kernel import clock
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.request import request_approval
from healthcode import public
from healthcode.appeals import rules as appeal_rules
from healthcode.appeals.models import Appeal
from healthcode.appeals.queries import AppealUnknown
from healthcode.appeals.tasks import DECIDE
from healthcode.appeals.usecases.decide_appeal import decide_appeal
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.appeals.values import Outcome
from healthcode.decisions.cards import reasons_in_words
from healthcode.decisions.models import Decision, Head
from healthcode.decisions.queries import standing
from healthcode.decisions.usecases.read_standing import standing_decision
from healthcode.evidence.values import EvidenceKind
from healthcode.rules.values import Colour
from healthcode.subjects.queries import live_devices
from healthcode.subjects.rules import DocumentInvalid, check_document
from healthcode.subjects.usecases.register_device import DeviceRevoked, register_device
from healthcode.subjects.usecases.register_subject import register_subject
from healthcode.subjects.values import DocumentType
from healthcode.verification import rules
from healthcode.verification.values import Verdict
from tests.factories.health import Person, later, make_gate, make_person, settle
from tests.factories.operators import make_checker, make_maker

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_demo_is_seeded_once_and_again() -> None:
    holder = uuid.uuid4()
    citizen = public.Citizen(holder, "Li Hua", "E00000001", date(1990, 3, 7))
    first = public.seed_demo_health([citizen])
    again = public.seed_demo_health([citizen])
    assert (first.venue, again.credential) == (again.venue, None)
    assert first.credential is not None
    assert public.venue_code(first.venue.id) == first.venue_code
    assert public.colour_of(holder) is Colour.GREEN
    assert public.colour_of(uuid.uuid4()) is Colour.UNKNOWN
    assert public.colours_now() == {"GREEN": 1}
    result = public.verify_at(first.terminal.id, public.mint_code_for(holder).text)
    assert result.raise_refusal().verdict is Verdict.ADMITTED


def test_whoever_is_seeded_with_an_identity_card_is_found_by_it_at_the_gate() -> None:
    number = "330106199003070012"
    card = next(number[:17] + last for last in "0123456789X" if is_card(number[:17] + last))
    demo = public.seed_demo_health([public.Citizen(uuid.uuid4(), "Li Wei", card, date(1990, 3, 7))])
    assert demo.credential is not None
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Terminal {demo.credential}")
    body = {"document_type": "10", "document_number": card}
    answer = client.post("/api/v1/health/cards/verify", body, format="json")
    assert (answer.status_code, answer.json()["verdict"]) == (200, "ADMITTED")


def is_card(number: str) -> bool:
    try:
        check_document(DocumentType.ID_CARD, number)
    except DocumentInvalid:
        return False
    return True


@pytest.mark.parametrize(
    ("limit_h", "age", "admitted"),
    [
        (48, timedelta(hours=48), True),
        (48, timedelta(hours=48, seconds=1), False),
        (72, timedelta(hours=72), True),
        (72, timedelta(hours=72, microseconds=1), False),
        (24, None, False),
        (None, None, True),
    ],
)
def test_a_policy_may_ask_for_a_test_of_so_many_hours(
    limit_h: int | None, age: timedelta | None, admitted: bool
) -> None:
    now = datetime(2022, 3, 27, 1, 30, tzinfo=UTC)  # the hour in which Europe's clocks spring
    tested_at = now - age if age is not None else None
    assert admitted is rules.admits(
        colours=["GREEN"], colour="GREEN", max_test_age_h=limit_h, tested_at=tested_at, at=now
    )


def test_a_gate_that_wants_a_fresh_test_refuses_green_without_one() -> None:
    gate, person = make_gate(), make_person()
    gate.venue.policy.max_test_age_h = 48
    gate.venue.policy.save()
    assert gate.verify(person.code()).json()["verdict"] == "POLICY"
    person.evidence(EvidenceKind.NAAT, result="negative")
    settle()
    assert gate.verify(person.code()).json()["verdict"] == "ADMITTED"


def test_a_pass_we_have_no_record_of_opens_nothing() -> None:
    gate, person = make_gate(), make_person()
    code = person.code()
    Decision.objects.get().pass_set.all().delete()
    assert gate.verify(code).json()["code"] == "code_forged"


def test_a_revoked_phones_key_never_comes_back() -> None:
    person = make_person()
    device = register_device(subject=person.subject, public_key=b"\x02" * 33)
    device.revoked_at = clock.now()
    device.save()
    assert live_devices(person.subject) == []
    with pytest.raises(DeviceRevoked):
        register_device(subject=person.subject, public_key=b"\x02" * 33)


def test_a_registration_again_moves_nobody() -> None:
    holder = uuid.uuid4()
    register_subject(holder_id=holder, region="330100")
    assert register_subject(holder_id=holder, region="310000").region == "330100"


def test_a_standing_past_its_end_says_nothing() -> None:
    person = make_person()
    end = Head.objects.get().decision.valid_until
    assert end is not None
    assert standing(person.subject_id, at=end).colour is Colour.UNKNOWN
    assert standing(uuid.uuid4(), at=end).colour is Colour.UNKNOWN
    fresh = register_subject(holder_id=uuid.uuid4())
    assert standing_decision(subject_id=fresh.id).colour == "UNKNOWN"


def test_a_rule_set_that_is_gone_speaks_by_the_names_of_its_rules() -> None:
    [words] = reasons_in_words([{"rule": "old-rule"}], "a version long gone")
    assert words["text"]["zh"] == "old-rule"


# ---- corrections --------------------------------------------------------------------------


def contest(person: Person, **changes: Any) -> Appeal:
    return file_appeal(subject=person.subject, grounds="that is not right", **changes)


def test_an_upheld_decision_stays_and_is_decided_once() -> None:
    person = make_person(symptoms=["cough"])
    appeal = contest(person)
    facts: dict[str, Any] = {"outcome": Outcome.UPHELD, "text": "You reported a cough yourself."}
    decide_appeal(appeal_id=appeal.id, maker="mia", checker="carl", **facts)
    assert Head.objects.get().decision.colour == "YELLOW"
    with pytest.raises(appeal_rules.AppealDecided):
        decide_appeal(appeal_id=appeal.id, maker="mia", checker="carl", **facts)
    with pytest.raises(AppealUnknown):
        decide_appeal(appeal_id=uuid.uuid4(), maker="mia", checker="carl", **facts)
    assert contest(person).id != appeal.id


def test_one_person_alone_overturns_nothing() -> None:
    appeal = contest(make_person(symptoms=["cough"]))
    with pytest.raises(appeal_rules.OutcomeRefused):
        decide_appeal(
            appeal_id=appeal.id, outcome=Outcome.OVERTURNED, text="It was an error.",
            maker="mia", checker="mia",
        )  # fmt: skip


def test_the_evidence_that_was_pointed_at_is_taken_back() -> None:
    person = make_person()
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    appeal = contest(person, evidence_id=report.id)
    decide_appeal(
        appeal_id=appeal.id, outcome=Outcome.OVERTURNED, text="The samples were mixed up.",
        maker="mia", checker="carl",
    )  # fmt: skip
    assert Head.objects.get().decision.colour == "GREEN"


def test_an_overturned_grey_code_takes_nothing_back() -> None:
    person = make_person()
    later(days=15)
    appeal = contest(person)
    decided = decide_appeal(
        appeal_id=appeal.id, outcome=Outcome.OVERTURNED, text="Declare again, please.",
        maker="mia", checker="carl",
    )  # fmt: skip
    assert decided.state == "OVERTURNED"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"outcome": "MAYBE"}, appeal_rules.OutcomeRefused),
        ({"text": "no"}, appeal_rules.OutcomeRefused),
        ({"appeal": "x"}, AppealUnknown),
    ],
)
def test_a_proposal_needs_an_outcome_and_a_text(
    changes: dict[str, str], error: type[Exception]
) -> None:
    appeal = contest(make_person(symptoms=["cough"]))
    parameters = {"appeal": str(appeal.id), "outcome": "UPHELD", "text": "You reported a cough."}
    mia = make_maker("mia", DECIDE)
    with pytest.raises(error):
        request_approval(
            action=DECIDE, parameters={**parameters, **changes}, reason="looked at it", maker=mia
        )


def test_an_upheld_proposal_is_approved_by_another() -> None:
    appeal = contest(make_person(symptoms=["cough"]))
    parameters = {"appeal": str(appeal.id), "outcome": "UPHELD", "text": "You reported a cough."}
    request = request_approval(
        action=DECIDE,
        parameters=parameters,
        reason="looked at it",
        maker=make_maker("mia", DECIDE),
    )
    done = approve_request(request_id=request.id, checker=make_checker("carl", DECIDE))
    assert (done.status, Appeal.objects.get().state) == ("EXECUTED", "UPHELD")
