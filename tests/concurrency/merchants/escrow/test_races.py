"""A guaranteed trade confirmed, refunded and timed out in the same moment: money moves once."""

from collections.abc import Callable
from functools import partial

import pytest

from config.kernel import clock
from config.kernel.errors import SaomaError
from config.kernel.outbox import relay
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.refund import refund_trade
from merchants.acceptance.values import Sale
from merchants.escrow.models import Escrow
from merchants.escrow.rules import EscrowConflict
from merchants.escrow.usecases.release_escrow import release_due, release_escrow
from merchants.onboarding.models import Merchant
from tests.factories.accounts import PIN, available_minor
from tests.factories.clock import later
from tests.factories.settlement import books, make_merchant, make_payer, noon
from tests.factories.splits import seller_of
from tests.factories.threads import at_once, outcomes_at_once
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.values import PaymentView

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def guaranteed(merchant: Merchant, payer: WalletUser) -> PaymentView:
    """A guaranteed trade of 100.00 that has been paid."""
    sale = Sale(
        seller=seller_of(merchant),
        reference="G1",
        subject="tea",
        amount_minor=100_00,
        escrow_days=3,
        extras={"escrow_days": 3},
    )
    made = create_order(sale=sale, payer_id=payer.id).payment
    paid = confirm_payment(payment_id=made.id, payer_id=payer.id, pin=PIN).payment
    relay.drain()
    return paid


def test_one_confirmation_many_times_releases_once() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trade = guaranteed(merchant, payer)
    act = partial(release_escrow, payment_id=trade.id, request_no="C1")
    assert len({row.journal_id for row in at_once([act] * 6)}) == 1
    assert books(merchant)[0] == 100_00
    assert verify_ledger().passed


def test_of_two_confirmations_by_different_numbers_one_holds() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trade = guaranteed(merchant, payer)
    said = outcomes_at_once(
        [partial(release_escrow, payment_id=trade.id, request_no=f"C{n}") for n in range(4)]
    )
    refused = [type(one) for one in said if isinstance(one, SaomaError)]
    assert refused == [EscrowConflict] * 3
    assert books(merchant)[0] == 100_00


def test_refunds_and_release_at_once_share_the_money_without_loss() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer(1_000_00)
    trade, seller = guaranteed(merchant, payer), seller_of(merchant)
    refunds = [
        partial(
            refund_trade, seller=seller, amount_minor=20_00, number=trade.number, request_no=f"R{n}"
        )
        for n in range(3)
    ]
    release = partial(release_escrow, payment_id=trade.id, request_no="C1")
    acts: list[Callable[[], object]] = [*refunds, release]
    outcomes_at_once(acts)
    assert available_minor(payer) == 1_000_00 - 100_00 + 60_00
    assert sum(books(merchant)) == 40_00
    assert verify_ledger().passed


def test_time_and_confirmation_at_once_release_once() -> None:
    noon()
    merchant, payer = make_merchant(), make_payer()
    trade = guaranteed(merchant, payer)
    later(days=4)
    by_time: Callable[[], object] = partial(release_due, now=clock.now())
    by_hand: Callable[[], object] = partial(release_escrow, payment_id=trade.id, request_no="C1")
    outcomes_at_once([by_time, by_hand, by_time])
    assert books(merchant)[0] == 100_00
    assert Escrow.objects.get().due_at is None
    assert verify_ledger().passed
