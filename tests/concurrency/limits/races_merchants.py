"""Races against the limits of merchants."""

import uuid
from functools import partial

from pytest_django.fixtures import Settings

from merchants.deals.rules import ProofWrong
from merchants.deals.usecases.try_proof import try_proof
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from merchants.speakers.usecases.speak_order import speak_order
from merchants.speakers.values import Way
from tests.concurrency.limits.race import Race, against, passed
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.exposure import allow_credit, refund
from tests.factories.funds import give_balance
from tests.factories.settlement import books, make_merchant, make_payer, noon, sell
from tests.factories.speakers import make_kitchen
from tests.factories.splits import seller_of


@against("exposure.credit")
def credit(settings: Settings) -> Race:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trades = [sell(merchant, 10_00, payer=payer) for _ in range(8)]
    seller_of(merchant)
    advance(days=1)
    allow_credit(merchant, 35_00)
    acts = [partial(refund, merchant, trade, 10_00) for trade in trades]
    return Race(acts, lambda _: books(merchant)[2], 30_00)


@against("funds.sent_day")
def sent_day(settings: Settings) -> Race:
    settings.SAOMA_TRANSFER_DAILY_MINOR = 35_00
    merchant, payee = make_merchant(), make_user()
    give_balance(merchant, 100_00)
    named = Payee(PayeeNamedBy.NUMBER, payee.user_number)
    acts = [
        partial(
            send_transfer,
            merchant_id=merchant.id,
            order=Order(f"T{n}", TransferKind.WALLET, named, 10_00),
        )
        for n in range(8)
    ]
    return Race(acts, passed(10_00), 30_00)


@against("speakers.spoken_day")
def spoken_day(settings: Settings) -> Race:
    kitchen = make_kitchen(daily_minor=35_00)
    acts = [partial(speak_order, spoken=kitchen.hears("10.00")) for _ in range(8)]
    # What goes beyond it asks the phone, and is not spent.
    return Race(acts, lambda results: 10_00 * sum(r.way == Way.AGREEMENT for r in results), 30_00)


@against("deals.proof_tries")
def proof_tries(settings: Settings) -> Race:
    deal_id = uuid.uuid4()
    acts = [partial(try_once, deal_id) for _ in range(8)]
    return Race(acts, lambda results: sum(isinstance(one, ProofWrong) for one in results), 5)


def try_once(deal_id: uuid.UUID) -> None:
    """A wrong code."""
    with try_proof(deal_id=deal_id):
        raise ProofWrong()
