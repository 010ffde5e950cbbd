"""Repeats of the use cases of acceptance that have a key or ask for a PIN."""

from merchants.acceptance.usecases.capture import capture
from merchants.acceptance.usecases.debit_payer import debit_payer
from merchants.acceptance.usecases.hold import hold_by_code
from merchants.acceptance.usecases.offer_agreement import offer_agreement
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.usecases.refund import refund_trade
from tests.factories.accounts import PIN
from tests.factories.merchants import (
    code_of,
    make_paid_trade,
)
from tests.factories.repeats import Step, World, deposit
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.values import Terms


def by_code(world: World) -> Step:
    sale, code = world.sale(), code_of(world.payer)
    return lambda pin: pay_by_code(sale=sale(), code=code).payment.id


def by_agreement(world: World) -> Step:
    offered = offer_agreement(
        seller=world.seller,
        external_no="A1",
        product="P",
        scene="S",
        terms=Terms(single_minor=50_00),
        details={},
    )
    sign_agreement(
        agreement_id=offered.id, payer_id=world.payer.id, pin=PIN, challenge=offered.challenge
    )
    sale = world.sale()
    return lambda pin: debit_payer(sale=sale(), agreement_number=offered.number).payment.id


def freezing(world: World) -> Step:
    asked, code = deposit(world), code_of(world.payer)
    return lambda pin: hold_by_code(deposit=asked(), code=code).operation.id


def capturing(world: World) -> Step:
    frozen = hold_by_code(deposit=deposit(world)(), code=code_of(world.payer))
    sale, number = world.sale(), frozen.authorisation.number
    return lambda pin: capture(sale=sale(), number=number, complete=False).payment.id


def refunding(world: World) -> Step:
    trade = make_paid_trade(world.seller, amount_minor=20_00)
    return lambda pin: (
        refund_trade(
            seller=world.seller, amount_minor=5_00, number=trade.number, request_no="R1"
        ).refund.id
    )


CASES = {
    "pay_by_code": by_code,
    "debit_payer": by_agreement,
    "hold_by_code": freezing,
    "capture": capturing,
    "refund_trade": refunding,
}
# Those that stand in no case, and why.
ELSEWHERE = {
    "create_order": "an order that waits is no money yet; paid by confirm_payment",
    "offer_agreement": "an offer that waits is no consent yet; signed by sign_agreement",
    "precreate_order": "an order that waits is no money yet; paid by confirm_payment",
    "refund_locked_trade": "behind refund_trade, which locks",
}
