"""Runs of the client libraries against the product."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway import cutouts, sdks
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import LiveServer, running
from tests.gateway.world import Shop


@pytest.fixture
def live(transactional_db: None) -> Iterator[LiveServer]:
    """The product on a port of its own."""
    with running() as server:
        yield server


@pytest.fixture(params=SDKS, ids=lambda sdk: f"{sdk.package}-{sdk.version}")
def sdk(request: pytest.FixtureRequest) -> Sdk:
    """Each library in turn, its environment ready."""
    chosen: Sdk = request.param
    sdks.build(chosen)
    return chosen


def facts(shop: Shop, live: LiveServer, steps: list[dict[str, Any]], **more: str) -> dict[str, Any]:
    """What a driver must know."""
    line = re.sub(r"-----.*?-----|\s", "", shop.gateway_pem)
    return {
        "host": live.host,
        "port": live.port,
        "app_id": shop.app.app_number,
        "private_pkcs1": shop.private_pem,
        "gateway_public_key": shop.gateway_pem,
        "gateway_public_key_line": line,
        "steps": steps,
    } | more


def step(method: str, **content: Any) -> dict[str, Any]:
    """One call of a method."""
    return {"method": f"alipay.{method}", "content": content}


def sale(code: str, order: str, amount: object = "12.00") -> dict[str, Any]:
    """One payment by code."""
    return step(
        "trade.pay",
        out_trade_no=order,
        scene="bar_code",
        auth_code=code,
        subject="茶/Tea",
        total_amount=amount,
    )


def check_raw(live: LiveServer, shop: Shop, charset: str = "utf-8") -> None:
    """Hold every answer of the run against every library's rules."""
    for body in live.bodies:
        method = next(iter(json.loads(body.decode(charset)))).removesuffix("_response")
        refused = cutouts.refusals(body, method, shop.gateway_key, charset)
        assert not refused, refused
