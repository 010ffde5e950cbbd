"""Repeats of the use cases of payments that have a key or ask for a PIN."""

from merchants.acceptance.usecases.create import create_order
from tests.factories.repeats import Step, World
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.transfer_money import transfer_money


def confirming(world: World) -> Step:
    made = create_order(sale=world.sale()(), payer_id=world.payer.id)
    return lambda pin: (
        confirm_payment(payment_id=made.payment.id, payer_id=world.payer.id, pin=pin).payment.status
    )


def sending(world: World) -> Step:
    return lambda pin: (
        transfer_money(
            key="t1",
            payer_id=world.payer.id,
            payee_phone=world.payee.phone,
            amount_minor=5_00,
            pin=pin,
        ).transfer.id
    )


CASES = {
    "confirm_payment": confirming,
    "transfer_money": sending,
}
# Those that stand in no case, and why.
ELSEWHERE = {
    "refund_payment": "behind refund_trade",
}
