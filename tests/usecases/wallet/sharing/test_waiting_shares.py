"""Shares of a split bill that nobody pays: a word after a day, until the requester closes it."""

import uuid

import pytest
from pytest_django.fixtures import Settings

from tests.factories.accounts import PIN, available_minor
from tests.factories.clock import advance
from tests.factories.settlement import make_payer
from wallet.accounts.models import SmsMessage, WalletUser
from wallet.sharing.models import SplitBill
from wallet.sharing.rules import SharingUnknown, SplitClosed
from wallet.sharing.usecases.split_bill import close_split, pay_share, see_split, split_bill
from wallet.sharing.values import SplitState

pytestmark = pytest.mark.django_db


@pytest.fixture
def trio() -> list[WalletUser]:
    return [make_payer(200_00) for _ in range(3)]


def lunch(trio: list[WalletUser]) -> SplitBill:
    """A lunch of 150.00 that the first has paid."""
    phones = [other.phone for other in trio[1:]]
    return split_bill(
        requester_id=trio[0].id, key="k", total_minor=150_00, phones=phones, title="lunch"
    )[0]


def told(user: WalletUser) -> list[str]:
    return list(SmsMessage.objects.filter(phone=user.phone).values_list("text", flat=True))


def test_who_has_not_paid_is_told_once_after_a_day(trio: list[WalletUser]) -> None:
    li, mei, wang = trio
    split = lunch(trio)
    pay_share(split_id=split.id, user_id=mei.id, pin=PIN)
    advance(hours=23)
    assert told(wang) == []
    advance(hours=2)
    (text,) = told(wang)
    assert text == f"lunch: your share of 50.00 CNY waits; {li.name} has paid it for you."
    advance(days=3)
    assert (told(li), told(mei), told(wang)) == ([], [], [text])


def test_who_has_sent_a_share_that_is_on_its_way_is_told_nothing(
    trio: list[WalletUser], settings: Settings
) -> None:
    settings.SAOMA_TRANSFER_PAUSE_FROM_MINOR = 1_00
    split = lunch(trio)
    advance(hours=20)
    pay_share(split_id=split.id, user_id=trio[1].id, pin=PIN)
    advance(hours=5)
    assert told(trio[1]) == []
    assert len(told(trio[2])) == 1


def test_a_closed_split_asks_nobody_and_takes_nothing(trio: list[WalletUser]) -> None:
    li, mei, wang = trio
    split = lunch(trio)
    pay_share(split_id=split.id, user_id=mei.id, pin=PIN)
    for _ in range(2):
        assert close_split(split_id=split.id, requester_id=li.id).state == SplitState.CLOSED
    advance(days=2)
    assert told(wang) == []
    with pytest.raises(SplitClosed):
        pay_share(split_id=split.id, user_id=wang.id, pin=PIN)
    assert pay_share(split_id=split.id, user_id=mei.id, pin=PIN).state == SplitState.CLOSED
    assert [available_minor(one) for one in trio] == [250_00, 150_00, 200_00]


def test_a_share_that_was_on_its_way_when_the_split_was_closed_arrives(
    trio: list[WalletUser], settings: Settings
) -> None:
    settings.SAOMA_TRANSFER_PAUSE_FROM_MINOR = 1_00
    li, mei, wang = trio
    split = lunch(trio)
    pay_share(split_id=split.id, user_id=mei.id, pin=PIN)
    close_split(split_id=split.id, requester_id=li.id)
    advance(hours=25)
    assert see_split(split_id=split.id, user_id=wang.id).state == SplitState.CLOSED
    assert split.shares.filter(paid_at__isnull=True).get().user_id == wang.id


def test_only_the_requester_closes_and_not_what_all_have_paid(trio: list[WalletUser]) -> None:
    li, mei, wang = trio
    split = lunch(trio)
    with pytest.raises(SplitClosed):
        close_split(split_id=split.id, requester_id=mei.id)
    with pytest.raises(SharingUnknown):
        close_split(split_id=split.id, requester_id=uuid.uuid4())
    for one in (mei, wang):
        pay_share(split_id=split.id, user_id=one.id, pin=PIN)
    with pytest.raises(SplitClosed):
        close_split(split_id=split.id, requester_id=li.id)
    assert see_split(split_id=split.id, user_id=li.id).state == SplitState.SETTLED
