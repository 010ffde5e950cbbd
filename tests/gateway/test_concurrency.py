"""Tills at the same moment, over real sockets: money moves once."""

import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from lab.mock_merchant.client import Answer, Client
from lab.mock_merchant.settings import Settings
from tests.factories.accounts import available_minor, make_user
from tests.gateway.server import LiveServer, running
from tests.gateway.world import Shop, fresh_code, make_shop

pytestmark = pytest.mark.django_db(transaction=True)
TILLS = 4


@pytest.fixture
def live(transactional_db: None) -> Iterator[LiveServer]:
    """The product on a port of its own."""
    with running() as server:
        yield server


def till(shop: Shop, live: LiveServer) -> Client:
    """One till of a shop, with a connection of its own."""
    return Client(
        Settings(
            gateway_url=f"{live.url}/gateway.do",
            app_id=shop.app.app_number,
            app_private_key=shop.private_pem,
            gateway_public_key=shop.gateway_pem,
            timeout_s=60,
        )
    )


def at_once(calls: Sequence[Callable[[], Answer]]) -> list[str]:
    """Run calls in the same moment; gives each one's code or refusal."""
    gate = threading.Barrier(len(calls))
    said: list[str] = [""] * len(calls)

    def run(place: int) -> None:
        gate.wait()
        answer = calls[place]()
        said[place] = answer.sub_code or answer.code

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_two_tills_with_one_code_sell_once(live: LiveServer) -> None:
    shop, other = make_shop(), make_shop("Noodle Bar")
    buyer = make_user(balance_minor=100_00)
    code = fresh_code(buyer)

    def sell(one: Shop, order: str) -> Callable[[], Answer]:
        client = till(one, live)
        return lambda: client.pay(out_trade_no=order, amount="12.00", subject="Tea", auth_code=code)

    said = at_once([sell(shop, "A"), sell(other, "B")])
    assert said == ["10000", "ACQ.PAYMENT_AUTH_CODE_INVALID"]
    assert available_minor(buyer) == 88_00


def test_one_order_sent_by_many_tills_is_paid_once(live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    clients = [till(shop, live) for _ in range(TILLS)]
    codes = [fresh_code(buyer) for _ in clients]
    calls = [
        partial(client.pay, out_trade_no="ONE", amount="12.00", subject="Tea", auth_code=code)
        for client, code in zip(clients, codes, strict=True)
    ]
    said = at_once(calls)
    assert said == ["10000", *["ACQ.TRADE_HAS_SUCCESS"] * (TILLS - 1)]
    assert available_minor(buyer) == 88_00


def test_one_refund_sent_many_times_goes_back_once(live: LiveServer) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    clients = [till(shop, live) for _ in range(TILLS)]
    clients[0].pay(out_trade_no="ONE", amount="12.00", subject="Tea", auth_code=fresh_code(buyer))
    changes: list[str] = []

    def refund(client: Client) -> Answer:
        answer = client.refund(out_trade_no="ONE", amount="5.00", out_request_no="R1")
        changes.append(answer["fund_change"])
        return answer

    at_once([partial(refund, client) for client in clients])
    assert sorted(changes) == ["N"] * (TILLS - 1) + ["Y"]
    assert available_minor(buyer) == 93_00
