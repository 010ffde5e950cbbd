"""Settlement by terms: fees by method, reserves, payout days, holds, other bank accounts."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.onboarding.models import Merchant
from merchants.payouts.models import Payout
from merchants.settlement.models import ReserveHold, SettlementBatch, SettlementLine
from merchants.settlement.usecases.demand_payout import demand_payout
from merchants.terms import queries, rules
from merchants.terms.models import PayoutHold
from merchants.terms.usecases.change_bank_account import cancel_change, change_bank_account
from merchants.terms.usecases.hold_payouts import hold_payouts, lift_hold, release_payouts
from merchants.terms.usecases.set_terms import set_method_fee, set_payout_terms
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule
from tests.factories.clock import advance
from tests.factories.risk import draft_risk_rules
from tests.factories.settlement import books, give_back, held, make_merchant, make_payer, noon, sell
from wallet.accounts.models import SmsMessage, WalletUser
from wallet.risk.models import RiskCase
from wallet.risk.queries import current
from wallet.risk.usecases.draft_rule_set import publish_rule_set
from wallet.risk.usecases.hold_payouts import hold_payouts as hold_for_a_case
from wallet.risk.usecases.score_payment import score_payment
from wallet.risk.values import Subject

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BY = "operator:carl"


@pytest.fixture
def merchant() -> Merchant:
    noon()
    return make_merchant()


def with_terms(merchant: Merchant, **terms: object) -> None:
    """Let payout terms hold from tomorrow on, and make it tomorrow."""
    set_payout_terms(
        merchant_id=merchant.id,
        valid_from=clock.today() + timedelta(days=1),
        terms=PayoutTerms(**terms),  # type: ignore[arg-type]
        actor=BY,
    )
    advance(days=1)


def with_fee(merchant: Merchant, method: str, terms: FeeTerms) -> None:
    """Let a fee hold from tomorrow on."""
    set_method_fee(
        merchant_id=merchant.id,
        method=method,
        valid_from=clock.today() + timedelta(days=1),
        terms=terms,
        actor=BY,
    )


def test_a_fee_holds_from_its_day_and_for_its_method(merchant: Merchant) -> None:
    payer = make_payer()
    with_fee(merchant, "ORDER", FeeTerms(30, fixed_minor=5))
    with_fee(merchant, "", FeeTerms(99))
    sell(merchant, 100_00, payer=payer)
    advance(days=1)
    sell(merchant, 100_00, payer=payer)
    advance(days=2)
    fees = SettlementLine.objects.order_by("occurred_at").values_list("fee_minor", flat=True)
    assert list(fees) == [60, 35]


def test_a_fee_that_is_kept_does_not_come_back_with_a_refund(merchant: Merchant) -> None:
    with_fee(merchant, "", FeeTerms(60, kept_on_refund=True))
    advance(days=1)
    payer = make_payer()
    sell(merchant, 50_00, payer=payer)
    give_back(sell(merchant, 100_00, payer=payer), 100_00, merchant=merchant)
    advance(days=1)
    batch = SettlementBatch.objects.get()
    assert (batch.fee_minor, batch.net_minor, batch.state) == (90, 49_10, "PAID")


def test_terms_of_a_day_that_has_begun_are_refused(merchant: Merchant) -> None:
    with pytest.raises(rules.TermsBackdated):
        set_payout_terms(
            merchant_id=merchant.id, valid_from=clock.today(), terms=PayoutTerms(), actor=BY
        )


def test_a_reserve_is_held_back_and_goes_out_when_its_days_are_over(merchant: Merchant) -> None:
    with_terms(merchant, reserve_bps=1_000, reserve_days=3)
    sell(merchant, 100_00, payer=make_payer())
    advance(days=1)
    batch = SettlementBatch.objects.get()
    assert (batch.payable_minor, batch.reserved_minor, batch.out_minor) == (99_40, 9_94, 89_46)
    assert held(merchant.reserve_account_id) == 9_94
    assert Payout.objects.get().amount_minor == 89_46
    advance(days=4)
    assert ReserveHold.objects.get().released_with is not None
    assert sorted(Payout.objects.values_list("amount_minor", flat=True)) == [9_94, 89_46]
    assert (held(merchant.reserve_account_id), books(merchant)) == (0, (0, 0, 0))


def test_a_payout_waits_for_its_working_day(merchant: Merchant) -> None:
    with_terms(merchant, delay_days=2)
    sell(merchant, 100_00, payer=make_payer())
    advance(days=1)
    assert (SettlementBatch.objects.get().state, Payout.objects.count()) == ("CALCULATED", 0)
    advance(days=1)
    assert SettlementBatch.objects.get().state == "PAID"


def test_little_money_waits_for_more(merchant: Merchant) -> None:
    payer = make_payer()
    with_terms(merchant, minimum_minor=50_00)
    sell(merchant, 30_00, payer=payer)
    advance(days=1)
    assert SettlementBatch.objects.get().waits_for == "MINIMUM"
    sell(merchant, 30_00, payer=payer)
    advance(days=1)
    assert set(SettlementBatch.objects.values_list("state", "waits_for")) == {("PAID", "")}


def test_a_merchant_that_asks_is_paid_when_it_asks(merchant: Merchant) -> None:
    with_terms(merchant, schedule=Schedule.ON_DEMAND)
    sell(merchant, 30_00, payer=make_payer())
    advance(days=3)
    assert Payout.objects.count() == 0
    assert (demand_payout(merchant_id=merchant.id), demand_payout(merchant_id=merchant.id)) == (
        1,
        0,
    )
    advance(minutes=1)
    assert Payout.objects.get().state == "PAID"


def test_nothing_goes_out_while_payouts_are_on_hold(merchant: Merchant) -> None:
    sell(merchant, 30_00, payer=make_payer())
    hold_payouts(merchant_id=merchant.id, reason="a complaint of a bank", actor="operator:mia")
    with pytest.raises(rules.HoldPlaced):
        hold_payouts(merchant_id=merchant.id, reason="again", actor="operator:mia")
    advance(days=2)
    assert (SettlementBatch.objects.get().state, Payout.objects.count()) == ("CALCULATED", 0)
    lift_hold(merchant_id=merchant.id, actor=BY)
    advance(minutes=1)
    assert Payout.objects.get().state == "PAID"


def case_about(merchant: Merchant) -> RiskCase:
    return RiskCase.objects.create(
        pattern="fan-in", payer_id=uuid.uuid4(), payee_id=merchant.id, summary="many small payments"
    )


def test_any_hold_stops_payouts_until_each_is_lifted(merchant: Merchant) -> None:
    sell(merchant, 30_00, payer=make_payer())
    case = case_about(merchant)
    for _ in range(2):
        hold_for_a_case(case_id=case.id, actor="operator:ann")
    hold_payouts(merchant_id=merchant.id, reason="a complaint of a bank", actor="operator:mia")
    advance(days=2)
    assert Payout.objects.count() == 0
    lift_hold(merchant_id=merchant.id, actor=BY)
    advance(minutes=1)
    assert (queries.is_on_hold(merchant.id), Payout.objects.count()) == (True, 0)
    hold = PayoutHold.objects.get(case_id=case.id)
    release_payouts(hold_id=hold.id, actor=BY, reason="all is well")
    with pytest.raises(rules.HoldNotFound):
        release_payouts(hold_id=hold.id, actor=BY, reason="all is well")
    advance(minutes=1)
    assert Payout.objects.get().state == "PAID"


@pytest.fixture
def rules_read_anew() -> Iterator[None]:
    """A rule set of this test is in force for no other."""
    yield
    current.forget()


@pytest.mark.usefixtures("rules_read_anew")
def test_a_rule_that_holds_payouts_holds_a_merchants(merchant: Merchant) -> None:
    draft = draft_risk_rules(
        "2027-01", when="amount_minor >= 5000", opens_case=True, holds_payout=True
    )
    publish_rule_set(draft_id=draft.id, approved_by=["bob", "carl"])
    current.forget()
    subject = Subject(uuid.uuid4(), uuid.uuid4(), merchant.id, None, 60_00, "CNY")
    score_payment(subject=subject, paid_at=clock.now(), zone=merchant.zone)
    hold = PayoutHold.objects.get(merchant=merchant)
    assert (hold.case_id, hold.placed_by) == (RiskCase.objects.get().id, "system:risk")
    assert queries.is_on_hold(merchant.id)


class TestBankAccount:
    def change(self, merchant: Merchant) -> None:
        change_bank_account(
            merchant_id=merchant.id, bank="CCB", account="6217000012345678", holder="L", actor=BY
        )

    def test_takes_effect_after_the_cooling_period_and_the_owner_is_told(
        self, merchant: Merchant
    ) -> None:
        self.change(merchant)
        phone = WalletUser.objects.get(id=merchant.owner_id).phone
        text = SmsMessage.objects.get(phone=phone).text
        assert "CCB ...5678" in text
        sell(merchant, 30_00, payer=make_payer())
        advance(days=1)
        assert Payout.objects.get().bank == "ICBC"
        advance(days=2, minutes=1)
        merchant.refresh_from_db()
        assert (merchant.payout_bank, merchant.payout_account) == ("CCB", "6217000012345678")

    def test_one_change_waits_at_a_time_and_can_be_cancelled(self, merchant: Merchant) -> None:
        self.change(merchant)
        with pytest.raises(rules.AccountChangeWaiting):
            self.change(merchant)
        cancel_change(merchant_id=merchant.id, actor="user:owner")
        advance(days=4)
        merchant.refresh_from_db()
        assert merchant.payout_bank == "ICBC"
