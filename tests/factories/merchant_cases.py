"""Cases of the approvals about merchants: approval, terms, debts, refunds, disputes."""

import itertools
import uuid
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from config.kernel import clock
from config.kernel.approvals import targets
from merchants.deals.arbitration import ARBITRATE
from merchants.deals.usecases.refund_deal import answer_request, ask_refund
from merchants.disputes.tasks import DECIDE as DECIDE_DISPUTE
from merchants.disputes.usecases.answer_dispute import cancel_dispute, challenge_dispute
from merchants.exposure.tasks import SET_CEILING, WRITE_OFF
from merchants.exposure.usecases.set_ceiling import set_ceiling
from merchants.onboarding.models import Merchant
from merchants.onboarding.tasks import APPROVE_MERCHANT
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.payouts.usecases.create_payout import create_payout
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.splits.refund_action import REFUND
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from merchants.terms import tasks as terms
from merchants.terms.models import PayoutHold
from merchants.terms.usecases import hold_payouts as holds
from tests.factories.deals import offer, take
from tests.factories.disputes import make_dispute
from tests.factories.merchants import credentials, make_app, make_paid_trade
from tests.factories.operator_cases import BY, Case
from tests.factories.settlement import give_back, make_merchant, make_payer, noon, sell
from wallet.risk.models import RiskCase

_numbers = itertools.count()


def suspended_merchant() -> Case:
    """A suspended merchant that is approved and suspended anew."""
    merchant = make_merchant()
    suspend_merchant(merchant_id=merchant.id, **BY)

    def move() -> None:
        approve_merchant(merchant_id=merchant.id, requested_by="a", approved_by="b")
        suspend_merchant(merchant_id=merchant.id, **BY)

    return Case({"merchant_id": str(merchant.id), "fee_bps": 55}, move)


def merchant_without_credit() -> Case:
    """A merchant whose ceiling is set and taken back meanwhile."""
    merchant = make_merchant()

    def move() -> None:
        for ceiling_minor in (1_00, None):
            set_ceiling(merchant_id=merchant.id, ceiling_minor=ceiling_minor, actor="operator:wu")

    return Case({"merchant_id": str(merchant.id), "ceiling_minor": 5_000_00}, move)


def _changed(merchant: Merchant, **parameters: object) -> Case:
    """Something about a merchant, whose ceiling is changed meanwhile."""
    return Case(
        {"merchant_id": str(merchant.id), **parameters},
        lambda: set_ceiling(
            merchant_id=merchant.id, ceiling_minor=next(_numbers) + 1, actor="operator:carl"
        ),
    )


def _later() -> str:
    return (clock.today() + timedelta(days=90)).isoformat()


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
    holds.hold_payouts(
        merchant_id=merchant.id, reason="a complaint of a bank", actor="operator:mia"
    )
    return _changed(merchant)


def held_payouts() -> Case:
    """Payouts that a risk case holds, and that are let go meanwhile."""
    case = RiskCase.objects.create(
        pattern="fan-in", payer_id=uuid.uuid4(), payee_id=make_merchant().id, summary="a test"
    )
    with transaction.atomic():
        holds.hold_for_case(
            payee_id=case.payee_id, case_id=case.id, reason="a test", actor="system:risk"
        )
    hold = PayoutHold.objects.get(case_id=case.id)
    return Case({"hold": str(hold.id)}, lambda: holds.release_payouts(hold_id=hold.id, **BY))


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


def challenged_dispute() -> Case:
    """A challenged dispute that the buyer takes back meanwhile."""
    dispute = make_dispute()
    challenge_dispute(dispute_id=dispute.id, finding="delivered", actor="user:shop")
    return Case(
        {"dispute": str(dispute.id), "for_buyer": True},
        lambda: cancel_dispute(dispute_id=dispute.id, actor="user:li"),
    )


def request_in_arbitration() -> Case:
    """A refund request in arbitration that the buyer withdraws meanwhile."""
    noon()
    deal = take(offer(make_merchant()), make_payer(500_00))
    request = ask_refund(deal_id=deal.id, amount_minor=100_00, reason="scuffed")
    for answer in ("refuse", "arbitrate"):
        answer_request(request_id=request.id, answer=answer)
    return Case(
        {"request": str(request.id), "for_buyer": True},
        lambda: answer_request(request_id=request.id, answer="withdraw"),
    )


CASES: dict[str, Callable[[], Case]] = {
    REFUND: paid_trade,
    APPROVE_MERCHANT: suspended_merchant,
    SET_CEILING: merchant_without_credit,
    WRITE_OFF: merchant_in_debt,
    terms.SET_PAYOUT_TERMS: other_payout_terms,
    terms.SET_FEE: other_fee,
    terms.SET_CALENDAR_DAY: typhoon_day,
    terms.LIFT_HOLD: held_merchant,
    terms.RELEASE_PAYOUTS: held_payouts,
    terms.CHANGE_BANK_ACCOUNT: other_account,
    DECIDE_DISPUTE: challenged_dispute,
    ARBITRATE: request_in_arbitration,
}
