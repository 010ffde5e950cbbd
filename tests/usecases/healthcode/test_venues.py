"""Venues: codes that change, policies apart from colours, who is inside, and what proves it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from healthcode.decisions.models import Alarm, Decision
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.passes.values import PassKind
from healthcode.subjects.models import Subject
from healthcode.verification import queries, rules
from healthcode.verification.models import (
    AccessLogEntry,
    CheckIn,
    Inside,
    PolicyVersion,
    TerminalInvite,
    Venue,
    VenuePolicy,
    Verification,
)
from healthcode.verification.queries import VenueUnknown, code_of, occupancy, venue_by_code
from healthcode.verification.rules import PolicyUnsound, VenueCodeOutdated, VenueFull
from healthcode.verification.usecases.change_policy import change_policy
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.usecases.register_terminal import (
    InviteInvalid,
    enrol_terminal,
    invite_terminal,
    revoke_terminal,
)
from healthcode.verification.usecases.register_venue import rotate_venue_code
from healthcode.verification.usecases.verify_card import verify_card
from healthcode.verification.usecases.verify_code import verify_code
from healthcode.verification.values import Direction, Method, TerminalMode, Verdict
from tests.factories.certificates import ec_key
from tests.factories.health import Gate, Person, later, make_gate, make_person, settle

pytestmark = pytest.mark.django_db(transaction=True)


def scan(person: Person, venue: Venue, direction: Direction = Direction.IN) -> CheckIn:
    return check_in_at_venue(subject=person.subject, venue_code=code_of(venue), direction=direction)


def show(gate: Gate, person: Person, **said: Any) -> Verdict:
    gate.terminal.refresh_from_db()
    return verify_code(terminal=gate.terminal, code=person.code(), **said).verdict


def inside(gate: Gate, **only: bool) -> int:
    return occupancy(gate.venue.id, at=clock.now(), **only)


# ---- the code on the wall --------------------------------------------------------------------
def test_a_poster_changed_by_hand_makes_photographs_useless_at_once() -> None:
    venue = make_gate().venue
    old = code_of(venue)
    rotate_venue_code(venue_id=venue.id, actor="operator:desk")
    with pytest.raises(VenueCodeOutdated):
        venue_by_code(old, at=clock.now())
    assert AuditEvent.objects.get(action="health.rotate_venue_code").after == {"version": 2}


def test_a_screens_code_is_good_for_a_minute_after_the_next_one_and_not_longer() -> None:
    venue = make_gate(rotate_every_min=5).venue
    old = code_of(venue)
    later(minutes=4, seconds=59)
    assert venue_by_code(old, at=clock.now()).code_version == 1
    later(seconds=1)
    venue.refresh_from_db()
    changed = venue.former_until
    assert venue.code_version == 2
    assert changed is not None
    just_before = changed - timedelta(microseconds=1)
    assert venue_by_code(old, at=just_before).id == venue.id
    with pytest.raises(VenueCodeOutdated):
        venue_by_code(old, at=changed)
    assert venue_by_code(code_of(venue), at=changed).id == venue.id


def test_the_code_before_the_one_before_is_never_good() -> None:
    venue = make_gate(rotate_every_min=5).venue
    oldest = code_of(venue)
    later(minutes=5)
    later(minutes=5)
    with pytest.raises(VenueCodeOutdated):
        venue_by_code(oldest, at=clock.now())


def test_a_closed_venue_has_no_code() -> None:
    venue = make_gate().venue
    Venue.objects.update(active=False)
    with pytest.raises(VenueUnknown):
        venue_by_code(code_of(venue), at=clock.now())


# ---- policies --------------------------------------------------------------------------------
def test_each_change_of_a_policy_is_a_version_with_a_name_to_it() -> None:
    for _ in range(2):
        change_policy(name="Museum", admits=["GREEN"], max_test_age_h=72, actor="operator:a")
    policy = change_policy(
        name="Museum", admits=["GREEN", "YELLOW"], max_test_age_h=72,
        test_age_by_colour={"YELLOW": 24}, actor="operator:b",
    )  # fmt: skip
    assert policy.version == 2
    kept = PolicyVersion.objects.order_by("version").values_list("version", "made_by")
    assert list(kept) == [(1, "operator:a"), (2, "operator:b")]
    assert AuditEvent.objects.filter(action="health.change_policy").count() == 2


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"admits": ["BLUE"]}, "admits"),
        ({"admits": ["GREEN", "GREEN"]}, "admits"),
        ({"admits": ["GREEN"], "max_test_age_h": 0}, "max_test_age_h"),
        ({"admits": ["GREEN"], "max_test_age_h": 337}, "max_test_age_h"),
        ({"admits": ["GREEN"], "test_age_by_colour": {"RED": 24}}, "test_age_by_colour"),
        ({"admits": ["GREEN"], "test_age_by_colour": {"GREEN": "24"}}, "test_age_by_colour"),
        ({"admits": ["GREEN"], "test_age_by_colour": {"GREEN": True}}, "test_age_by_colour"),
    ],
)
def test_a_policy_that_cannot_be_applied_is_refused(terms: Any, field: str) -> None:
    with pytest.raises(PolicyUnsound) as refused:
        change_policy(name="Odd", actor="operator:a", **terms)
    assert refused.value.field == field


@pytest.mark.parametrize("approved_by", ["", "operator:a"])
def test_one_person_lets_no_red_codes_in(approved_by: str) -> None:
    terms = {"name": "Ward", "admits": ["GREEN", "RED"], "actor": "operator:a"}
    with pytest.raises(rules.RedTakesTwo):
        change_policy(**terms, approved_by=approved_by)  # type: ignore[arg-type]
    assert not VenuePolicy.objects.filter(name="Ward").exists()
    change_policy(**terms, approved_by="operator:b")  # type: ignore[arg-type]
    assert PolicyVersion.objects.get().made_by == "operator:a, operator:b"


NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("hours", [24, 48, 72])
@pytest.mark.parametrize(("beyond", "found"), [(-1, ""), (0, ""), (1, "policy_test_age")])
def test_a_test_is_good_to_the_last_microsecond_of_its_hours(
    hours: int, beyond: int, found: str
) -> None:
    tested_at = NOW - timedelta(hours=hours) - timedelta(microseconds=beyond)
    assert found == rules.obstacle(
        colours=["GREEN"], colour="GREEN", max_test_age_h=hours, tested_at=tested_at, at=NOW
    )


def test_one_colour_may_need_a_fresher_test() -> None:
    gate, person = make_gate(), make_person(symptoms=["cough"])
    change_policy(
        name="Green only", admits=["GREEN", "YELLOW"], test_age_by_colour={"YELLOW": 24},
        actor="operator:a",
    )  # fmt: skip
    gate.terminal.venue.policy.refresh_from_db()
    assert show(gate, person) is Verdict.POLICY
    assert Verification.objects.get().reason == "policy_test_age"
    person.evidence(EvidenceKind.NAAT, result="negative")
    settle()
    assert show(gate, person) is Verdict.ADMITTED
    assert set(Verification.objects.values_list("policy_version", flat=True)) == {2}


def test_a_refusal_tells_the_person_why_and_the_gate_nothing() -> None:
    gate, person = make_gate(), make_person(symptoms=["cough"])
    answer = gate.verify(person.code()).json()
    assert "reason" not in answer
    assert "reasons" not in answer
    entry = AccessLogEntry.objects.get()
    assert entry.facts["reason"] == "policy_colour"
    assert entry.facts["rules"][0] == "hz-yellow-symptom"


# ---- coming and going ------------------------------------------------------------------------
def test_who_is_inside_is_counted_once_and_goes_by_leaving() -> None:
    gate, person = make_gate(), make_person()
    scan(person, gate.venue)
    later(seconds=61)
    show(gate, person)
    assert inside(gate) == 1
    assert show(gate, person, direction=Direction.OUT) is Verdict.ADMITTED
    assert inside(gate) == 0


def test_whoever_forgets_to_leave_has_left_after_twelve_hours() -> None:
    gate, person = make_gate(), make_person()
    scan(person, gate.venue)
    found = Inside.objects.get()
    assert occupancy(gate.venue.id, at=found.forget_at - timedelta(microseconds=1)) == 1
    assert occupancy(gate.venue.id, at=found.forget_at) == 0
    later(hours=12)
    assert not Inside.objects.exists()


def test_check_ins_go_on_the_moment_after_fourteen_days() -> None:
    gate, person = make_gate(), make_person()
    made = scan(person, gate.venue)
    assert made.delete_after - made.at == timedelta(days=14)
    later(days=13, hours=23, minutes=59)
    assert CheckIn.objects.exists()
    later(minutes=1)
    assert not CheckIn.objects.exists()


def test_the_same_scan_in_a_breath_is_one_check_in() -> None:
    gate, person = make_gate(), make_person()
    first = scan(person, gate.venue)
    assert scan(person, gate.venue).id == first.id
    for _ in range(2):
        show(gate, person)
    assert CheckIn.objects.filter(method="TERMINAL").count() == 1
    later(seconds=60)
    assert scan(person, gate.venue).id != first.id


def test_anybody_may_leave_whatever_their_colour() -> None:
    gate, person = make_gate(), make_person()
    show(gate, person)
    person.evidence(EvidenceKind.NAAT, result="positive")
    settle()
    assert show(gate, person) is Verdict.POLICY
    assert show(gate, person, direction=Direction.OUT) is Verdict.ADMITTED
    assert inside(gate) == 0


def test_a_full_house_lets_nobody_in_until_somebody_leaves() -> None:
    gate, first, second = make_gate(capacity=1), make_person(), make_person()
    assert show(gate, first) is Verdict.ADMITTED
    assert show(gate, first) is Verdict.ADMITTED
    assert show(gate, second) is Verdict.FULL
    with pytest.raises(VenueFull):
        scan(second, gate.venue)
    show(gate, first, direction=Direction.OUT)
    assert show(gate, second) is Verdict.ADMITTED


def test_scans_of_a_photograph_keep_nobody_at_the_gate_out() -> None:
    gate, person = make_gate(capacity=2), make_person()
    for far_away in (make_person(), make_person()):
        scan(far_away, gate.venue)
    assert (inside(gate), inside(gate, proven=True)) == (2, 0)
    assert show(gate, person) is Verdict.ADMITTED


@pytest.mark.parametrize(
    ("mode", "checked", "method", "presence"),
    [
        ("GATE", False, "TERMINAL", "SHOWN"),
        ("PHONE", False, "STAFF", "SHOWN"),
        ("PHONE", True, "STAFF", "IDENTIFIED"),
    ],
)
def test_how_somebody_came_in_says_how_far_it_is_proven(
    mode: str, checked: bool, method: str, presence: str
) -> None:
    gate, person = make_gate(), make_person()
    gate.terminal.mode = mode
    gate.terminal.save()
    show(gate, person, identity_checked=checked)
    found = CheckIn.objects.get()
    assert (found.method, found.presence) == (method, presence)


def test_the_database_takes_no_proof_from_ones_own_scan() -> None:
    gate, person = make_gate(), make_person()
    scan(person, gate.venue)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckIn.objects.update(presence="SHOWN")


def test_an_identity_card_opens_a_gate_without_a_phone() -> None:
    gate, person = make_gate(reads_cards=True), make_person()
    result = verify_card(terminal=gate.terminal, identity=person.identity)
    assert (result.verdict, result.colour.value, result.name_hint) == (
        Verdict.ADMITTED,
        "GREEN",
        "张*",
    )
    found = CheckIn.objects.get()
    assert (found.method, found.presence) == ("CARD", "IDENTIFIED")
    assert AccessLogEntry.objects.get().kind == "VERIFIED"
    stranger = verify_card(terminal=gate.terminal, identity=Person().identity)
    assert (stranger.verdict, stranger.reason) == (Verdict.POLICY, "no_code")


def test_a_specimen_checks_nobody_in() -> None:
    gate, person = make_gate(), make_person()
    code = person.code(PassKind.SPECIMEN)
    for direction in Direction:
        result = verify_code(terminal=gate.terminal, code=code, direction=direction)
        assert result.verdict is Verdict.SPECIMEN
    assert not CheckIn.objects.exists()


# ---- terminals -------------------------------------------------------------------------------
def test_an_invitation_is_good_once_and_for_a_quarter_of_an_hour() -> None:
    venue, key = make_gate().venue, ec_key("guard").public_key()
    invite: dict[str, Any] = {"venue_id": venue.id, "mode": TerminalMode.PHONE, "actor": "x"}
    word = invite_terminal(label="Ann", **invite)
    terminal = enrol_terminal(word=word, public_key=key)
    assert (terminal.label, terminal.mode, terminal.secret_hash) == ("Ann", "PHONE", "")
    with pytest.raises(InviteInvalid):
        enrol_terminal(word=word, public_key=key)
    late = invite_terminal(label="Bob", **invite)
    later(minutes=15)
    with pytest.raises(InviteInvalid):
        enrol_terminal(word=late, public_key=key)
    assert not TerminalInvite.objects.filter(label="Bob").exists()


def test_a_revoked_terminal_is_a_stranger() -> None:
    gate, person = make_gate(), make_person()
    for _ in range(2):
        revoke_terminal(terminal_id=gate.terminal.id, actor="operator:desk")
    assert gate.verify(person.code()).status_code == 403
    assert AuditEvent.objects.filter(action="health.revoke_terminal").count() == 1


# ---- a photograph that goes round ------------------------------------------------------------
def test_many_scans_from_other_cities_call_the_operators_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "REMOTE_SCANS_AN_HOUR", 3)
    gate = make_gate()
    people = [make_person() for _ in range(5)]
    Subject.objects.update(region="410100")
    for number, person in enumerate(people, start=1):
        scan(person, gate.venue)
        assert Alarm.objects.count() == (1 if number >= 3 else 0)
    assert Alarm.objects.get().facts == {"venue": str(gate.venue.id), "scans": 3}
    assert not Evidence.objects.exclude(kind="declaration").exists()
    assert not Decision.objects.filter(colour="RED").exists()


def test_the_citys_own_people_raise_no_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "REMOTE_SCANS_AN_HOUR", 1)
    gate = make_gate()
    scan(make_person(), gate.venue)
    assert not Alarm.objects.exists()
    assert queries.remote_scans(gate.venue, since=clock.now() - timedelta(hours=1)) == 0
    assert CheckIn.objects.get().method == Method.SELF
