"""For every action of the approvals: something to ask for, and how its target moves meanwhile.

Where a target can be changed and changed back, `move` does both: only its version tells.
"""

import itertools
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from config.admin import operator_approvals
from config.kernel import clock
from config.kernel.approvals import targets
from config.kernel.approvals.tasks import CHANGE_THRESHOLD
from healthcode.appeals.tasks import DECIDE
from healthcode.appeals.usecases.file_appeal import file_appeal
from healthcode.codec.keys import to_jwk
from healthcode.decisions.actions import IMPORT_LIST, RECOLOUR, RECOLOUR_MANY
from healthcode.decisions.findings import DECLARE_AREA, RECORD_FINDING
from healthcode.decisions.models import QuarantinedReport
from healthcode.decisions.placement import PLACE_REPORT
from healthcode.decisions.registrations import REGISTER_LABORATORY
from healthcode.decisions.usecases.decide import decide_colour
from healthcode.decisions.usecases.receive_report import receive_report
from healthcode.decisions.usecases.register_source import withdraw_source
from healthcode.decisions.usecases.shadow_run import shadow_run
from healthcode.decisions.values import Trigger
from healthcode.evidence.usecases.record_evidence import retract_evidence
from healthcode.evidence.values import EvidenceKind
from healthcode.passes.registrations import REGISTER_ISSUER
from healthcode.passes.rotation import ROTATE
from healthcode.passes.tasks import AGREE
from healthcode.passes.usecases.agree_region import agree_region
from healthcode.passes.usecases.rotate_signing_key import ensure_signing_key, rotate_signing_key
from healthcode.rules import publication
from healthcode.rules.tasks import PUBLISH, RETIRE
from healthcode.subjects.models import Subject
from healthcode.subjects.tasks import APPROVE as GRANT
from healthcode.subjects.usecases.decide_guardianship import close_guardianship
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import (
    DocumentType,
    GuardianshipState,
    Identity,
    Proof,
    Relation,
)
from healthcode.tracing.models import TraceMatch
from healthcode.tracing.tasks import CONFIRM, TRACE, wish_of
from healthcode.tracing.usecases.trace import confirm_contacts, trace_contacts
from healthcode.verification.actions import ADMIT_RED
from healthcode.verification.registrations import LET_IDENTIFY
from healthcode.verification.usecases.change_policy import change_policy
from healthcode.verification.usecases.register_terminal import revoke_terminal
from merchants.disputes.tasks import DECIDE as DECIDE_DISPUTE
from merchants.disputes.usecases.answer_dispute import cancel_dispute, challenge_dispute
from merchants.exposure.tasks import SET_CEILING, WRITE_OFF
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.onboarding.models import Merchant
from merchants.onboarding.tasks import APPROVE_MERCHANT
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.payouts.models import PayoutCase
from merchants.payouts.usecases.close_case import CLOSE_CASE
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.handle_case import case_target
from merchants.payouts.usecases.retry_payout import RETRY
from merchants.payouts.usecases.settle_date import settle_date
from merchants.payouts.usecases.submit_payout import submit_payout
from merchants.reconciliation.models import Break, ClosedDay, StatementFile
from merchants.reconciliation.usecases.close_break import CLOSE
from merchants.reconciliation.usecases.close_day import CLOSE_DAY
from merchants.reconciliation.usecases.read_statement import read_statement
from merchants.reconciliation.usecases.reconcile_day import keep_breaks, reconcile_day
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.release_batch import RELEASE
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.splits.refund_action import REFUND
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from merchants.terms import tasks as terms
from merchants.terms.usecases.hold_payouts import hold_payouts
from tests.factories.accounts import PIN, make_topup, make_user
from tests.factories.clock import advance
from tests.factories.disputes import make_dispute
from tests.factories.health import (
    Person,
    later,
    make_gate,
    make_person,
    make_risk_area,
    settle,
)
from tests.factories.merchants import credentials, make_app, make_paid_trade
from tests.factories.operator_cases import (
    Case,
    new_operator,
    operator,
    operator_with_factor,
    resting_operator,
)
from tests.factories.overrides import grounds
from tests.factories.reconciliation import break_of_recalled_money, file_of
from tests.factories.regions import JIANGSU, SAME, THEIRS
from tests.factories.reports import JWK, observation, signed
from tests.factories.risk import draft_risk_rules, make_risk_case
from tests.factories.rule_sets import content
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from tests.factories.sources import make_issuer, make_laboratory
from wallet.accounts import approvals as accounts
from wallet.accounts.models import BankCallback
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.suspend_kyc import restore_kyc, suspend_kyc
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.risk import approvals as risk
from wallet.risk.usecases import hold_payouts as holds
from wallet.risk.usecases.draft_rule_set import publish_rule_set
from wallet.risk.usecases.list_subject import list_subject, unlist
from wallet.risk.values import ListedKind, ListKind

