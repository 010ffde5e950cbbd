"""Add a till to a store."""

import uuid

from django.db import IntegrityError, transaction

from config.kernel import transactions
from config.kernel.errors import Conflict
from merchants.onboarding import queries, rules
from merchants.onboarding.models import Store, Till
from merchants.onboarding.usecases.add_store import CodeTaken
from merchants.onboarding.values import MerchantState, PlaceState
from wallet.qr.merchant_code import new_token


class StoreClosed(Conflict):
    """No till can be added to a closed store."""

    code = "store_closed"
    message = "The store is closed."


@transactions.atomic_retry
def add_till(*, store_id: uuid.UUID, code: str, label: str = "") -> Till:
    """Add a till to a store; the same till again is returned unchanged.

    `code` is unique in the merchant, because the gateway names a till by it alone.

    Raises:
        queries.StoreNotFound: there is no such store.
        StoreClosed: the store takes no payments any more.
        CodeTaken: another till of the merchant has this number.
    """
    rules.check_printable(code, "code", longest=25)
    store = Store.objects.select_related("merchant").filter(id=store_id).first()
    if store is None:
        raise queries.StoreNotFound()
    if store.state != PlaceState.OPEN or store.merchant.state == MerchantState.CLOSED:
        raise StoreClosed()
    try:
        with transaction.atomic():
            return Till.objects.create(
                merchant=store.merchant,
                store=store,
                code=code,
                label=label,
                token=new_token(),
            )
    except IntegrityError as error:
        till = Till.objects.filter(merchant=store.merchant, code=code).first()
        if till is None:
            raise
        if (till.store_id, till.label) != (store.id, label):
            raise CodeTaken(field="code") from error
        return till
