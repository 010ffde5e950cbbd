"""Repeats of the use cases of authorisations that have a key or ask for a PIN."""

from merchants.acceptance.usecases.hold import hold_by_code, request_hold
from tests.factories.merchants import (
    code_of,
)
from tests.factories.repeats import Step, World, deposit
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.authorisations.usecases.release_funds import release_funds


def agreeing(world: World) -> Step:
    asked = request_hold(deposit=deposit(world)(), payer_id=world.payer.id)
    return lambda pin: (
        confirm_hold(
            authorisation_id=asked.authorisation.id, payer_id=world.payer.id, pin=pin
        ).operation.id
    )


def releasing(world: World) -> Step:
    frozen = hold_by_code(deposit=deposit(world)(), code=code_of(world.payer))
    return lambda pin: (
        release_funds(
            authorisation_id=frozen.authorisation.id, request_no="BACK1", amount_minor=10_00
        ).operation.id
    )


CASES = {
    "confirm_hold": agreeing,
    "release_funds": releasing,
}
# Those that stand in no case, and why.
ELSEWHERE = {
    "cancel_hold": "names what is to be undone; a second time changes nothing",
    "new_operation": "part of the freezes above",
    "release": "part of release_funds",
    "release_reserved": "the ledger's own key",
    "end_guarantee": "the ledger's own key",
    "guarantee": "the ledger's own key",
}