CHILD = Identity("小明", DocumentType.PASSPORT, "E55500001", date(2020, 2, 29))
_numbers = itertools.count()
BY = {"actor": "operator:court", "reason": "by order of the court"}


def frozen() -> Case:
    """A frozen account that is unfrozen and frozen anew."""
    user = make_user(kyc_tier=0)
    freeze_user(user_id=user.id, **BY)

    def move() -> None:
        unfreeze_user(user_id=user.id, **BY)
        freeze_user(user_id=user.id, **BY)

    return Case({"id": str(user.id)}, move)


def suspended() -> Case:
    """A suspended verification that is restored and suspended anew."""
    user = make_user(kyc_tier=2)
    suspend_kyc(user_id=user.id, **BY)

    def move() -> None:
        restore_kyc(user_id=user.id, **BY)
        suspend_kyc(user_id=user.id, **BY)

    return Case({"id": str(user.id)}, move)


def in_review() -> Case:
    """A large withdrawal whose customer is frozen."""
    user = make_user(balance_minor=50_000_00)
    withdrawal, _ = request_withdrawal(user_id=user.id, key="w1", amount_minor=50_000_00, pin=PIN)
    return Case({"id": str(withdrawal.id)}, lambda: freeze_user(user_id=user.id, **BY))


def late_money() -> Case:
    """Late money whose customer is frozen."""
    user = make_user()
    make_topup(user, 100_94)
    advance(days=2)
    callback = BankCallback.objects.get(amount_minor=100_94)
    return Case({"id": str(callback.id)}, lambda: freeze_user(user_id=user.id, **BY))


def suspended_merchant() -> Case:
    """A suspended merchant that is approved and suspended anew."""
    merchant = make_merchant()
    suspend_merchant(merchant_uuid=merchant.id, **BY)

    def move() -> None:
        approve_merchant(merchant_uuid=merchant.id, requested_by="a", approved_by="b")
        suspend_merchant(merchant_uuid=merchant.id, **BY)

    return Case({"merchant_uuid": str(merchant.id), "fee_bps": 55}, move)


def merchant_without_credit() -> Case:
    """A merchant whose ceiling is set and taken back meanwhile."""
    merchant = make_merchant()

    def move() -> None:
        for ceiling_minor in (1_00, None):
            set_ceiling(merchant_uuid=merchant.id, ceiling_minor=ceiling_minor, actor="operator:wu")

    return Case({"merchant_uuid": str(merchant.id), "ceiling_minor": 5_000_00}, move)


def _another_account() -> int:
    return Merchant.objects.update(payout_account="1" * 16)


def waiting_batch() -> Case:
    """A batch that waits, whose merchant's bank account changes."""
    noon()
    merchant = make_merchant()
    sell(merchant, 100_00, payer=make_payer())
    batch = settle_batch(batch_id=SettlementBatch.objects.get(merchant=merchant).id)
    SettlementBatch.objects.filter(id=batch.id).update(state="AWAITING_APPROVAL")
    return Case({"batch_id": str(batch.id)}, _another_account)


def returned_payout() -> Case:
    """A returned payout, whose merchant's bank account changes."""
    noon()
    merchant = make_merchant(payout_account="6222020200012391")
    sell(merchant, 100_00, payer=make_payer())
    batch = settle_batch(batch_id=SettlementBatch.objects.get(merchant=merchant).id)
    payout = create_payout(batch_id=batch.id)
    assert payout is not None
    submit_payout(payout_id=payout.id)
    advance(minutes=1)
    return Case({"payout_id": str(payout.id)}, _another_account)


