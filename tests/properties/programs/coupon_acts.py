"""Paying with coupons: the house's part in the same journal, and back after the payer's own."""

from typing import Any

from tests.factories.accounts import PIN
from tests.properties.programs import model as names
from tests.properties.programs.model import Trade
from tests.properties.programs.program import Program
from wallet.coupons.usecases.claim_coupon import claim_coupon
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment


def use_coupons(program: Program) -> None:
    """A person claims one to three coupons, stacking or not, and pays with them."""
    world, person = program.world, program.person()
    payer_id, shop = world.people[person].id, program.chance.choice(world.shops)
    campaigns = program.chance.sample(world.campaigns, program.chance.choice([1, 1, 2, 3]))
    coupons = [claim_coupon(user_id=payer_id, code=row.code)[0] for row in campaigns]
    amount_minor = program.amount()
    view = create_payment(request=world.order(shop, amount_minor)).payment
    house_minor = sum(coupon.amount_minor for coupon in coupons)

    def act() -> Any:
        return confirm_payment(
            payment_id=view.id,
            payer_id=payer_id,
            pin=PIN,
            coupon_ids=[coupon.id for coupon in coupons],
        )

    # What is not there is refused as short; what no coupon allows, for a reason of its own.
    program.expect(program.fits(person, amount_minor - house_minor), act)
    program.again.append(act)
    trade = Trade(names.wallet(person), amount_minor, paid=True, house_minor=house_minor)
    program.model.move(names.PROMOTION, names.SHOPS, house_minor)
    program.model.move(trade.payer, names.SHOPS, amount_minor - house_minor)
    program.trades.append((trade, view, shop))


def returned_to_house(trade: Trade, amount_minor: int) -> int:
    """What of a refund, counted in `refunded_minor` already, is the house's.

    The payer's own part goes back first.
    """
    own_minor = trade.amount_minor - trade.house_minor
    before_minor = max(0, trade.refunded_minor - amount_minor - own_minor)
    return max(0, trade.refunded_minor - own_minor) - before_minor
