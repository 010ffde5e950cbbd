"""Change what a user may change about themselves."""

import uuid
from zoneinfo import available_timezones

from config.kernel import transactions
from config.kernel.errors import InvalidRequest
from wallet.accounts import queries, rules
from wallet.accounts.models import WalletUser


class ZoneUnknown(InvalidRequest):
    """The time zone is not in the IANA data base."""

    code = "zone_unknown"
    message = "Give an IANA time zone such as Asia/Shanghai."


@transactions.atomic_retry
def update_profile(
    *,
    user_id: uuid.UUID,
    name: str | None = None,
    zone: str | None = None,
    refunds_to_bank: bool | None = None,
) -> WalletUser:
    """Set the name, the time zone or where refunds go; None leaves a value as it is.

    Raises:
        NameInvalid: see `rules.shown_name`.
        ZoneUnknown: there is no such time zone.
        UserUnknown: there is no such user.

    Locks: the user.
    """
    user = queries.locked_user(user_id)
    if name is not None:
        user.name = rules.shown_name(name)
    if zone is not None:
        if zone not in available_timezones():
            raise ZoneUnknown(field="zone")
        user.zone = zone
    if refunds_to_bank is not None:
        user.refunds_to_bank = refunds_to_bank
    user.save(update_fields=["name", "zone", "refunds_to_bank"])
    return user