def recalled_money() -> Case:
    """A break of money that the bank took back, which is gone and there again meanwhile."""
    row = break_of_recalled_money()

    def move() -> None:
        Break.objects.filter(id=row.id).update(theirs_minor=-1)
        keep_breaks(day=row.day)

    return Case({"break_id": str(row.id), "template": "SUSPENSE"}, move)


def _decided_anew(person: Person) -> Callable[[], object]:
    """Ill and well again: the colour is as it was, the decisions are not."""

    def move() -> None:
        row = person.evidence(EvidenceKind.NAAT, result="positive")
        settle()
        retract_evidence(evidence_id=row.id, reason="taken back")
        settle()

    return move


def _colour() -> dict[str, object]:
    return {
        "colour": "RED", "hours": 24, "reason_code": "OUTBREAK_ORDER",
        "legal_basis": "Order 12 of the county",
    }  # fmt: skip


def green_person() -> Case:
    """A person whose colour is decided anew."""
    person = make_person()
    evidence = [str(grounds(person).id)]
    parameters = {"subject": str(person.subject_id), "evidence": evidence, **_colour()}
    return Case(parameters, _decided_anew(person))


def ill_of_the_authority() -> Case:
    """A person of whom a case is reported, and whose colour is decided anew."""
    person = make_person()
    parameters: dict[str, object] = {
        "subject": str(person.subject_id), "kind": "case_open", "details": {"case": "HZ-12"},
        "observed_at": clock.now().isoformat(),
    }  # fmt: skip
    return Case(parameters, _decided_anew(person))


def waiting_report() -> Case:
    """A report that waits for its person, and somebody at the desk who is decided anew."""
    make_laboratory()
    person = make_person()
    receive_report(signed=signed(observation(Person())))
    row = QuarantinedReport.objects.latest("received_at")
    parameters: dict[str, object] = {"report": str(row.id), "subject": str(person.subject_id)}
    return Case(parameters, _decided_anew(person))


def region_at_risk() -> Case:
    """A region that is declared otherwise meanwhile."""
    parameters: dict[str, object] = {
        "region": "420100", "level": "high", "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_until": None,
    }  # fmt: skip
    return Case(parameters, make_risk_area)


def green_people() -> Case:
    """Two people, one of whom is decided anew."""
    people = [make_person(), make_person()]
    subjects = {str(person.subject_id): [str(grounds(person).id)] for person in people}
    return Case({"subjects": subjects, **_colour()}, _decided_anew(people[0]))


def listed_people() -> Case:
    """A list, one of whose people gets a code meanwhile."""
    person = make_person()
    other = Subject.objects.create(holder_ref=uuid.uuid4().hex)
    parameters: dict[str, object] = {
        "subjects": [str(person.subject_id), str(other.id)], "kind": "contact", "days": 3,
        "case_reference": "HZ-2020-17", "purpose": "passengers of flight CA1",
    }  # fmt: skip
    return Case(parameters, lambda: decide_colour(subject_id=other.id, trigger=Trigger.REQUEST))


def _traced() -> tuple[dict[str, object], uuid.UUID]:
    gate, other, person = make_gate(), make_person(), make_person()
    gate.verify(other.code())
    gate.verify(person.code())
    report = person.evidence(EvidenceKind.NAAT, result="positive")
    later(hours=1)
    now = clock.now()
    parameters: dict[str, object] = {
        "subject": str(person.subject_id), "evidence": str(report.id), "case_ref": "HZ-12",
        "purpose": "CASE_CONTACTS", "minutes": 15,
        "begins_at": (now - timedelta(days=3)).isoformat(), "ends_at": now.isoformat(),
    }  # fmt: skip
    return parameters, report.id


def ill_person() -> Case:
    """A search, whose positive result is taken back."""
    parameters, report_id = _traced()
    return Case(parameters, lambda: retract_evidence(evidence_id=report_id, reason="mixed up"))


