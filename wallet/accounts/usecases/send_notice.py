"""Send a text message to a wallet user, about something that concerns the user's money."""

import uuid

from config.kernel import clock, transactions
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries
from wallet.accounts.models import SmsMessage
from wallet.accounts.ports import SMS
from wallet.accounts.usecases.send_phone_code import SMS_WRITTEN

LONGEST = 160


@transactions.atomic_retry
def send_notice(*, user_id: uuid.UUID, text: str) -> SmsMessage:
    """Write a text message to the phone that a user has now; it goes out after the commit.

    Args:
        user_id: who is told.
        text: cut to 160 characters.

    Raises:
        UserUnknown: there is no such user.
    """
    user = queries.user(user_id)
    message = SmsMessage.objects.create(
        phone=user.phone, text=text[:LONGEST], created_at=clock.now()
    )
    if not SMS.is_simulated:
        outbox.add(
            topic=SMS_WRITTEN, aggregate_id=message.id, payload={"message_id": str(message.id)}
        )
    return message
