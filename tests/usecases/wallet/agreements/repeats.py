"""Repeats of the use cases of agreements that have a key or ask for a PIN."""

from merchants.acceptance.usecases.offer_agreement import offer_agreement
from tests.factories.accounts import PIN
from tests.factories.repeats import Step, World
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.usecases.suspend_agreement import resume_agreement, suspend_agreement
from wallet.agreements.values import Party, Terms


def signing(world: World) -> Step:
    offered = offer_agreement(
        seller=world.seller,
        external_no="A2",
        product="P",
        scene="S",
        terms=Terms(single_minor=50_00),
        details={},
    )
    return lambda pin: (
        sign_agreement(
            agreement_id=offered.id, payer_id=world.payer.id, pin=pin, challenge=offered.challenge
        ).agreement.id
    )


def resuming(world: World) -> Step:
    agreement_id = signing(world)(PIN)
    suspend_agreement(agreement_id=agreement_id, by=Party.PAYER, actor="user")
    return lambda pin: (
        resume_agreement(
            agreement_id=agreement_id, payer_id=world.payer.id, pin=pin
        ).agreement.status
    )


CASES = {
    "sign_agreement": signing,
    "resume_agreement": resuming,
}