def found_contacts() -> Case:
    """Contacts that somebody confirms meanwhile."""
    parameters, _ = _traced()
    by = {"maker": "a", "checkers": ["b", "c"]}
    case = trace_contacts(wish=wish_of(parameters), approval_id=uuid.uuid4(), **by)  # type: ignore[arg-type]
    matches = list(TraceMatch.objects.filter(case=case).values_list("id", flat=True))
    return Case(
        {"case": str(case.id), "matches": [str(match) for match in matches]},
        lambda: confirm_contacts(case_id=case.id, matches=matches, **by),  # type: ignore[arg-type]
    )


def drafted_rules() -> Case:
    """A draft that is published meanwhile."""
    make_person()
    draft = publication.draft_rule_set(content=content(), author="author")
    shadow_run(draft_id=draft.id)
    moment = clock.now() + timedelta(hours=50)
    return Case(
        {"draft": str(draft.id), "valid_from": moment.isoformat()},
        lambda: publication.publish_rule_set(
            draft_id=draft.id, valid_from=moment, approved_by=["carl"]
        ),
    )


def published_rules() -> Case:
    """A published set that is retired meanwhile."""
    draft = publication.draft_rule_set(content=content(), author="author")
    moment = clock.now() + timedelta(hours=50)
    publication.publish_rule_set(draft_id=draft.id, valid_from=moment, approved_by=["carl"])
    return Case(
        {"version": draft.version},
        lambda: publication.retire_rule_set(
            version=draft.version, approved_by=["carl"], maker="author"
        ),
    )


def open_appeal() -> Case:
    """An appeal whose person is decided anew."""
    person = make_person(symptoms=["cough"])
    appeal = file_appeal(subject=person.subject, grounds="that is not right")
    parameters: dict[str, object] = {
        "appeal": str(appeal.id), "outcome": "UPHELD", "text": "You reported a cough.",
    }  # fmt: skip
    return Case(parameters, _decided_anew(person))


def other_region() -> Case:
    """A region with which somebody else agrees meanwhile."""
    parameters: dict[str, Any] = {
        "issuer": JIANGSU, "name": "Jiangsu", "keys": [to_jwk(THEIRS.public_key())],
        "colours": SAME, "days": 30,
    }  # fmt: skip
    return Case(
        parameters,
        lambda: agree_region(
            **{**parameters, "days": 10}, own_issuer="CN-330000", maker="a",
            checkers=["b", "c"], approval_id=uuid.uuid4(),
        ),
    )  # fmt: skip


def asked_guardianship() -> Case:
    """A guardianship that is refused meanwhile."""
    row = request_guardianship(
        guardian=make_person().subject, identity=CHILD, relation=Relation.CHILD,
        proof=Proof.BIRTH_CERTIFICATE, proof_reference="B-9",
    )  # fmt: skip
    return Case(
        {"guardianship": str(row.id)},
        lambda: close_guardianship(
            guardianship_id=row.id, state=GuardianshipState.REFUSED, actor="operator:wu"
        ),
    )


def open_gates() -> Case:
    """A policy that somebody changes and changes back meanwhile."""
    change_policy(name="Hospital", admits=["GREEN"], actor="operator:wu")

    def move() -> None:
        for admits in (["GREEN", "YELLOW"], ["GREEN"]):
            change_policy(name="Hospital", admits=admits, actor="operator:wu")

    return Case({"name": "Hospital", "admits": ["GREEN", "RED"]}, move)


def new_laboratory() -> Case:
    """A laboratory that somebody registers and withdraws meanwhile."""

    def move() -> None:
        made = make_laboratory("PCR Two")
        assert made.registration_id is not None
        withdraw_source(registration_id=made.registration_id, actor="operator:wu")

    return Case({"name": "PCR Two", "public_jwk": JWK, "by_machine": False}, move)


def new_issuer() -> Case:
    """An issuer that somebody registers and withdraws meanwhile."""
    jwks = {"keys": [to_jwk(THEIRS.public_key())]}

    def move() -> None:
        made = make_issuer("Cards", jwks=jwks)
        assert made.registration_id is not None
        withdraw_source(registration_id=made.registration_id, actor="operator:wu")

    return Case({"name": "Cards", "jwks": jwks}, move)


