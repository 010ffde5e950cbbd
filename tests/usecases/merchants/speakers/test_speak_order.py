"""A voice spends what its owner agreed to; above that another device decides, or nobody."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.errors import SaomaError
from merchants.speakers import queries, rules
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.speakers.usecases.bind_speaker import bind_speaker, release_speaker
from merchants.speakers.usecases.speak_order import speak_order
from merchants.speakers.values import OrderState, Spoken, Voice, Way
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.speakers import Kitchen, make_kitchen, public_pem
from wallet.agreements.models import Agreement
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def kitchen() -> Kitchen:
    return make_kitchen()


def refused(spoken: Spoken) -> str:
    with pytest.raises(SaomaError) as caught:
        speak_order(spoken=spoken)
    return caught.value.code


def test_pays_under_the_caps_once(kitchen: Kitchen) -> None:
    spoken = kitchen.hears("9.00")
    assert queries.state_of(speak_order(spoken=spoken)) is OrderState.PAID
    assert refused(spoken) == "voice_order_replayed"
    assert available_minor(kitchen.owner) == 491_00
    assert verify_ledger().passed


def test_above_the_cap_the_phone_decides_within_five_minutes(kitchen: Kitchen) -> None:
    order = speak_order(spoken=kitchen.hears("90.00"))
    assert queries.state_of(order) is OrderState.AWAITING_CONFIRM
    payment = queries.payment_of(order)
    assert payment is not None
    confirm_payment(payment_id=payment.id, payer_id=kitchen.owner.id, pin=PIN)
    assert queries.state_of(order) is OrderState.PAID
    late = speak_order(spoken=kitchen.hears("90.00"))
    advance(minutes=5)
    payment = queries.payment_of(late)
    assert payment is not None
    with pytest.raises(SaomaError):
        confirm_payment(payment_id=payment.id, payer_id=kitchen.owner.id, pin=PIN)
    assert available_minor(kitchen.owner) == 410_00


@pytest.mark.parametrize("voice", [Voice.CHILD, Voice.UNKNOWN])
def test_only_an_adults_voice_asks_the_phone(kitchen: Kitchen, voice: Voice) -> None:
    assert refused(kitchen.hears("20.01", voice=voice)) == "voice_above_cap"
    assert not VoiceOrder.objects.exists()
    assert speak_order(spoken=kitchen.hears("20.00", voice=voice)).way == Way.AGREEMENT


def test_the_days_cap_counts_until_midnight_and_a_refusal_gives_it_back() -> None:
    kitchen = make_kitchen(daily_minor=25_00, balance_minor=30_00)
    speak_order(spoken=kitchen.hears("18.00"))
    assert speak_order(spoken=kitchen.hears("7.01")).way == Way.PHONE
    advance(days=1)
    assert refused(kitchen.hears("15.00")) == "insufficient_funds"
    order = VoiceOrder.objects.first()
    assert order is not None
    assert (queries.state_of(order), order.refusal) == (OrderState.REFUSED, "insufficient_funds")
    assert Speaker.objects.get().day_minor == 0


@pytest.mark.parametrize("amount", ["0.00", "-5.00", "9.001", "nine", "1e2"])
def test_refuses_what_is_no_amount_and_counts_nothing(kitchen: Kitchen, amount: str) -> None:
    refused(kitchen.hears(amount))
    assert Speaker.objects.get().day_minor == 0
    assert not VoiceOrder.objects.exists()


def test_believes_the_bound_key_of_now_alone(kitchen: Kitchen) -> None:
    spoken = kitchen.hears()
    assert refused(replace(spoken, amount="8.00")) == "voice_signature_invalid"
    assert refused(replace(spoken, signature="!")) == "voice_signature_invalid"
    for away in (timedelta(seconds=61), timedelta(seconds=-61)):
        assert refused(kitchen.hears(spoken_at=clock.now() + away)) == "voice_order_stale"
    release_speaker(user_id=kitchen.owner.id, speaker_id=kitchen.row.id)
    release_speaker(user_id=kitchen.owner.id, speaker_id=kitchen.row.id)
    assert refused(kitchen.hears()) == "speaker_unbound"


def test_nobody_releases_anothers_speaker(kitchen: Kitchen) -> None:
    with pytest.raises(rules.SpeakerNotFound):
        release_speaker(user_id=make_user().id, speaker_id=kitchen.row.id)
    assert speak_order(spoken=kitchen.hears()).refusal == ""


def test_binds_to_ones_own_capped_agreement_alone_and_again_is_the_same(kitchen: Kitchen) -> None:
    facts: dict[str, Any] = {
        "pin": PIN,
        "agreement_id": Agreement.objects.get().id,
        "serial": "KITCHEN-1",
        "public_key": public_pem(kitchen.key),
        "daily_minor": 100_00,
    }
    assert bind_speaker(user_id=kitchen.owner.id, **facts) == kitchen.row
    with pytest.raises(rules.SpeakerConflict):
        bind_speaker(user_id=kitchen.owner.id, **(facts | {"daily_minor": 1_00}))
    with pytest.raises(SaomaError) as foreign:
        bind_speaker(user_id=make_user().id, **facts)
    assert foreign.value.code == "agreement_not_found"
    Agreement.objects.update(single_minor=None)
    with pytest.raises(rules.CapMissing):
        bind_speaker(user_id=kitchen.owner.id, **(facts | {"serial": "HALL-1"}))
