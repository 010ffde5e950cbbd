"""Let a store sell by scan and go, and say what it sells."""

import uuid
from collections.abc import Mapping

from config.kernel import transactions
from merchants.acceptance.rules import check_amount
from merchants.onboarding import queries as onboarding
from merchants.selfscan import queries, rules
from merchants.selfscan.models import Product, SelfscanStore


@transactions.atomic_retry
def open_store(
    *, store_id: uuid.UUID, owner_id: uuid.UUID, app_number: str, policy: Mapping[str, int]
) -> SelfscanStore:
    """Set for which app a store sells by scan and go, and how it draws audits; again replaces.

    Args:
        store_id: one of the owner's stores.
        owner_id: who asks.
        app_number: the owner's app that its baskets are paid to.
        policy: `audit_seed`, `base_bps`, `new_shopper_bps`, `removed_bps`, `shrink_bps`;
            what is not named keeps its value.

    Raises:
        StoreNotFound, AppNotFound: it is not the owner's.
    """
    store = onboarding.store(store_id, owner_id=owner_id)
    app = onboarding.app(app_number, owner_id=owner_id)
    row, _ = SelfscanStore.objects.update_or_create(
        store=store, defaults={"app_number": app.app_number, **policy}
    )
    return row


@transactions.atomic_retry
def set_product(
    *,
    store_id: uuid.UUID,
    owner_id: uuid.UUID,
    barcode: str,
    name: str,
    price_minor: int,
    restricted: bool = False,
    shrinks: bool = False,
) -> Product:
    """Set what a product costs from now on; baskets under way are quoted anew.

    Raises:
        StoreUnknown: the store does not sell by scan and go, or is somebody else's.
        BarcodeInvalid: it is no barcode.
        AmountOutOfRange: nothing costs so much or so little.
    """
    rules.check_barcode(barcode)
    check_amount(price_minor)
    row, _ = Product.objects.update_or_create(
        store=queries.selfscan_store(store_id, owner_id=owner_id),
        barcode=barcode,
        defaults={
            "name": name,
            "price_minor": price_minor,
            "restricted": restricted,
            "shrinks": shrinks,
        },
    )
    return row