def new_reader() -> Case:
    """A terminal that is revoked meanwhile."""
    terminal = make_gate().terminal
    return Case(
        {"terminal": str(terminal.id)},
        lambda: revoke_terminal(terminal_id=terminal.id, actor="operator:wu"),
    )


def threshold() -> Case:
    """A threshold that others set meanwhile."""
    name = "settlement.approval_above_minor"
    return Case(
        {"name": name, "value": 5_000_00},
        lambda: targets.moved(f"threshold:{name}", actor="operator:wu"),
    )


def _changed(merchant: Merchant, **parameters: object) -> Case:
    """Something about a merchant, whose ceiling is changed meanwhile."""
    return Case(
        {"merchant_uuid": str(merchant.id), **parameters},
        lambda: set_ceiling(
            merchant_uuid=merchant.id, ceiling_minor=next(_numbers) + 1, actor="operator:carl"
        ),
    )


def _later() -> str:
    return (clock.today() + timedelta(days=90)).isoformat()


def recalled_payout() -> Case:
    """A case of recalled money that somebody else closes meanwhile."""
    today, merchant = noon(), make_merchant(payout_account="6222020200012396")
    sell(merchant, 100_00, payer=make_payer())
    settle_date(business_date=today)
    advance(minutes=1)
    case = PayoutCase.objects.get(payout__merchant=merchant)
    return Case(
        {"case_id": str(case.id), "template": "TO_MERCHANT"},
        lambda: targets.moved(case_target(case.id), actor="operator:wu"),
    )


def merchant_in_debt() -> Case:
    """A merchant that owes about ten yuan, and changes meanwhile."""
    noon()
    merchant = make_merchant()
    sale = sell(merchant, 10_00, payer=make_payer())
    for batch in SettlementBatch.objects.filter(merchant=merchant):
        settle_batch(batch_id=batch.id)
        create_payout(batch_id=batch.id)
    give_back(sale, 10_00, merchant=merchant)
    return _changed(merchant, amount_minor=9_00)


def compared_day() -> Case:
    """A day whose statement and the next day's were compared, and that others close meanwhile."""
    ClosedDay.objects.bulk_create(
        ClosedDay(day=file.day, closed_by="operator:wu")
        for file in StatementFile.objects.filter(superseded_at__isnull=True)
    )
    Break.objects.filter(state="OPEN").update(state="CLEARED", closed_at=clock.now())
    day = noon() + timedelta(days=3)
    advance(days=5)
    for each in (day, day + timedelta(days=1)):
        read_statement(content=file_of(each))
        reconcile_day(day=each)
    return Case(
        {"day": day.isoformat()},
        lambda: targets.moved(f"house_day:{day.isoformat()}", actor="operator:wu"),
    )


def other_payout_terms() -> Case:
    """Payouts on the next working day, whose merchant changes meanwhile."""
    return _changed(
        make_merchant(), valid_from=_later(), delay_days=1, calendar="CN", schedule="DAILY"
    )


def other_fee() -> Case:
    """A fee of another rate, whose merchant changes meanwhile."""
    return _changed(make_merchant(), method="CODE", valid_from=_later(), fee_bps=38)


def other_account() -> Case:
    """Another bank account, whose merchant changes meanwhile."""
    return _changed(make_merchant(), bank="CCB", account="6217000010001234567", holder="Baozi")


def held_merchant() -> Case:
    """A hold whose merchant changes meanwhile."""
    merchant = make_merchant()
    hold_payouts(merchant_uuid=merchant.id, reason="a complaint of a bank", actor="operator:mia")
    return _changed(merchant)


def typhoon_day() -> Case:
    """A day without banks, about which others decide meanwhile."""
    parameters: dict[str, object] = {"calendar": "CN", "day": _later(), "is_working": False}
    return Case(
        parameters, lambda: targets.moved(f"calendar_day:CN-{_later()}", actor="operator:wu")
    )


def paid_trade() -> Case:
    """A trade whose merchant gives a part of it back meanwhile."""
    merchant = make_merchant()
    seller = credentials(make_app(merchant))
    trade = make_paid_trade(seller, amount_minor=12_00)

    def move() -> None:
        refund_with_shares(
            seller=seller, amount_minor=1_00, takes=(), number=trade.number, request_no="r1"
        )

    return Case({"id": str(trade.id), "amount_minor": 5_00}, move)


