"""Let a citizen of the demo keep their word until they are trusted."""

import uuid

from config.kernel import ids
from config.kernel.errors import required
from lab import demo_accounts, demo_keys
from merchants.acceptance.usecases.capture import ANY_PRODUCT, capture
from merchants.acceptance.usecases.hold import request_hold
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.values import Deposit, Sale
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials
from wallet import public as wallet

STEP_MINOR = 10
MOST_STEPS = 40


def earn_trust(
    *, payer_id: uuid.UUID, points: int, shop: str = demo_accounts.SHOPS[0].slug
) -> wallet.Trust:
    """Buy breakfasts of 0.10 at a shop, the first one, until the payment trust reaches a figure.

    First payments by code, then deposits that are frozen and captured: the same two that
    earn trust for anybody. Nothing is done where there is trust enough.

    Args:
        payer_id: the citizen; has some yuan to spend.
        points: the figure to reach, at most 840.
        shop: the key of the shop to buy at.

    Raises:
        what paying refuses: too little money, a frozen account.
    """
    key = demo_keys.load(shop)
    seller = required(app_credentials(key.app_number, fresh=True), "the demo's shops have apps")
    for _ in range(MOST_STEPS):
        figure = wallet.trust_of(payer_id)
        if figure.points >= points:
            break
        paid = next(factor for factor in figure.factors if factor.name == "payments")
        if paid.count < wallet.TRUST_PAYMENTS:
            _buy(seller, payer_id)
        else:
            _stay(seller, payer_id)
    return wallet.trust_of(payer_id)


def _buy(seller: AppCredentials, payer_id: uuid.UUID) -> None:
    sale = Sale(
        seller=seller, reference=_number(), subject="茶叶蛋 Tea egg", amount_minor=STEP_MINOR
    )
    code = wallet.issue_fresh_code(user_id=payer_id).code
    outcome = pay_by_code(sale=sale, code=code)
    if outcome.outcome is wallet.PayResult.AWAITING_PAYER:
        wallet.confirm_payment(
            payment_id=outcome.payment.id, payer_id=payer_id, pin=demo_accounts.PIN
        )


def _stay(seller: AppCredentials, payer_id: uuid.UUID) -> None:
    deposit = Deposit(
        seller=seller,
        reference=_number(),
        request_no=_number(),
        title="雨伞押金 Umbrella",
        amount_minor=STEP_MINOR,
        product=ANY_PRODUCT,
    )
    authorisation = request_hold(deposit=deposit, payer_id=payer_id).authorisation
    wallet.confirm_hold(authorisation_id=authorisation.id, payer_id=payer_id, pin=demo_accounts.PIN)
    sale = Sale(
        seller=seller,
        reference=_number(),
        subject="雨伞 Umbrella",
        amount_minor=STEP_MINOR,
        product=ANY_PRODUCT,
    )
    capture(sale=sale, number=authorisation.number, complete=True)


def _number() -> str:
    return f"TRUST{ids.random_digits(16)}"
