"""Which module answers which method.

A method family is one module under `methods/` that lists its declarations in
`METHODS`; adding a family is adding its line here.
"""

from typing import Any, Final

from merchants.gateway.app_order import AppMethod
from merchants.gateway.methods import (
    account_queries,
    agreements,
    app_orders,
    bills,
    certificates,
    certify,
    customs,
    faces,
    fund_auth,
    monitoring,
    oauth,
    receipts,
    refund_ways,
    settle_confirm,
    split_relations,
    splits,
    trade_advice,
    trade_orders,
    trade_pages,
    trade_pay,
    trade_refunds,
    trade_states,
    transfer_batches,
    transfer_orders,
    transfers,
)
from merchants.gateway.schema import Method

METHODS: Final[dict[str, Method[Any]]] = {
    method.name: method
    for family in (
        certificates.METHODS,
        certify.METHODS,
        faces.METHODS,
        trade_pay.METHODS,
        trade_orders.METHODS,
        trade_pages.METHODS,
        trade_states.METHODS,
        trade_refunds.METHODS,
        refund_ways.METHODS,
        transfers.METHODS,
        transfer_batches.METHODS,
        transfer_orders.METHODS,
        bills.METHODS,
        account_queries.METHODS,
        trade_advice.METHODS,
        customs.METHODS,
        receipts.METHODS,
        monitoring.METHODS,
        settle_confirm.METHODS,
        oauth.METHODS,
        agreements.METHODS,
        splits.METHODS,
        split_relations.METHODS,
        fund_auth.METHODS,
    )
    for method in family
}
# What apps hand the wallet; at /gateway.do these are unknown methods.
APP_METHODS: Final[dict[str, AppMethod]] = app_orders.APP_METHODS
