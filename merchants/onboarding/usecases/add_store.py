"""Add a store to a merchant."""

import uuid

from config.kernel import transactions
from config.kernel.errors import Conflict
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Store
from merchants.onboarding.values import MerchantState


class CodeTaken(Conflict):
    """The merchant already has a place with this number and other data."""

    code = "duplicate"
    message = "This number is already in use for another place of the merchant."


@transactions.atomic_retry
def add_store(*, merchant_id: uuid.UUID, code: str, name: str, address: str = "") -> Store:
    """Add a store; the same store again is returned unchanged.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: the merchant is closed.
        CodeTaken: another store of the merchant has this number.

    Locks: the merchant.
    """
    merchant = queries.merchant_for_update(merchant_id)
    if merchant.state == MerchantState.CLOSED:
        raise rules.MerchantStateForbids(state=merchant.state)
    rules.check_printable(code, "code", longest=32)
    store = Store.objects.filter(merchant=merchant, code=code).first()
    if store is not None:
        if (store.name, store.address) != (name, address):
            raise CodeTaken(field="code")
        return store
    return Store.objects.create(merchant=merchant, code=code, name=name, address=address)
