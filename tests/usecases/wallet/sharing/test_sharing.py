"""Split bills and red packets: to the fen, once, and back after a day."""

from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.clock import advance
from tests.factories.settlement import make_payer
from wallet.accounts.models import WalletUser
from wallet.accounts.phones import TooManyLookUps
from wallet.accounts.queries import UserUnknown
from wallet.accounts.usecases.close_user import WalletNotEmpty, close_user
from wallet.ledger import queries as ledger
from wallet.payments.models import Transfer
from wallet.payments.usecases.end_transfer import cancel_transfer
from wallet.sharing.rules import (
    PacketOver,
    PacketTooLarge,
    SharesInvalid,
    SharingConflict,
    SharingUnknown,
    equal_shares,
)
from wallet.sharing.usecases.red_packet import claim_share, send_packet
from wallet.sharing.usecases.split_bill import pay_share, see_split, split_bill
from wallet.sharing.values import SplitState

pytestmark = pytest.mark.django_db


def trio() -> list[WalletUser]:
    return [make_payer(200_00) for _ in range(3)]


def test_what_does_not_divide_is_the_requesters() -> None:
    assert equal_shares(100_00, 3) == [33_34, 33_33, 33_33]
    assert equal_shares(150_00, 3) == [50_00] * 3
    for total_minor, count in ((2, 3), (1_00, 0), (100_00, 101)):
        with pytest.raises(SharesInvalid):
            equal_shares(total_minor, count)


def test_a_lunch_of_150_in_three_is_settled_to_the_fen_and_a_share_is_paid_once() -> None:
    li, mei, wang = trio()
    split, _ = split_bill(
        requester_id=li.id, key="k", total_minor=150_00, phones=[mei.phone, wang.phone]
    )
    assert pay_share(split_id=split.id, user_id=mei.id, pin=PIN).state == SplitState.PART_PAID
    assert pay_share(split_id=split.id, user_id=mei.id, pin=PIN).state == SplitState.PART_PAID
    assert pay_share(split_id=split.id, user_id=wang.id, pin=PIN).state == SplitState.SETTLED
    assert [available_minor(one) for one in (li, mei, wang)] == [300_00, 150_00, 150_00]
    facts: dict[str, Any] = {"requester_id": li.id, "key": "k", "total_minor": 150_00}
    assert split_bill(**facts, phones=[wang.phone, mei.phone]) == (split, True)


def test_a_key_that_was_used_stands_for_nothing_else() -> None:
    li, mei, wang = trio()
    split_bill(requester_id=li.id, key="k", total_minor=9_00, phones=[mei.phone])
    for more in (
        {"total_minor": 9_01, "phones": [mei.phone]},
        {"total_minor": 9_00, "phones": [wang.phone]},
        {"total_minor": 9_00, "phones": [mei.phone, wang.phone]},
        {"total_minor": 9_00, "phones": [mei.phone], "title": "lunch"},
    ):
        with pytest.raises(SharingConflict):
            split_bill(requester_id=li.id, key="k", **more)  # type: ignore[arg-type]
    send_packet(sender_id=li.id, key="k", total_minor=10_00, shares=2, pin=PIN)
    for total_minor, shares in ((10_01, 2), (10_00, 3)):
        with pytest.raises(SharingConflict):
            send_packet(sender_id=li.id, key="k", total_minor=total_minor, shares=shares, pin=PIN)
    assert available_minor(li) == 190_00


def test_a_share_whose_transfer_is_delayed_is_paid_when_it_arrives_or_sent_anew(
    settings: Settings,
) -> None:
    settings.SAOMA_TRANSFER_PAUSE_FROM_MINOR = 1_00
    li, mei, _ = trio()
    split, _ = split_bill(requester_id=li.id, key="k", total_minor=9_00, phones=[mei.phone])
    ours = {"split_id": split.id, "user_id": mei.id}
    assert pay_share(**ours, pin=PIN).state == SplitState.OPEN
    cancel_transfer(transfer_id=Transfer.objects.get().id, payer_id=mei.id)
    assert available_minor(mei) == 200_00
    assert pay_share(**ours, pin=PIN).state == SplitState.OPEN
    advance(hours=25)
    assert see_split(**ours).state == SplitState.SETTLED
    assert pay_share(**ours, pin=PIN).state == SplitState.SETTLED
    assert (available_minor(li), available_minor(mei)) == (204_50, 195_50)


def test_a_split_is_no_directory_of_phones() -> None:
    li, mei, _ = trio()
    for number in range(20):
        with pytest.raises(UserUnknown):
            split_bill(
                requester_id=li.id,
                key=f"k{number}",
                total_minor=9_00,
                phones=[f"+86139990000{number:02}"],
            )
    with pytest.raises(TooManyLookUps):
        split_bill(requester_id=li.id, key="k", total_minor=9_00, phones=[mei.phone])


def test_a_split_has_no_one_twice_and_no_stranger_pays() -> None:
    li, mei, wang = trio()
    for phones in ([mei.phone, mei.phone], [li.phone], []):
        with pytest.raises(SharesInvalid):
            split_bill(requester_id=li.id, key="x", total_minor=9_00, phones=phones)
    split, _ = split_bill(requester_id=li.id, key="y", total_minor=9_00, phones=[mei.phone])
    with pytest.raises(SharingUnknown):
        pay_share(split_id=split.id, user_id=wang.id, pin=PIN)


def test_a_packet_is_sent_once_claimed_once_each_and_its_rest_comes_back_after_a_day() -> None:
    li, mei, wang = trio()
    for _ in range(2):
        packet, _ = send_packet(sender_id=li.id, key="k", total_minor=10_00, shares=3, pin=PIN)
    assert available_minor(li) == 190_00
    for _ in range(2):
        assert claim_share(packet_id=packet.id, user_id=mei.id).amount_minor == 3_34
    with pytest.raises(WalletNotEmpty):
        close_user(user_id=li.id, pin=PIN)
    advance(hours=24)
    with pytest.raises(PacketOver):
        claim_share(packet_id=packet.id, user_id=wang.id)
    assert [available_minor(one) for one in (li, mei)] == [196_66, 203_34]
    assert ledger.balance(packet.account_id).posted_minor == 0


def test_a_packet_is_no_way_round_the_pause_of_a_large_transfer() -> None:
    li = make_payer(500_00)
    with pytest.raises(PacketTooLarge):
        send_packet(sender_id=li.id, key="k", total_minor=400_01, shares=2, pin=PIN)
    send_packet(sender_id=li.id, key="k", total_minor=400_00, shares=2, pin=PIN)


def test_an_empty_packet_gives_nothing_more() -> None:
    li, mei, _ = trio()
    packet, _ = send_packet(sender_id=li.id, key="k", total_minor=1, shares=1, pin=PIN)
    claim_share(packet_id=packet.id, user_id=mei.id)
    with pytest.raises(PacketOver):
        claim_share(packet_id=packet.id, user_id=make_user().id)
