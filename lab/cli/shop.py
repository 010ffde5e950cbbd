"""`saoma shop`: a small shop to try `saoma check` on, with all its bugs or with those named."""

import argparse
import os
import signal
import threading
from pathlib import Path
from typing import Any

from lab.buggy_merchant import BUGS, BuggyShop
from lab.cli.remote import USUAL, address, call
from lab.mock_merchant.shop import Shop, ShopServer


def declare(commands: Any) -> None:
    """Declare `shop`."""
    shop = commands.add_parser("shop", help="a shop to try `saoma check` and `saoma listen` on")
    shop.add_argument(
        "--bugs", metavar="BUG", nargs="*", choices=BUGS,
        help="plant bugs: " + ", ".join(BUGS) + "; all of them where none is named",
    )  # fmt: skip
    shop.add_argument("--shop", default="baozi", help="the seeded shop whose app it is")
    shop.add_argument("--port", type=int, default=8600, help="0 takes a free one")
    shop.add_argument("--url", default=os.environ.get("SAOMA_URL", USUAL))
    shop.add_argument("--world", type=Path, help="the ready file of `saoma up`")
    shop.set_defaults(act=run)


def run(options: argparse.Namespace) -> int:
    """Serve until a signal comes; the first line printed is the shop's address."""
    world = call(address(options), "world")
    app_id = next(row["app_id"] for row in world["shops"] if row["key"] == options.shop)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with ShopServer(
        _shop(options, app_id, world["gateway_public_key"]), port=options.port
    ) as server:
        print(server.url, flush=True)
        ended.wait()
    return 0


def _shop(options: argparse.Namespace, app_number: str, gateway_public_key: str) -> Shop:
    if options.bugs is None:
        return Shop(app_number, gateway_public_key)
    return BuggyShop(app_number, gateway_public_key, bugs=options.bugs or BUGS)
