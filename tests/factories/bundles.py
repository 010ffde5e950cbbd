"""A monthly bundle of twenty rides at 2.00 whose buyer has an agreement with its seller."""

from typing import Any

from merchants.acceptance.usecases.offer_agreement import offer_agreement
from merchants.deals.models import Offer
from merchants.deals.usecases.take_offer import take_offer
from merchants.deals.usecases.unlock import redeem_entitlement
from merchants.deals.values import PolicyName
from merchants.onboarding.usecases.open_balance import open_balance
from tests.factories.accounts import PIN
from tests.factories.deals import offer, pay
from tests.factories.settlement import make_merchant, make_payer, noon
from tests.factories.splits import seller_of
from wallet.accounts.models import WalletUser
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.values import Terms
from wallet.public import balance

CAPPED = Terms(single_minor=60_00)


class Subscription:
    """A seller of plans, the metro, and a buyer whose first month is paid: 40.00."""

    def __init__(self, money_minor: int = 200_00, terms: Terms = CAPPED, **more: Any) -> None:
        noon()
        self.shop, self.metro = make_merchant(), make_merchant()
        self.buyer: WalletUser = make_payer(money_minor)
        proposal = offer_agreement(
            seller=seller_of(self.shop), external_no="", product="", scene="", terms=terms,
            details={},
        )  # fmt: skip
        self.agreement = sign_agreement(
            agreement_id=proposal.id, payer_id=self.buyer.id, pin=PIN, challenge=proposal.challenge
        ).agreement
        self.row = self.plan(20, **more)
        deal = take_offer(
            offer_id=self.row.id,
            buyer_id=self.buyer.id,
            reference="MONTHLY",
            agreement_number=self.agreement.number,
        )
        self.deal = pay(deal, "price")

    def plan(self, rides: int, **more: Any) -> Offer:
        """So many rides a month at 2.00."""
        share = {"partner": self.metro.merchant_number, "name": "metro", "uses": rides,
                 "amount_minor": 2_00}  # fmt: skip
        return offer(self.shop, PolicyName.BUNDLE, rides * 2_00, shares=[share], **more)

    def ride(self, number: str) -> None:
        """One ride, under the metro's number for it."""
        row = self.deal.entitlements.get()
        redeem_entitlement(entitlement_id=row.id, owner_id=self.metro.owner_id, request_no=number)

    def state(self) -> str:
        """Where the bundle stands now."""
        self.deal.refresh_from_db()
        return self.deal.state

    def uses(self) -> tuple[int, int]:
        """Rides made, and how many there are."""
        row = self.deal.entitlements.get()
        return row.uses_made, row.uses

    def moves(self) -> list[tuple[str, str, int]]:
        """The timeline after the taking: name, where to, how much."""
        return list(self.deal.timeline.values_list("move", "to", "amount_minor"))

    def rides_paid_minor(self) -> int:
        """What the metro has."""
        return balance(open_balance(self.metro)).posted_minor
