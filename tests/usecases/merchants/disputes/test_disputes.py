"""Disputes: opened by the buyer, answered in time or lost by silence; the books stay even.

Sales are made at noon in Shanghai; the fee is 0.60 %.
"""

import base64
import uuid

import pytest
from pytest_django.fixtures import Settings

from config.kernel.outbox.models import OutboxEvent
from merchants.disputes import rules
from merchants.disputes.models import Dispute
from merchants.disputes.usecases.answer_dispute import (
    accept_dispute,
    appeal_dispute,
    cancel_dispute,
    challenge_dispute,
    decide_dispute,
)
from merchants.disputes.usecases.hand_in_evidence import hand_in_evidence
from merchants.disputes.values import Side
from merchants.exposure import queries
from merchants.notifications.usecases.record_own_act import record_dispute
from merchants.onboarding.models import Merchant
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.disputes import dispute_payment
from tests.factories.exposure import refund
from tests.factories.settlement import held, make_merchant, make_payer, noon, sell
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.accounts.values import UserState
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.ledger.values import account_id
from wallet.payments.models import Payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import PaymentView

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
BY = {"actor": "user:shop"}
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and the rest").decode()


@pytest.fixture
def shop() -> Merchant:
    noon()
    return make_merchant()


@pytest.fixture
def li(shop: Merchant) -> WalletUser:
    return make_payer()


@pytest.fixture
def breakfast(shop: Merchant, li: WalletUser) -> PaymentView:
    return sell(shop, 12_00, payer=li)


@pytest.fixture
def dispute(breakfast: PaymentView, li: WalletUser) -> Dispute:
    return dispute_payment(breakfast.id, li.id)


def owed(shop: Merchant) -> int:
    return queries.funds_of(shop).owed_minor


def state(dispute: Dispute) -> str:
    dispute.refresh_from_db()
    return dispute.state


def even() -> bool:
    return verify_ledger().passed


def test_an_open_dispute_sets_its_amount_aside_and_gives_48_hours(
    shop: Merchant, dispute: Dispute
) -> None:
    assert (held(shop.reserve_account_id), owed(shop)) == (12_00, 12_00)
    assert dispute.due_at is not None
    assert dispute.due_at - dispute.opened_at == rules.ANSWER_WITHIN
    assert even()


def test_a_merchant_silent_for_48_hours_after_its_payout_loses_and_owes(
    shop: Merchant, li: WalletUser, breakfast: PaymentView
) -> None:
    before = available_minor(li)
    advance(days=2)  # settled and paid out
    dispute = dispute_payment(breakfast.id, li.id)
    advance(hours=49)
    assert state(dispute) == "EXPIRED"
    assert available_minor(li) - before == 12_00
    assert held(shop.reserve_account_id) == 0
    assert owed(shop) == 12_00
    assert Payment.objects.get(id=breakfast.id).refunded_minor == 12_00
    assert even()


def test_a_silent_merchant_of_a_duplicate_breakfast_owes_11_93_once_its_fee_is_reversed(
    shop: Merchant, li: WalletUser, breakfast: PaymentView
) -> None:
    again, fees = sell(shop, 12_00, payer=li), account_id("revenue:mdr")
    before, earlier_minor = available_minor(li), held(fees)
    advance(days=2)  # both are settled and paid out, 11.93 each
    assert held(fees) - earlier_minor == 14
    dispute = dispute_payment(again.id, li.id)
    advance(hours=48)
    assert state(dispute) == "EXPIRED"
    assert available_minor(li) - before == 12_00
    advance(days=1)  # the next settlement gives the fee back
    assert held(fees) - earlier_minor == 7
    assert owed(shop) == 11_93
    assert (held(shop.reserve_account_id), held(shop.pending_account_id)) == (0, 0)
    assert Payment.objects.get(id=breakfast.id).refunded_minor == 0
    assert even()


def test_a_merchant_that_accepts_before_settlement_gives_it_out_of_its_sales(
    shop: Merchant, li: WalletUser, dispute: Dispute
) -> None:
    before = available_minor(li)
    for _ in range(2):
        accept_dispute(dispute_id=dispute.id, **BY)
    assert available_minor(li) - before == 12_00
    assert (held(shop.reserve_account_id), owed(shop), held(shop.pending_account_id)) == (0, 0, 0)
    assert even()


def test_a_dispute_won_by_the_merchant_gives_its_money_back(
    shop: Merchant, li: WalletUser, breakfast: PaymentView
) -> None:
    sell(shop, 100_00, payer=li)
    advance(days=1)  # the next dispute is taken from what is settled
    dispute = dispute_payment(breakfast.id, li.id)
    before = owed(shop)
    challenge_dispute(dispute_id=dispute.id, finding="Two breakfasts were served.", **BY)
    decide_dispute(dispute_id=dispute.id, for_buyer=False, finding="two bills", actor="operator:a")
    funds = queries.funds_of(shop)
    assert (state(dispute), held(shop.reserve_account_id)) == ("WON", 0)
    assert funds.owed_minor == 0
    assert funds.balance_minor == 12_00 - before
    assert even()


