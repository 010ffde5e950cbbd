"""A payer and a shop whose fortune turns, for the repeats of what they did."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from config.kernel import clock
from merchants.acceptance.values import Deposit
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import make_user
from tests.factories.clock import later
from tests.factories.merchants import (
    credentials,
    make_app,
    make_merchant,
    make_sale,
)
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.freeze_user import freeze_user

Step = Callable[[str], Any]


class World:
    """A payer with money and a shop that may sell."""

    def __init__(self) -> None:
        self.payer: WalletUser = make_user(name="Li Hua", balance_minor=900_00)
        self.payee: WalletUser = make_user(name="Bob")
        self.owner: WalletUser = make_user(name="Owner", balance_minor=500_00)
        self.merchant: Merchant = make_merchant(owner_id=self.owner.id)
        self.app = make_app(self.merchant)
        self.expires_at = clock.now() + timedelta(hours=1)

    @property
    def seller(self) -> AppCredentials:
        """As the gateway sees the app now."""
        return credentials(self.app)

    def turns(self) -> None:
        """The payer is frozen, the merchant suspended, every order's time is over."""
        later(days=2)
        freeze_user(user_id=self.payer.id, actor="operator:mia", reason="a check")
        suspend_merchant(merchant_id=self.merchant.id, actor="operator:mia", reason="a check")

    def sale(self, **changes: Any) -> Callable[[], Any]:
        """The same sale at each call, by the app as it stands then."""
        first = make_sale(self.seller, 20_00, expires_at=self.expires_at, **changes)
        return lambda: make_sale(
            self.seller,
            20_00,
            expires_at=self.expires_at,
            reference=first.reference,
            **changes,
        )


def deposit(world: World) -> Callable[[], Deposit]:
    return lambda: Deposit(
        seller=world.seller,
        reference="STAY1",
        request_no="FREEZE1",
        title="one night",
        amount_minor=100_00,
    )
