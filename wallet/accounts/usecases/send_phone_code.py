"""Send a code to a phone, so that whoever has the phone can prove it."""

from datetime import datetime

from config.kernel import clock, ids, transactions
from config.kernel.limits.counting import count
from config.kernel.network import address_block
from config.kernel.outbox import writes as outbox
from wallet.accounts import phones, queries, rules
from wallet.accounts.models import PhoneCode, SmsMessage, WalletUser
from wallet.accounts.ports import SMS
from wallet.accounts.values import PHONE_CODE_LIFE, CodePurpose, UserState

SMS_WRITTEN = "sms.written"


def send_phone_code(*, phone: str, purpose: CodePurpose, address: str) -> datetime:
    """Send a six-digit code by SMS; gives until when it holds.

    The answer is the same for every number: who has an account is told to the phone alone.
    A number without one gets no code to reset a password with, and one with an account no
    code to register again, but a message that says so. A new code ends the one before it.
    Call it outside a transaction: what is asked for counts, whatever comes of it.

    Args:
        phone: in any spelling.
        purpose: what the code will be good for, and for nothing else.
        address: network address of the caller.

    Raises:
        PhoneInvalid: it is no phone number.
        TooManyCodes: five codes for this number, or twenty from this address, within an
            hour; `retry_after_s`.

    Locks: the counts of the number and of the address, then the number's code.
    """
    number = rules.normalise_phone(phone)
    count(phones.CODES_BY_ADDRESS, subject=address_block(address))
    count(phones.CODES_BY_PHONE, subject=number)
    return _send(number, purpose)


@transactions.atomic_retry
def _send(number: str, purpose: CodePurpose) -> datetime:
    now = clock.now()
    expires_at = now + PHONE_CODE_LIFE
    is_known = WalletUser.objects.filter(phone=number).exclude(state=UserState.CLOSED).exists()
    if is_known is (purpose is CodePurpose.REGISTER):
        text = phones.SMS_KNOWN if is_known else phones.SMS_UNKNOWN
    else:
        digits = ids.random_digits(phones.PHONE_CODE_DIGITS)
        PhoneCode.objects.update_or_create(
            phone=number,
            purpose=purpose,
            defaults={
                "digest": phones.phone_code_digest(queries.phone_code_key(), number, digits),
                "tries": 0,
                "expires_at": expires_at,
                "used_at": None,
            },
        )
        text = phones.SMS_CODE.format(code=digits)
    message = SmsMessage.objects.create(phone=number, text=text, created_at=now)
    if not SMS.is_simulated:
        outbox.add(
            topic=SMS_WRITTEN, aggregate_id=message.id, payload={"message_id": str(message.id)}
        )
    return expires_at
