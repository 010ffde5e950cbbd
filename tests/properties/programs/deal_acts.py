"""What can be tried with a deal: every move, shipping, refunds, shares, the balance."""

import random
from datetime import timedelta

from config.kernel import clock
from merchants.deals.models import Deal, Offer
from merchants.deals.policies import POLICIES
from merchants.deals.usecases.move_deal import move_deal
from merchants.deals.usecases.refund_deal import answer_request, ask_refund, refund_deal
from merchants.deals.usecases.take_offer import pay_balance
from merchants.deals.usecases.track_parcel import ship
from merchants.deals.usecases.unlock import redeem_entitlement
from merchants.deals.values import DealParty, DealState, PolicyName
from merchants.onboarding.models import Merchant
from tests.factories.deals import offer, pay, take
from wallet.accounts.models import WalletUser

PRICE_MINOR = 60_00
MOVES = sorted({move.name for policy in POLICIES.values() for move in policy.moves})
VERBS = ["move"] * 4 + ["ship", "ask", "answer", "back", "use", "balance"]
ANSWERS = ["agree", "refuse", "withdraw", "return", "receive", "arbitrate"]
OPEN_AT_ONCE = 4


def publish(shop: Merchant, partner: Merchant, policy: PolicyName) -> Offer:
    """An offer with what its policy wants of one."""
    opens, closes = (clock.now() + timedelta(days=days) for days in (1, 2))
    terms: dict[str, object] = {}
    if policy is PolicyName.STAGED:
        dates = {DealState.DEPOSIT_PAID: opens, DealState.BALANCE_DUE: closes}
        moments = {state: moment.isoformat() for state, moment in dates.items()}
        terms = {"deposit_minor": 15_00, "minimum": 1, "dates": moments}
    elif policy is PolicyName.TICKET:
        terms = {"dates": {DealState.ISSUED: closes.isoformat()}, "capacity": 1}
    elif policy is PolicyName.BUNDLE:
        share = {"partner": partner.merchant_number, "name": "x", "uses": 6, "amount_minor": 10_00}
        terms = {"shares": [share]}
    return offer(shop, policy, PRICE_MINOR, **terms)


def act(
    deal: Deal, partner: Merchant, verb: str, name: str, by: DealParty, answer: str, amount: int
) -> None:
    """Try something with a deal; a refusal is an outcome."""
    if verb == "move":
        move_deal(deal_id=deal.id, name=name, by=by, code=deal.code, days=1)
    elif verb == "ship":
        ship(deal_id=deal.id, carrier_id=partner.merchant_number, number=f"P{deal.id.hex[-12:]}")
    elif verb == "ask":
        ask_refund(deal_id=deal.id, amount_minor=amount, reason="x", returns=amount % 2 == 0)
    elif verb == "answer":
        request = deal.refund_requests.filter(ended_at__isnull=True).first()
        if request is not None:
            answer_request(request_id=request.id, answer=answer, by=by)
    elif verb == "back":
        refund_deal(deal_id=deal.id, amount_minor=amount, request_no=f"R{amount}")
    elif verb == "use" and deal.entitlements.exists():
        row = deal.entitlements.get()
        redeem_entitlement(
            entitlement_id=row.id, owner_id=partner.owner_id, request_no=f"U{amount}"
        )
    elif verb == "balance":
        pay_balance(deal_id=deal.id)
        pay(deal, "balance")


def do(
    chance: random.Random, shop: Merchant, partner: Merchant, buyer: WalletUser, reference: str
) -> None:
    """Take an offer under some policy, or do something with a deal that is open."""
    deals = list(Deal.objects.filter(ended_at__isnull=True).order_by("id"))
    if not deals or (len(deals) < OPEN_AT_ONCE and chance.random() < 0.3):
        take(publish(shop, partner, chance.choice(list(PolicyName))), buyer, reference=reference)
        return
    by = chance.choice([DealParty.BUYER, DealParty.SELLER])
    verb, name, answer = chance.choice(VERBS), chance.choice(MOVES), chance.choice(ANSWERS)
    act(chance.choice(deals), partner, verb, name, by, answer, chance.randint(1, PRICE_MINOR))
