"""What a merchant is told of a pre-authorisation: figures of the moment, numbers of its own."""

from typing import Any

import pytest

from config.kernel.outbox.models import OutboxEvent
from merchants.notifications.models import Notification
from merchants.notifications.tasks import on_authorisation
from tests.factories.clock import later
from tests.factories.world import let_work_run
from tests.gateway.hotels import check_out, freeze
from tests.gateway.rows_fund_auth import CANCEL, DETAIL, UNFREEZE
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser
from wallet.authorisations.values import FIGURES

pytestmark = pytest.mark.django_db
Params = dict[str, Any]


def told(auth_no: str) -> list[Params]:
    """The parameters of all notifications of an authorisation, in order."""
    let_work_run()
    rows = Notification.objects.filter(trade_no=auth_no, topic__startswith="authorisation.")
    return [row.params for row in rows.order_by("sequence")]


def give_back(hotel: Shop, auth_no: str, amount: str, number: str) -> None:
    """Unfreeze a part."""
    content = {"auth_no": auth_no, "amount": amount, "out_request_no": number, "remark": "part"}
    assert hotel.ask(UNFREEZE, **content).node["code"] == "10000"


def figures(params: Params) -> tuple[str, str, str]:
    """What a notification says of the whole."""
    names = ("total_freeze_amount", "rest_amount", "total_pay_amount")
    return params[names[0]], params[names[1]], params[names[2]]


def test_each_notification_tells_the_figures_after_its_own_operation(
    hotel: Shop, guest: WalletUser
) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    give_back(hotel, auth_no, "100.00", "U1")
    check_out(hotel, auth_no, "420.00", auth_confirm_mode="NOT_COMPLETE")
    give_back(hotel, auth_no, "80.00", "U2")
    check_out(hotel, auth_no, "50.00")
    assert [figures(params) for params in told(auth_no)] == [
        ("800.00", "800.00", "0.00"),
        ("800.00", "700.00", "0.00"),
        ("800.00", "200.00", "420.00"),
        ("800.00", "0.00", "470.00"),
    ]


def test_event_without_figures_is_told_with_those_of_now(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    give_back(hotel, auth_no, "100.00", "U1")
    for event in OutboxEvent.objects.filter(topic__startswith="authorisation."):
        # Rows of the outbox are written once: it is read as an older worker wrote it.
        event.payload = {name: part for name, part in event.payload.items() if name not in FIGURES}
        on_authorisation(event)
    assert {figures(params) for params in told(auth_no)} == {("800.00", "700.00", "0.00")}


def test_completion_is_told_with_the_captures_order_number(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    number = check_out(hotel, auth_no).node["out_trade_no"]
    [_, released] = told(auth_no)
    assert (released["out_request_no"], released["amount"]) == (number, "380.00")
    check_asked(hotel, released)


def check_asked(hotel: Shop, released: Params) -> None:
    """Asking after a release, by either of its numbers, tells what was told of it."""
    named = {"auth_no": released["auth_no"]}
    for number in ("operation_id", "out_request_no"):
        asked = named | {number: released[number], "operation_type": "UNFREEZE"}
        node = hotel.ask(DETAIL, **asked).node
        for name in ("operation_id", "out_request_no", "amount", "operation_type"):
            assert node[name] == released[name]


def test_cancellation_is_told_with_the_number_of_what_was_cancelled(
    hotel: Shop, guest: WalletUser
) -> None:
    node = freeze(hotel, guest).node
    named = {name: node[name] for name in ("auth_no", "out_request_no")}
    assert hotel.ask(CANCEL, **named, remark="no").node["action"] == "unfreeze"
    [_, released] = told(node["auth_no"])
    assert (released["notify_type"], released["out_request_no"]) == (
        "fund_auth_unfreeze",
        node["out_request_no"],
    )
    check_asked(hotel, released)


def test_end_of_time_is_told_with_the_number_of_the_freeze(hotel: Shop, guest: WalletUser) -> None:
    node = freeze(hotel, guest).node
    later(days=30, seconds=1)
    let_work_run()
    [_, released] = told(node["auth_no"])
    assert released["out_request_no"] == node["out_request_no"]
    check_asked(hotel, released)


def test_own_release_wins_over_ours_of_the_same_number(hotel: Shop, guest: WalletUser) -> None:
    auth_no = freeze(hotel, guest).node["auth_no"]
    give_back(hotel, auth_no, "10.00", "SAME")
    check_out(hotel, auth_no, out_trade_no="SAME")
    asked = {"auth_no": auth_no, "out_request_no": "SAME", "operation_type": "UNFREEZE"}
    assert hotel.ask(DETAIL, **asked).node["amount"] == "10.00"


@pytest.mark.parametrize("number", ["expiry:", "cancel:1", "complete:1", "押1", "a b"])
def test_release_takes_no_number_of_ours(hotel: Shop, guest: WalletUser, number: str) -> None:
    content = {"auth_no": freeze(hotel, guest).node["auth_no"], "amount": 1, "remark": "r"}
    answer = hotel.ask(UNFREEZE, **content, out_request_no=number)
    assert (answer.sub_code, answer.node["sub_msg"]) == (
        "ILLEGAL_ARGUMENT",
        "参数异常, 格式不正确: out_request_no",
    )
