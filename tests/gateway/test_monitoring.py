"""Heartbeats of tills, over the gateway."""

from datetime import timedelta

import pytest

from config.kernel import clock
from merchants.protocol.formats import beijing
from merchants.workbench.models import Equipment
from tests.gateway.rows_monitoring import HEARTBEAT, beating
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def test_the_last_report_of_a_till_is_kept(shop: Shop, buyer: WalletUser) -> None:
    first = beating(shop, buyer)
    assert shop.ask(HEARTBEAT, **first).node["pid"] == shop.merchant.merchant_number
    later = beijing(clock.now() + timedelta(minutes=5))
    broken = [{"code": "NO_PAPER", "desc": "缺纸"}]
    shop.ask(
        HEARTBEAT, **first | {"time": later, "equipment_status": "30"} | {"exception_info": broken}
    )
    row = Equipment.objects.get()
    assert (row.status, row.exceptions, beijing(row.reported_at)) == ("30", broken, later)


def test_a_late_report_does_not_hide_a_newer_one(shop: Shop, buyer: WalletUser) -> None:
    first = beating(shop, buyer)
    shop.ask(HEARTBEAT, **first | {"equipment_status": "30"})
    before = beijing(clock.now() - timedelta(minutes=5))
    assert shop.ask(HEARTBEAT, **first | {"time": before}).node["code"] == "10000"
    assert Equipment.objects.get().status == "30"


def test_two_merchants_may_number_their_tills_alike(shop: Shop, buyer: WalletUser) -> None:
    content = beating(shop, buyer)
    shop.ask(HEARTBEAT, **content)
    make_shop("Noodle Bar").ask(HEARTBEAT, **content)
    assert Equipment.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        {"time": ""},
        {"time": "yesterday"},
        {"equipment_status": "99"},
        {"trade_info": [7]},
        {"equipment_id": "x" * 33},
    ],
)
def test_a_report_that_cannot_be_read_is_refused(
    shop: Shop, buyer: WalletUser, change: dict[str, object]
) -> None:
    refused = shop.ask(HEARTBEAT, **beating(shop, buyer) | change)
    assert (refused.sub_code, Equipment.objects.count()) == ("INVALID_PARAMETER", 0)