def test_an_appeal_is_possible_once_within_48_hours(shop: Merchant, dispute: Dispute) -> None:
    def won() -> None:
        decide_dispute(dispute_id=dispute.id, for_buyer=False, finding="no", actor="operator:a")

    challenge_dispute(dispute_id=dispute.id, finding="no", **BY)
    won()
    appeal_dispute(dispute_id=dispute.id, actor="user:li")
    assert held(shop.reserve_account_id) == 12_00
    won()
    with pytest.raises(rules.DisputeStateForbids):
        appeal_dispute(dispute_id=dispute.id, actor="user:li")
    assert even()


def test_an_appeal_after_48_hours_is_too_late(dispute: Dispute) -> None:
    challenge_dispute(dispute_id=dispute.id, finding="no", **BY)
    decide_dispute(dispute_id=dispute.id, for_buyer=False, finding="no", actor="operator:a")
    advance(hours=48)
    with pytest.raises(rules.TooLate):
        appeal_dispute(dispute_id=dispute.id, actor="user:li")


def test_a_buyer_takes_it_back_and_the_merchant_owes_nothing(
    shop: Merchant, dispute: Dispute
) -> None:
    cancel_dispute(dispute_id=dispute.id, actor="user:li")
    assert (held(shop.reserve_account_id), owed(shop)) == (0, 0)
    with pytest.raises(rules.DisputeStateForbids):
        accept_dispute(dispute_id=dispute.id, **BY)


def test_what_was_refunded_meanwhile_is_not_refunded_again(
    shop: Merchant, li: WalletUser, breakfast: PaymentView, dispute: Dispute
) -> None:
    before = available_minor(li)
    refund(shop, breakfast, 12_00)
    accept_dispute(dispute_id=dispute.id, **BY)
    assert available_minor(li) - before == 12_00
    assert (state(dispute), held(shop.reserve_account_id)) == ("ACCEPTED", 0)
    assert even()


def test_a_payment_is_disputed_once_by_its_buyer_in_time_and_for_what_is_left(
    shop: Merchant, li: WalletUser, breakfast: PaymentView
) -> None:
    with pytest.raises(rules.DisputeUnknown):
        dispute_payment(breakfast.id, uuid.uuid4())
    with pytest.raises(rules.AmountOutOfRange):
        dispute_payment(breakfast.id, li.id, 12_01)
    refund(shop, breakfast, 12_00)
    with pytest.raises(rules.NotDisputable):
        dispute_payment(breakfast.id, li.id)
    lunch = sell(shop, 30_00, payer=li)
    dispute_payment(lunch.id, li.id, 10_00)
    with pytest.raises(rules.DisputeTaken):
        dispute_payment(lunch.id, li.id)


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("image/png", "not base64"),
        ("image/png", base64.b64encode(b"GIF89a").decode()),
        ("text/html", PNG),
        ("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 1_048_576).decode()),
    ],
    ids=["text", "type", "html", "large"],
)
def test_evidence_of_another_type_or_too_large_is_refused(
    dispute: Dispute, content_type: str, content: str
) -> None:
    with pytest.raises(rules.EvidenceRefused):
        hand_in_evidence(
            dispute_id=dispute.id,
            side=Side.BUYER,
            content_type=content_type,
            content=content,
            note="",
        )


def test_evidence_is_kept_once_and_not_after_the_end(dispute: Dispute) -> None:
    file = {"dispute_id": dispute.id, "side": Side.BUYER, "content_type": "image/png",
            "content": PNG, "note": "the bill"}  # fmt: skip
    first = hand_in_evidence(**file)  # type: ignore[arg-type]
    assert hand_in_evidence(**file).id == first.id  # type: ignore[arg-type]
    cancel_dispute(dispute_id=dispute.id, actor="user:li")
    with pytest.raises(rules.DisputeStateForbids):
        hand_in_evidence(**file)  # type: ignore[arg-type]


def test_the_merchant_is_told(dispute: Dispute) -> None:
    event = OutboxEvent.objects.get(topic="dispute.opened")
    notice = record_dispute(event_id=event.id, topic=event.topic, payload=event.payload)
    assert notice.topic == "dispute.opened"
    assert dispute.due_at is not None
    assert dispute.due_at.isoformat() in str(notice.params)


def test_a_buyer_keeps_the_wallet_until_the_dispute_is_over(
    li: WalletUser, dispute: Dispute, settings: Settings
) -> None:
    settings.SAOMA_TRANSFER_PAUSE_FROM_MINOR = 0
    transfer_money(
        key="all of it",
        payer_id=li.id,
        payee_phone=make_user().phone,
        amount_minor=available_minor(li),
        pin=PIN,
    )
    with pytest.raises(WalletNotEmpty) as left:
        close_user(user_id=li.id, pin=PIN)
    assert left.value.fields["reason"] == "dispute"
    cancel_dispute(dispute_id=dispute.id, actor="user:li")
    assert close_user(user_id=li.id, pin=PIN).state == UserState.CLOSED
