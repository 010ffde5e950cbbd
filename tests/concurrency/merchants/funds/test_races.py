"""Transfers in the same moment: each number once, and no more than there is."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from merchants.funds.rules import BalanceShort
from merchants.funds.usecases.process_bank_replies import process_bank_reply
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import Order, Payee, PayeeNamedBy, TransferKind
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funds import balance_minor, give_balance, send_to_card
from tests.factories.settlement import make_merchant
from tests.factories.threads import at_once, outcomes_at_once
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def order(reference: str, payee: WalletUser) -> Order:
    """Ten yuan to a wallet."""
    return Order(
        reference, TransferKind.WALLET, Payee(PayeeNamedBy.NUMBER, payee.user_number), 10_00
    )


def test_one_number_moves_money_once() -> None:
    merchant, payee = make_merchant(), make_user()
    give_balance(merchant, 100_00)
    act = partial(send_transfer, merchant_id=merchant.id, order=order("T1", payee))
    done = at_once([act] * 6)
    assert len({transfer.number for transfer, _ in done}) == 1
    assert [replayed for _, replayed in done].count(False) == 1
    assert (balance_minor(merchant), available_minor(payee)) == (90_00, 10_00)


def test_balance_is_never_overdrawn() -> None:
    merchant, payee = make_merchant(), make_user()
    give_balance(merchant, 35_00)
    acts = [
        partial(send_transfer, merchant_id=merchant.id, order=order(f"T{n}", payee))
        for n in range(6)
    ]
    said = outcomes_at_once(acts)
    refused = [one for one in said if isinstance(one, SaomaError)]
    assert [type(one) for one in refused] == [BalanceShort] * 3
    assert balance_minor(merchant) == 5_00
    assert verify_ledger().passed


def test_one_answer_of_the_bank_is_heard_once() -> None:
    merchant = make_merchant()
    give_balance(merchant, 35_00)
    answer = send_to_card(merchant, 10_00).answers.get()
    heard = at_once([partial(process_bank_reply, answer_id=answer.id)] * 4)
    assert heard.count(True) == 1
    assert balance_minor(merchant) == 35_00
    advance(seconds=5)
    assert verify_ledger().passed
