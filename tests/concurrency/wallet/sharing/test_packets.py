"""Fifty at once on a packet of ten shares: ten get one, and the pool is empty."""

from functools import partial

import pytest

from config.kernel.errors import SaomaError
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.settlement import make_payer
from tests.factories.threads import at_once, outcomes_at_once
from wallet.ledger import queries as ledger
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.sharing.models import PacketClaim, RedPacket
from wallet.sharing.usecases.red_packet import claim_share, send_packet

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_fifty_claims_on_ten_shares_give_ten_and_leave_nothing() -> None:
    sender = make_payer(100_00)
    packet, _ = send_packet(sender_id=sender.id, key="k", total_minor=88_88, shares=10, pin=PIN)
    people = [make_user() for _ in range(50)]
    acts = [partial(claim_share, packet_id=packet.id, user_id=one.id) for one in people]
    outcomes = outcomes_at_once(acts, threads=50)
    assert sum(not isinstance(one, SaomaError) for one in outcomes) == 10
    assert PacketClaim.objects.count() == 10
    assert ledger.balance(packet.account_id).posted_minor == 0
    assert sum(available_minor(one) for one in people) == 88_88
    assert verify_ledger().passed


def test_one_person_at_many_phones_claims_once_and_one_key_sends_once() -> None:
    sender, mei = make_payer(100_00), make_user()
    send = partial(send_packet, sender_id=sender.id, key="k", total_minor=10_00, shares=5, pin=PIN)
    at_once([send] * 4, threads=4)
    packet = RedPacket.objects.get()
    at_once([partial(claim_share, packet_id=packet.id, user_id=mei.id)] * 6, threads=6)
    assert (available_minor(sender), available_minor(mei)) == (90_00, 2_00)
