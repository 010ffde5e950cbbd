"""Whatever the bank says, in whatever order: no credit twice, no fen lost, none invented.

Hypothesis makes up histories of one top-up or withdrawal: answers under old and new
references, repeats, refusals, expiry in between, each processed any number of times. A
plain model of what the customer may expect is kept beside the books.
"""

from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel import clock
from tests.factories.accounts import PIN, available_minor, make_topup, make_user
from wallet.accounts.models import BankCallback, BankInstruction, Topup, WalletUser
from wallet.accounts.usecases.expire_topups import expire_topups
from wallet.accounts.usecases.process_callback import process_callback
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.values import TOPUP_LIFE, BankResult, TopupState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import UnknownAccount

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
AMOUNT_MINOR = 100_00
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REFERENCES = st.sampled_from(["B1", "B2", "B3"])
WORDS = st.tuples(REFERENCES, st.sampled_from(list(BankResult)), st.integers(0, 2))
EXPIRY = st.just(None)


@pytest.fixture
def user() -> WalletUser:
    return make_user(balance_minor=AMOUNT_MINOR)


def posted_minor(code: str) -> int:
    """What the books say of a system account; nothing if it was never used."""
    try:
        return ledger.balance(ledger.account_id(code)).posted_minor
    except UnknownAccount:
        return 0


def say(subject_id: UUID, reference: str, result: BankResult, times: int) -> BankCallback:
    """The bank says something; it is processed `times` times, perhaps never."""
    callback, _ = receive_callback(
        bank_reference=f"{subject_id.hex}-{reference}",
        instruction_id=BankInstruction.objects.get(subject_id=subject_id).id,
        amount_minor=AMOUNT_MINOR,
        currency="CNY",
        result=result,
        reason="",
        now=clock.now(),
    )
    for _ in range(times):
        process_callback(callback_id=callback.id)
    return callback


def process_all() -> None:
    for callback_id in BankCallback.objects.order_by("id").values_list("id", flat=True):
        process_callback(callback_id=callback_id)


def history(topup: Topup, words: list[tuple[str, BankResult, int] | None]) -> bool:
    """Play a history; whether the bank ever said that it sent the money."""
    for word in words:
        if word is None:
            expire_topups(now=topup.created_at + TOPUP_LIFE)
        else:
            say(topup.id, *word)
    process_all()
    return BankCallback.objects.filter(
        bank_reference__startswith=topup.id.hex, result=BankResult.SUCCEEDED
    ).exists()


@QUICK
@given(words=st.lists(st.one_of(WORDS, EXPIRY), max_size=8))
def test_a_topup_ends_in_the_wallet_or_in_suspense_and_never_in_both(
    user: WalletUser, words: list[tuple[str, BankResult, int] | None]
) -> None:
    with transaction.atomic():
        topup = make_topup(user, AMOUNT_MINOR)
        sent = history(topup, words)
        credited_minor = available_minor(user) - AMOUNT_MINOR
        parked_minor = posted_minor("suspense:unmatched")
        assert credited_minor + parked_minor == (AMOUNT_MINOR if sent else 0)
        assert min(credited_minor, parked_minor) == 0
        topup.refresh_from_db()
        assert (credited_minor > 0) == (topup.state == TopupState.SUCCEEDED)
        assert posted_minor("asset:custodian_bank") == AMOUNT_MINOR + credited_minor + parked_minor
        transaction.set_rollback(True)


@QUICK
@given(words=st.lists(WORDS, max_size=8))
def test_a_withdrawal_is_paid_or_returned_by_the_banks_first_word(
    user: WalletUser, words: list[tuple[str, BankResult, int]]
) -> None:
    with transaction.atomic():
        withdrawal, _ = request_withdrawal(
            user_id=user.id, key="w1", amount_minor=AMOUNT_MINOR, pin=PIN
        )
        for word in words:
            say(withdrawal.id, *word)
        process_all()
        withdrawal.refresh_from_db()
        where = {
            "SUBMITTED": (0, AMOUNT_MINOR, AMOUNT_MINOR),
            "PAID": (0, 0, 0),
            "RETURNED": (AMOUNT_MINOR, 0, AMOUNT_MINOR),
        }
        books = (
            available_minor(user),
            posted_minor("bank:payout_in_transit"),
            posted_minor("asset:custodian_bank"),
        )
        assert books == where[withdrawal.state]
        assert (withdrawal.state == "SUBMITTED") == (not words)
        transaction.set_rollback(True)
