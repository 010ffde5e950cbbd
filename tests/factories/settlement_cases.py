"""Cases of the approvals about settlement, payouts, reconciliation and thresholds."""

from collections.abc import Callable
from datetime import timedelta

from config.kernel import clock
from config.kernel.approvals import targets
from config.kernel.approvals.tasks import CHANGE_THRESHOLD
from merchants.onboarding.models import Merchant
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
from tests.factories.clock import advance
from tests.factories.operator_cases import Case
from tests.factories.reconciliation import break_of_recalled_money, file_of
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from wallet.coupons.tasks import START_CAMPAIGN
from wallet.coupons.usecases.start_campaign import campaign_target


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


def threshold() -> Case:
    """A threshold that others set meanwhile."""
    name = "settlement.approval_above_minor"
    return Case(
        {"name": name, "value": 5_000_00},
        lambda: targets.moved(f"threshold:{name}", actor="operator:wu"),
    )


def spring_campaign() -> Case:
    """A campaign of a code that somebody else takes meanwhile."""
    parameters: dict[str, object] = {
        "code": "SPRING",
        "name": "Spring",
        "amount_minor": 5_00,
        "from_minor": 30_00,
        "budget_minor": 500_00,
        "stacks": False,
        "ends_at": (clock.now() + timedelta(days=30)).isoformat(),
    }
    return Case(parameters, lambda: targets.moved(campaign_target("SPRING"), actor="operator:wu"))


CASES: dict[str, Callable[[], Case]] = {
    START_CAMPAIGN: spring_campaign,
    RELEASE: waiting_batch,
    RETRY: returned_payout,
    CLOSE_CASE: recalled_payout,
    CLOSE: recalled_money,
    CLOSE_DAY: compared_day,
    CHANGE_THRESHOLD: threshold,
}
