"""A car park whose customer has put a plate under an agreement."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from merchants.parking.models import Stay, Vehicle
from merchants.parking.usecases.pass_gate import enter, leave
from merchants.parking.usecases.register_vehicle import register_vehicle
from tests.factories.accounts import make_user
from tests.gateway.agreements import general, signed
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement

PLATE = "ZH-A12345"


@dataclass
class CarPark:
    """A shop with gates, an owner of a car, and the agreement of both: 20.00 at most each."""

    balance_minor: int = 100_00
    caps: Mapping[str, str] = field(default_factory=lambda: {"single_amount": "20.00"})
    shop: Shop = field(default_factory=lambda: make_shop("Car Park"))

    def __post_init__(self) -> None:
        self.driver: WalletUser = make_user(balance_minor=self.balance_minor)
        number = signed(self.shop, self.driver, general(period_rule_params=dict(self.caps)))
        self.agreement = Agreement.objects.get(number=number)

    def register(self, plate: str = PLATE) -> Vehicle:
        return register_vehicle(user_id=self.driver.id, plate=plate, agreement_id=self.agreement.id)

    def enter(self, plate: str = PLATE) -> Stay:
        merchant = self.shop.merchant
        return enter(
            merchant_number=merchant.merchant_number, owner_id=merchant.owner_id, plate=plate
        )

    def leave(self, amount_minor: int = 6_00, plate: str = PLATE) -> Stay:
        merchant = self.shop.merchant
        return leave(
            merchant_number=merchant.merchant_number,
            owner_id=merchant.owner_id,
            plate=plate,
            amount_minor=amount_minor,
        )
