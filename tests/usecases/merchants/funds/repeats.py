"""Repeats of the use cases of funds that have a key or ask for a PIN."""

from merchants.funds.usecases.top_up_balance import top_up_balance
from tests.factories.repeats import Step, World


def topping_up_a_balance(world: World) -> Step:
    return lambda pin: (
        top_up_balance(merchant_id=world.merchant.id, key="b1", amount_minor=5_00, pin=pin)[0].id
    )


CASES = {
    "top_up_balance": topping_up_a_balance,
}
# Those that stand in no case, and why.
ELSEWHERE = {
    "order_receipt": "a number of ours, not a key of theirs",
    "pay_batch": "tests/gateway/test_transfer_pages.py",
}
