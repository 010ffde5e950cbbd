"""Jobs of payments, and their consumer of device events."""

import uuid
from dataclasses import replace
from datetime import datetime

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from wallet.accounts.usecases.remind import Finding, reminds_of
from wallet.payments import queries
from wallet.payments.usecases.deposit_back import end_deposit_back
from wallet.payments.usecases.drop_codes import drop_codes_of_device, drop_old_codes
from wallet.payments.usecases.end_transfer import deliver_transfers
from wallet.payments.usecases.expire_payments import expire_payments
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.usecases.remind_payers import KIND, look_at_payment
from wallet.payments.values import CODE_RETENTION


@reminds_of(KIND)
def unpaid(payment_id: uuid.UUID, at: datetime) -> Finding:
    """What the payer of a payment that waits is told."""
    return look_at_payment(payment_id, at)


@timetable.job("payments.expire", tells=("payment.closed",), next_due=queries.next_expiry_at)
def expire(now: datetime) -> int:
    """Close unpaid payments whose time is over."""
    return expire_payments(at=now)


@timetable.job("payments.finish", tells=("payment.finished",), next_due=queries.next_finish_at)
def finish(now: datetime) -> int:
    """Finish paid payments whose refund window is over."""
    return finish_payments(at=now)


@timetable.job(
    "payments.deliver_transfers", tells="between two people", next_due=queries.next_transfer_at
)
def deliver(now: datetime) -> int:
    """Let transfers arrive whose pause is over."""
    return deliver_transfers(now=now)


# When the oldest code has been kept long enough: those of the hour after it go too.
next_drop_at = replace(queries.next_code_expiry_at, plus=CODE_RETENTION)


@timetable.job("payments.drop_codes", tells="nothing changes for merchants", next_due=next_drop_at)
def drop_codes(now: datetime) -> int:
    """Forget payment codes that ran out days ago."""
    return drop_old_codes(at=now)


@subscribe("withdrawal.paid", name="payments.end_deposit_back")
@subscribe("withdrawal.returned", name="payments.end_deposit_back")
def on_withdrawal(event: OutboxEvent) -> None:
    """The bank has spoken of a withdrawal; some of them carry refunds."""
    end_deposit_back(
        withdrawal_id=uuid.UUID(str(event.payload["withdrawal_id"])),
        paid=event.topic == "withdrawal.paid",
    )


@subscribe("device.revoked", name="payments.drop_codes")
def drop_codes_of_revoked_device(event: OutboxEvent) -> None:
    """A revoked device's unused aliases are deleted; the key is void already."""
    drop_codes_of_device(device_id=uuid.UUID(event.payload["device_id"]))
