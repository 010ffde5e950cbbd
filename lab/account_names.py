"""Accounts as people call them: whose they are, and what for."""

import re
import uuid
from collections.abc import Iterable

from merchants.onboarding.models import Merchant
from wallet import public as wallet

# An id, or the number of an order, in an account's code.
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def account_role(code: str) -> str:
    """What an account is for, out of its code: `user:…:available` is `available`.

    A page has words for each role in each language.
    """
    parts = [part for part in code.split(":") if not _ID.fullmatch(part)]
    if parts[0] == "escrow":
        return "escrow"
    return parts[-1] if parts[0] in {"user", "merchant"} else ".".join(parts)


def names_of_owners(owner_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Names of the people and merchants behind accounts."""
    user_ids = {owner_id for owner_id in owner_ids if owner_id is not None}
    names = dict(Merchant.objects.filter(id__in=user_ids).values_list("id", "name"))
    for owner_id in user_ids - names.keys():
        try:
            names[owner_id] = wallet.user(owner_id).name
        except wallet.UserUnknown:
            continue
    return names
