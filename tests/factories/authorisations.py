"""Freezes, captures and trusted payers for tests, made by the real use cases."""

import itertools
from datetime import timedelta
from typing import Any

from config.kernel import clock
from tests.factories.accounts import PIN, fund, make_user
from tests.factories.clock import later
from tests.factories.payments import Shop, fresh_code
from wallet.accounts.models import WalletUser
from wallet.authorisations.models import Arrears, Authorisation
from wallet.authorisations.rules import PAY_LIFE
from wallet.authorisations.usecases.capture import capture_authorisation
from wallet.authorisations.usecases.collect_arrears import remind_debtors
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.authorisations.usecases.hold_by_code import hold_by_code
from wallet.authorisations.usecases.release_funds import release_funds
from wallet.authorisations.usecases.request_hold import request_hold
from wallet.authorisations.values import (
    AuthorisationView,
    HoldOutcome,
    HoldRequest,
    ReleaseOutcome,
)
from wallet.ledger import queries as ledger
from wallet.ledger.rules import UnknownAccount
from wallet.payments.models import PayerActivity
from wallet.payments.values import PayOutcome, PayRequest

_numbers = itertools.count(1)


def asking(shop: Shop, amount_minor: int = 800_00, **changes: Any) -> HoldRequest:
    """A hotel that asks for 800.00 under new numbers, with a waiver where there is trust."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "payee_id": shop.id,
        "payee_account_id": shop.account_id,
        "payee_name": shop.name,
        "payee_zone": "Asia/Shanghai",
        "payee_owner_id": None,
        "payee_since": None,
        "reference": f"STAY{number}",
        "request_no": f"FREEZE{number}",
        "title": "one night",
        "amount_minor": amount_minor,
        "currency": "CNY",
        "pay_expires_at": clock.now() + PAY_LIFE,
        "waiver": True,
        "details": {},
    }
    return HoldRequest(**{**facts, **changes})


def freeze(shop: Shop, user: WalletUser, amount_minor: int = 800_00, **changes: Any) -> HoldOutcome:
    """Let the shop scan a guest's code for a freeze."""
    request = asking(shop, amount_minor, **changes)
    return hold_by_code(request=request, code=fresh_code(user))


def agreed(
    shop: Shop, user: WalletUser, amount_minor: int = 800_00, **changes: Any
) -> AuthorisationView:
    """A freeze that its payer has agreed to on the phone."""
    request = asking(shop, amount_minor, **changes)
    asked = request_hold(request=request, payer_id=user.id)
    given = confirm_hold(authorisation_id=asked.authorisation.id, payer_id=user.id, pin=PIN)
    return given.authorisation


def capture(
    shop: Shop,
    authorisation: AuthorisationView,
    amount_minor: int,
    *,
    complete: bool = False,
    reference: str = "",
) -> PayOutcome:
    """Take an amount out of an authorisation under a new order number."""
    request = PayRequest(
        payee_id=shop.id,
        payee_account_id=shop.account_id,
        payee_name=shop.name,
        payee_zone="Asia/Shanghai",
        payee_owner_id=None,
        reference=reference or f"BILL{next(_numbers)}",
        description="check-out",
        amount_minor=amount_minor,
        currency="CNY",
        expires_at=clock.now() + timedelta(minutes=5),
        details={},
    )
    return capture_authorisation(
        authorisation_id=authorisation.id, request=request, complete=complete
    )


def unfreeze(
    authorisation: AuthorisationView, amount_minor: int, *, request_no: str = ""
) -> ReleaseOutcome:
    """Give an amount back under a new request number."""
    return release_funds(
        authorisation_id=authorisation.id,
        request_no=request_no or f"BACK{next(_numbers)}",
        amount_minor=amount_minor,
    )


def make_trusted(
    *, balance_minor: int = 0, points: int = 680, shop: Shop | None = None
) -> WalletUser:
    """A customer who has kept their word to a shop often enough: by default a figure of 680."""
    user = make_user(balance_minor=balance_minor)
    # Their twenty payments come from the counter, not from twenty payments: quicker.
    PayerActivity.objects.create(payer_id=user.id, payments=20)
    for _ in range((points - 640) // 20):
        fund_and_keep(shop or Shop(name="Elsewhere"), user)
    return user


def fund_and_keep(shop: Shop, user: WalletUser) -> None:
    """One authorisation of 1.00, frozen out of money of its own and captured."""
    fund(user, 1_00)
    capture(shop, agreed(shop, user, 1_00, waiver=False), 1_00)


def late_arrears(hotel: Shop | None = None, amount_minor: int = 420_00) -> Arrears:
    """What a trusted guest without money owes a hotel, marked late after its grace."""
    hotel = hotel or Shop()
    guest = make_trusted(shop=hotel)
    capture(hotel, freeze(hotel, guest, amount_minor).authorisation, amount_minor, complete=True)
    later(days=3, seconds=5)
    remind_debtors(at=clock.now())
    return Arrears.objects.get(payer_id=guest.id)


def held_minor(user: WalletUser) -> int:
    """What is set aside on the user's account, in fen."""
    return ledger.balance(user.available_account_id).held_minor


def posted(code: str) -> int:
    """The balance of the account with this code, in fen; nothing where it is not open."""
    try:
        return ledger.balance(ledger.account_id(code)).posted_minor
    except UnknownAccount:
        return 0


def exposure_minor(user: WalletUser) -> int:
    """What we vouch for the user, in fen."""
    return posted(f"memo:exposure:{user.id}")


def arrears_minor(user: WalletUser) -> int:
    """What the user owes us by the books, in fen."""
    return posted(f"asset:arrears:{user.id}")


def stored(authorisation: AuthorisationView) -> Authorisation:
    """The authorisation's row as it is now."""
    return Authorisation.objects.get(id=authorisation.id)
