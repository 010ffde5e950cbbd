"""Jobs of the accounts slice. Each may run twice or beside another worker."""

import uuid
from datetime import datetime

from celery import shared_task

from config.kernel import timetable
from config.kernel.outbox.consumers import subscribe
from config.kernel.outbox.models import OutboxEvent
from wallet.accounts import queries
from wallet.accounts.models import SmsMessage
from wallet.accounts.ports import SMS
from wallet.accounts.usecases import (
    decide_kyc,
    expire_topups,
    flag_overdue_withdrawals,
    process_callback,
    receive_callback,
    remind,
    send_instructions,
    send_phone_code,
)


@shared_task(name=receive_callback.TASK)
def process_stored_callback(callback_id: str, **_: object) -> str:
    """Act on one stored callback right after it arrived."""
    return process_callback.process_callback(callback_id=uuid.UUID(callback_id))


@subscribe(send_phone_code.SMS_WRITTEN, name="accounts.send_sms")
def send_message(event: OutboxEvent) -> None:
    """Give a message to the sender; where it fails the relay brings the event again."""
    SMS.adapter().send(SmsMessage.objects.get(id=event.aggregate_id))


@timetable.job(
    "accounts.decide_kyc", tells="a customer's own matter", next_due=queries.next_application_at
)
def decide_applications(now: datetime) -> int:
    """Decide applications for verification."""
    return decide_kyc.decide_due_applications(now=now)


@timetable.job(
    "accounts.expire_topups", tells="a customer's own matter", next_due=queries.next_topup_expiry_at
)
def expire_due_topups(now: datetime) -> int:
    """Give up on unanswered top-ups."""
    return expire_topups.expire_topups(now=now)


@timetable.job(
    "accounts.flag_overdue_withdrawals",
    tells="a customer's own matter",
    next_due=queries.next_overdue_at,
)
def flag_overdue(now: datetime) -> int:
    """Flag withdrawals the bank is silent about."""
    return flag_overdue_withdrawals.flag_overdue_withdrawals(now=now)


@timetable.job("bank.send", tells="a customer's own matter", next_due=queries.next_instruction_at)
def send_to_bank(now: datetime) -> int:
    """Send waiting instructions to the bank."""
    return send_instructions.send_instructions(now=now)


@timetable.job("bank.answer", tells="a customer's own matter", next_due=queries.next_answer_at)
def let_bank_answer(now: datetime) -> int:
    """Let the simulated bank speak; what it says is stored, not acted on."""
    return receive_callback.receive_due_answers(now=now)


@timetable.job("bank.process", tells="a customer's own matter", next_due=queries.next_callback_at)
def process_callbacks(now: datetime) -> int:
    """Act on stored callbacks that nobody has acted on, whatever became of the worker."""
    return process_callback.process_due_callbacks(now=now)


@timetable.job(
    "accounts.remind",
    tells="a word to the payer; merchants hear of the payment itself",
    next_due=queries.next_reminder_at,
)
def send_due_reminders(now: datetime) -> int:
    """Remind people of what waits for them."""
    return remind.send_reminders(now=now)
