"""Proving phones by codes: rules and limits. Pure."""

import hashlib
import hmac
from datetime import timedelta
from typing import Final

from config.kernel.errors import InvalidRequest, RateLimited, Refused
from config.kernel.limits.rules import declare
from config.kernel.limits.values import Limit, Period


class PhoneCodeRequired(InvalidRequest):
    """A registration has to prove its phone number with a code."""

    code = "phone_code_required"
    message = "Ask for a code to be sent to this phone, and give it with the registration."


class PhoneCodeWrong(Refused):
    """The code is not the one that was sent last, or too old, or spent."""

    code = "phone_code_wrong"
    message = "This code is wrong or no longer good; ask for another one."


class TooManyCodeTries(RateLimited):
    """The code was guessed at too often; another one has to be sent."""

    code = "too_many_code_tries"
    message = "Too many wrong codes; ask for another one."


class TooManyCodes(RateLimited):
    """Too many codes were asked for, by this number or from this address."""

    code = "too_many_phone_codes"
    message = "Too many codes were sent; try again later."


class TooManyRegistrations(RateLimited):
    """Too many registrations from one network address."""

    code = "too_many_registrations"
    message = "Too many registrations from this address; try again later."


class TooManyLookUps(RateLimited):
    """Too many phone numbers were tried that nobody can be paid by."""

    code = "too_many_phone_look_ups"
    message = "Too many unknown phone numbers; try again later."


SMS_CODE: Final = "[Saoma] Your code is {code}. It holds for ten minutes. Tell it to nobody."
SMS_KNOWN: Final = "[Saoma] Somebody asked to register this number. It has an account already."
SMS_UNKNOWN: Final = "[Saoma] Somebody asked for a code for this number. It has no account here."
PHONE_CODE_DIGITS: Final = 6

CODE_TRIES: Final = declare(
    Limit(
        name="accounts.phone_code_tries",
        whose="code",
        period=Period.STANDING,
        lock="accounts_phonecode",
        refuse=lambda rest: TooManyCodeTries(field="code"),
        ceiling=5,
        counter="tries",
    )
)
CODES_BY_PHONE: Final = declare(
    Limit(
        name="accounts.phone_codes",
        whose="phone",
        period=Period.WINDOW,
        lock="limits_limitcount",
        refuse=lambda rest, **facts: TooManyCodes(**facts),
        ceiling=5,
        window=timedelta(hours=1),
    )
)
CODES_BY_ADDRESS: Final = declare(
    Limit(
        name="accounts.phone_codes_address",
        whose="address",
        period=Period.WINDOW,
        lock="limits_limitcount",
        refuse=lambda rest, **facts: TooManyCodes(**facts),
        setting="SAOMA_PHONE_CODES_HOURLY",
        off_at_zero=True,
        window=timedelta(hours=1),
    )
)
REGISTRATIONS: Final = declare(
    Limit(
        name="accounts.registrations",
        whose="address",
        period=Period.WINDOW,
        lock="limits_limitcount",
        refuse=lambda rest, **facts: TooManyRegistrations(**facts),
        setting="SAOMA_REGISTRATIONS_HOURLY",
        off_at_zero=True,
        window=timedelta(hours=1),
    )
)
LOOK_UPS: Final = declare(
    Limit(
        name="accounts.phone_look_ups",
        whose="user",
        period=Period.WINDOW,
        lock="limits_limitcount",
        refuse=lambda rest, **facts: TooManyLookUps(**facts),
        ceiling=20,
        window=timedelta(hours=1),
    )
)


def phone_code_digest(key: bytes, phone: str, code: str) -> str:
    """What is kept of a code sent to a phone: a million codes are soon tried against less."""
    return hmac.new(key, f"{phone}\n{code}".encode(), hashlib.sha256).hexdigest()