def signing_key() -> Case:
    """A key that the timetable retires meanwhile."""
    key = ensure_signing_key()
    return Case({"kid": key.kid}, lambda: rotate_signing_key(actor="system:timetable"))


def drafted_risk_rules() -> Case:
    """A draft of risk rules, before which another one is published meanwhile."""
    draft, other = draft_risk_rules("2027-01"), draft_risk_rules("2027-02")

    def move() -> None:
        publish_rule_set(draft_id=other.id, approved_by=["carl"])

    return Case({"draft": str(draft.id)}, move)


def blocked_payer() -> Case:
    """A blocked payer who is taken off the list meanwhile."""
    entry = list_subject(
        listed=ListedKind.PAYER, subject_id=uuid.uuid4(), kind=ListKind.BLOCK,
        reason="stolen wallet", actor="operator:ann",
    )  # fmt: skip
    return Case({"entry": str(entry.id)}, lambda: unlist(entry_id=entry.id, **BY))


def held_payouts() -> Case:
    """Payouts that are let go meanwhile."""
    hold = holds.hold_payouts(case_id=make_risk_case().id, actor="operator:ann")
    return Case({"hold": str(hold.id)}, lambda: holds.release_payouts(hold_id=hold.id, **BY))


def challenged_dispute() -> Case:
    """A challenged dispute that the buyer takes back meanwhile."""
    dispute = make_dispute()
    challenge_dispute(dispute_id=dispute.id, finding="delivered", actor="user:shop")
    return Case(
        {"dispute": str(dispute.id), "for_buyer": True},
        lambda: cancel_dispute(dispute_id=dispute.id, actor="user:li"),
    )


CASES: dict[str, Callable[[], Case]] = {
    REFUND: paid_trade,
    ROTATE: signing_key,
    accounts.UNFREEZE: frozen,
    accounts.RESTORE_KYC: suspended,
    accounts.APPROVE_WITHDRAWAL: in_review,
    accounts.RELEASE_TOPUP: late_money,
    APPROVE_MERCHANT: suspended_merchant,
    SET_CEILING: merchant_without_credit,
    WRITE_OFF: merchant_in_debt,
    terms.SET_PAYOUT_TERMS: other_payout_terms,
    terms.SET_FEE: other_fee,
    terms.SET_CALENDAR_DAY: typhoon_day,
    terms.LIFT_HOLD: held_merchant,
    terms.CHANGE_BANK_ACCOUNT: other_account,
    risk.PUBLISH: drafted_risk_rules,
    risk.UNLIST: blocked_payer,
    risk.RELEASE_PAYOUTS: held_payouts,
    DECIDE_DISPUTE: challenged_dispute,
    RELEASE: waiting_batch,
    RETRY: returned_payout,
    CLOSE_CASE: recalled_payout,
    CLOSE: recalled_money,
    CLOSE_DAY: compared_day,
    RECOLOUR: green_person,
    RECOLOUR_MANY: green_people,
    IMPORT_LIST: listed_people,
    RECORD_FINDING: ill_of_the_authority,
    PLACE_REPORT: waiting_report,
    DECLARE_AREA: region_at_risk,
    TRACE: ill_person,
    CONFIRM: found_contacts,
    PUBLISH: drafted_rules,
    RETIRE: published_rules,
    DECIDE: open_appeal,
    AGREE: other_region,
    GRANT: asked_guardianship,
    ADMIT_RED: open_gates,
    REGISTER_LABORATORY: new_laboratory,
    REGISTER_ISSUER: new_issuer,
    LET_IDENTIFY: new_reader,
    CHANGE_THRESHOLD: threshold,
    operator_approvals.CREATE: new_operator,
    operator_approvals.GIVE_ROLES: lambda: operator(roles=["support"]),
    operator_approvals.RESET_PASSWORD: operator,
    operator_approvals.MAKE_SUPERUSER: operator,
    operator_approvals.RESET_FACTOR: operator_with_factor,
    operator_approvals.WAKE: resting_operator,
}
