"""Repeats of the use cases of accounts that have a key or ask for a PIN."""

from tests.factories.repeats import Step, World
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal


def withdrawing(world: World) -> Step:
    return lambda pin: (
        request_withdrawal(user_id=world.payer.id, key="w1", amount_minor=5_00, pin=pin)[0].id
    )


def topping_up(world: World) -> Step:
    return lambda pin: request_topup(user_id=world.payer.id, key="t1", amount_minor=5_00)[0].id


CASES = {
    "request_withdrawal": withdrawing,
    "request_topup": topping_up,
}
# Those that stand in no case, and why.
ELSEWHERE = {
    "close_user": "asks for no PIN once it is closed (tests/usecases/wallet/accounts)",
    "open_session": "a session of its own each time",
    "park_money": "the bank's word, judged by nobody's standing",
    "register_device": "gives a secret; a frozen payer may have a device",
    "send_on": "behind refunds, once a refund",
}
