"""Reading payouts."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from config.kernel.due_times import Earliest, earliest_of
from config.kernel.errors import NotFound
from merchants.onboarding.values import MerchantState
from merchants.payouts.models import LIVE, BankAnswer, BankMessage, Payout
from merchants.payouts.values import PayoutState
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState, Wait
from merchants.terms.queries import held


class PayoutNotFound(NotFound):
    """There is no such payout."""

    code = "payout_not_found"
    message = "There is no such payout."


def payout(payout_id: uuid.UUID) -> Payout:
    """One payout.

    Raises:
        PayoutNotFound: there is none.
    """
    row = Payout.objects.select_related("batch", "merchant").filter(id=payout_id).first()
    if row is None:
        raise PayoutNotFound()
    return row


def live_payout(batch_id: uuid.UUID) -> Payout | None:
    """The batch's payout that has not come back, if there is one."""
    return Payout.objects.filter(batch_id=batch_id, state__in=LIVE).first()


def _payable_batches() -> QuerySet[SettlementBatch]:
    """Calculated batches of merchants that may be paid out."""
    rows = SettlementBatch.objects.filter(state=BatchState.CALCULATED, waits_for=Wait.NOTHING)
    return rows.exclude(merchant__state=MerchantState.SUSPENDED).exclude(held())


def _due_by(now: datetime) -> QuerySet[SettlementBatch]:
    return _payable_batches().filter(
        Q(payout_after__isnull=True, calculated_at__lte=now) | Q(payout_after__lte=now)
    )


def is_due(batch: SettlementBatch, now: datetime) -> bool:
    """Whether a batch is to be paid out by `now`: its day has come and nothing holds it."""
    return _due_by(now).filter(id=batch.id).exists()


def _sendable() -> QuerySet[Payout]:
    """Payouts not with the bank yet, of merchants that may be paid out."""
    rows = Payout.objects.filter(state=PayoutState.CREATED)
    return rows.exclude(merchant__state=MerchantState.SUSPENDED).exclude(held())


# When the next batch is to be paid out.
next_to_create = Earliest(_payable_batches, Coalesce("payout_after", "calculated_at"))


def batches_to_pay(now: datetime) -> list[uuid.UUID]:
    """Batches to be paid out by `now`, oldest day first."""
    waiting = _due_by(now).order_by("business_date", "id")
    return list(waiting.values_list("id", flat=True))


# When the next payout is to be sent to the bank.
next_to_submit = Earliest(_sendable, "due_at")


def payouts_to_submit(now: datetime) -> list[uuid.UUID]:
    """Payouts to be sent to the bank by `now`, oldest first."""
    waiting = _sendable().filter(due_at__lte=now)
    return list(waiting.order_by("due_at", "id").values_list("id", flat=True))


# When the bank's next word is due: one that the simulated bank plans, or one that came in.
next_answer = earliest_of(
    Earliest(lambda: BankAnswer.objects.filter(given_at__isnull=True), "due_at"),
    Earliest(lambda: BankMessage.objects.filter(processed_at__isnull=True), "received_at"),
)


def messages_due(now: datetime) -> list[uuid.UUID]:
    """Messages of the bank received by `now` and not processed, in order."""
    waiting = BankMessage.objects.filter(processed_at__isnull=True, received_at__lte=now)
    return list(waiting.order_by("received_at", "id").values_list("id", flat=True))


def answers_due(now: datetime) -> list[uuid.UUID]:
    """What the bank says by `now`, in order."""
    coming = BankAnswer.objects.filter(given_at__isnull=True, due_at__lte=now)
    return list(coming.order_by("due_at", "id").values_list("id", flat=True))


def _patience() -> timedelta:
    return timedelta(hours=settings.SAOMA_PAYOUT_ANSWER_HOURS)


def next_overdue() -> datetime | None:
    """When the bank's time for its next answer is over."""
    waiting = Payout.objects.filter(state=PayoutState.SUBMITTED, submitted_at__isnull=False)
    first = waiting.order_by("submitted_at").values_list("submitted_at", flat=True).first()
    return None if first is None else first + _patience()


def payouts_overdue(now: datetime) -> list[uuid.UUID]:
    """Payouts that the bank should have answered by `now`."""
    rows = Payout.objects.filter(state=PayoutState.SUBMITTED, submitted_at__lte=now - _patience())
    return list(rows.order_by("submitted_at", "id").values_list("id", flat=True))


def submitted_between(begins: datetime, ends: datetime) -> QuerySet[Payout]:
    """Payouts that went to the bank in a span of time, in order."""
    rows = Payout.objects.filter(submitted_at__gte=begins, submitted_at__lt=ends)
    return rows.order_by("submitted_at", "id")
