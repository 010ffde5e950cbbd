"""Offering, signing and ending agreements."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from config.kernel import clock
from config.kernel.audit.models import AuditEvent
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import PIN, make_user
from tests.factories.agreements import (
    CAPPED,
    debit,
    let_pass,
    make_agreement,
    make_offer,
    monthly,
    stored,
)
from tests.factories.payments import Shop
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.check_pin import PinWrong
from wallet.agreements import queries, rules
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.usecases.suspend_agreement import resume_agreement, suspend_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import (
    AgreementOutcome,
    AgreementStatus,
    AgreementView,
    Party,
    PeriodType,
    Terms,
)
from wallet.ledger.rules import AccountFrozen
from wallet.payments.rules import PayeeIsPayer

pytestmark = pytest.mark.django_db
FIRST = date(2027, 1, 15)


def sign(offer: AgreementView, payer: WalletUser, **changes: str) -> AgreementOutcome:
    """Consent to what the offer shows."""
    facts = {"pin": PIN, "challenge": offer.challenge} | changes
    return sign_agreement(agreement_id=offer.id, payer_id=payer.id, **facts)


def unsign(agreement: AgreementView, by: Party = Party.PAYER) -> AgreementOutcome:
    """End it."""
    return unsign_agreement(agreement_id=agreement.id, by=by, actor="test")


def test_the_payer_signs_what_is_shown_with_the_pin() -> None:
    offer, payer = make_offer(Shop(), monthly(first_on=FIRST)), make_user()
    done = sign(offer, payer)
    assert (done.changed, done.agreement.status) == (True, AgreementStatus.NORMAL)
    assert (done.agreement.payer_number, done.agreement.next_on) == (payer.user_number, FIRST)
    assert done.agreement.lapses_at is None


def test_consent_is_audited_with_its_challenge_and_told() -> None:
    agreement = make_agreement(Shop())
    event = AuditEvent.objects.get(action="agreement.signed")
    assert event.after
    assert event.after["challenge"] == agreement.challenge
    assert OutboxEvent.objects.filter(topic="agreement.signed").count() == 1


def test_signing_again_gives_the_same_agreement() -> None:
    offer, payer = make_offer(Shop()), make_user()
    first, again = sign(offer, payer), sign(offer, payer)
    assert (again.changed, again.agreement.id) == (False, first.agreement.id)
    assert OutboxEvent.objects.filter(topic="agreement.signed").count() == 1


def test_a_wrong_pin_signs_nothing() -> None:
    offer, payer = make_offer(Shop()), make_user()
    with pytest.raises(PinWrong):
        sign(offer, payer, pin="000000")
    assert stored(offer).status == AgreementStatus.TEMP


def test_consent_to_other_terms_than_shown_is_none() -> None:
    shop, payer = Shop(), make_user()
    other = make_offer(shop, replace(CAPPED, single_minor=1_00))
    with pytest.raises(rules.ChallengeMismatch):
        sign(make_offer(shop), payer, challenge=other.challenge)


@pytest.mark.parametrize(
    "changes",
    [{"single_minor": 21_00}, {"total_minor": 5}, {"total_payments": 3}],
)
def test_every_cap_is_part_of_the_challenge(changes: dict[str, int]) -> None:
    facts = {"number": "1", "payee_name": "B", "external_no": "", "currency": "CNY"}
    other = replace(CAPPED, **changes)  # type: ignore[arg-type]
    assert rules.challenge(terms=CAPPED, **facts) != rules.challenge(terms=other, **facts)


def test_only_one_payer_signs() -> None:
    offer = make_offer(Shop())
    sign(offer, make_user())
    with pytest.raises(rules.AgreementTaken):
        sign(offer, make_user())


def test_the_payee_cannot_sign_with_itself() -> None:
    payer = make_user()
    with pytest.raises(PayeeIsPayer):
        sign(make_offer(Shop(), payee_owner_id=payer.id), payer)


def test_a_frozen_payer_cannot_sign() -> None:
    payer = make_user()
    WalletUser.objects.filter(id=payer.id).update(state="FROZEN")
    with pytest.raises(AccountFrozen):
        sign(make_offer(Shop()), payer)


def test_one_of_a_kind_is_in_force_between_two() -> None:
    shop, payer = Shop(), make_user()
    make_agreement(shop, payer)
    with pytest.raises(rules.AgreementSigned):
        sign(make_offer(shop), payer)
    assert make_agreement(shop, payer, external_no="CAR2").status is AgreementStatus.NORMAL


def test_the_payees_number_gives_the_same_offer_again() -> None:
    shop = Shop()
    first, again = (make_offer(shop, external_no="A1") for _ in range(2))
    assert first.token == again.token
    with pytest.raises(rules.AgreementConflict):
        make_offer(shop, replace(CAPPED, single_minor=1), external_no="A1")
    assert make_offer(Shop(), external_no="A1").id != first.id


def test_the_payees_number_is_spent_once_signed_and_once_ended() -> None:
    shop = Shop()
    agreement = make_agreement(shop, external_no="A1")
    with pytest.raises(rules.AgreementSigned):
        make_offer(shop, external_no="A1")
    unsign(agreement)
    with pytest.raises(rules.AgreementEnded):
        make_offer(shop, external_no="A1")


def test_an_offer_runs_out_after_a_day_and_can_be_made_again() -> None:
    shop = Shop()
    offer = make_offer(shop, external_no="A1")
    let_pass(days=1)
    assert stored(offer).status == AgreementStatus.EXPIRED
    with pytest.raises(rules.AgreementEnded):
        sign(offer, make_user())
    assert make_offer(shop, external_no="A1").status is AgreementStatus.TEMP
    assert sign(offer, make_user()).changed


def test_an_agreement_ends_with_its_term() -> None:
    until = clock.now() + timedelta(days=30)
    agreement = make_agreement(Shop(), terms=replace(CAPPED, valid_until=until))
    let_pass(days=31)
    assert stored(agreement).status == AgreementStatus.EXPIRED
    assert OutboxEvent.objects.filter(topic="agreement.ended").count() == 1


@pytest.mark.parametrize("by", Party)
def test_unsigning_ends_it_once(by: Party) -> None:
    agreement = make_agreement(Shop())
    assert unsign(agreement, by).changed
    assert not unsign(agreement, by).changed
    row = stored(agreement)
    assert (row.status, row.ended_by) == (AgreementStatus.UNSIGNED, by)
    with pytest.raises(rules.AgreementEnded):
        debit(agreement)


def test_the_payer_unsigns_a_suspended_agreement_too() -> None:
    agreement = make_agreement(Shop())
    suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    assert unsign(agreement).changed


def test_nobody_elses_agreement_is_found() -> None:
    agreement, stranger = make_agreement(Shop()), make_user()
    with pytest.raises(rules.AgreementUnknown):
        unsign_agreement(agreement_id=agreement.id, by=Party.PAYER, actor="t", payer_id=stranger.id)
    with pytest.raises(rules.AgreementUnknown):
        resume_agreement(agreement_id=agreement.id, payer_id=stranger.id, pin=PIN)
    with pytest.raises(rules.AgreementUnknown):
        queries.agreement_of_user(user_id=stranger.id, agreement_id=agreement.id)


def test_a_suspended_agreement_takes_nothing_until_its_payer_resumes_it() -> None:
    payer = make_user(balance_minor=100_00)
    agreement = make_agreement(Shop(), payer)
    suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    again = suspend_agreement(agreement_id=agreement.id, by=Party.PLATFORM, actor="operator:x")
    with pytest.raises(rules.AgreementNotInForce):
        debit(agreement)
    resumed = resume_agreement(agreement_id=agreement.id, payer_id=payer.id, pin=PIN)
    assert (again.changed, resumed.changed) == (False, True)
    assert debit(agreement).payment.amount_minor == 6_00


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(single_minor=0), "single_minor"),
        (Terms(total_minor=-1), "total_minor"),
        (Terms(total_payments=0), "total_payments"),
        (Terms(period=1), "period_type"),
        (Terms(first_on=FIRST), "period_type"),
        (Terms(period_type=PeriodType.DAY, period=6, first_on=FIRST, single_minor=1), "period"),
        (Terms(period_type=PeriodType.MONTH, period=0, first_on=FIRST, single_minor=1), "period"),
        (Terms(period_type=PeriodType.MONTH, first_on=FIRST, single_minor=1), "period"),
        (Terms(period_type=PeriodType.DAY, period=7, single_minor=1), "first_on"),
        (Terms(period_type=PeriodType.DAY, period=7, first_on=FIRST), "single_minor"),
        *(
            (
                Terms(
                    period_type=PeriodType.MONTH,
                    period=1,
                    first_on=date(2027, 1, day),
                    single_minor=1,
                ),
                "first_on",
            )
            for day in (29, 30, 31)
        ),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(terms: Terms, field: str) -> None:
    with pytest.raises(rules.TermsInvalid) as refused:
        make_offer(Shop(), terms)
    assert refused.value.field == field


def test_terms_that_are_over_before_they_begin_are_refused() -> None:
    with pytest.raises(rules.TermsInvalid):
        make_offer(Shop(), replace(CAPPED, valid_until=clock.now()))
