"""The guides' programs, run as a newcomer would run them: copied from the page."""

import re
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories.accounts import PASSWORD, available_minor, make_user
from tests.gateway import sdks
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import running
from tests.gateway.world import Shop, fresh_code, make_shop
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
# The official Python library dials port 80; the network is patched beneath it.
PORT_80 = """\
import socket
dial = socket.socket.connect
socket.socket.connect = lambda self, at: dial(self, ("127.0.0.1", {port}) if at[1] == 80 else at)
"""
OFFICIAL, FZLEE, NODE = SDKS


def program(shop: Shop, language: str, name: str) -> str:
    """A guide's program, with the values of the developer who is signed in."""
    browser, owner = Client(), shop.merchant.owner_id
    phone = WalletUser.objects.get(id=owner).phone
    browser.post("/console/sign-in", {"phone": phone, "password": PASSWORD})
    text = browser.get(f"/console/guides/{language}/").content.decode()
    found = re.search(rf'id="program-{name}"[^>]*><code>(.*?)</code>', text, re.S)
    assert found
    return unescape(found.group(1))


@pytest.mark.parametrize(
    ("sdk", "language", "name"),
    [(FZLEE, "python", "fzlee"), (OFFICIAL, "python", "official"), (NODE, "node", "node")],
    ids=["python-alipay-sdk", "alipay-sdk-python", "alipay-sdk"],
)
def test_the_guides_program_takes_a_first_payment(
    sdk: Sdk, language: str, name: str, tmp_path: Path, settings: Settings
) -> None:
    sdks.build(sdk)
    shop, buyer = make_shop(owner=make_user(name="Dev")), make_user(balance_minor=100_00)
    with running() as live:
        settings.PUBLIC_URL = live.url
        text = program(shop, language, name)
        if name == "official":
            text = PORT_80.format(port=live.port) + text
        output = run(sdk, text, shop, fresh_code(buyer), tmp_path)
    assert "10000" in output
    assert available_minor(buyer) == 88_00


def run(sdk: Sdk, text: str, shop: Shop, code: str, folder: Path) -> str:
    """Run a program beside the key file that the console gave."""
    (folder / "app-private-key.pem").write_text(shop.private_pem, encoding="utf-8")
    file = folder / ("pay.mjs" if sdk.in_node else "pay.py")
    file.write_text(text, encoding="utf-8")
    command = [str(sdk.folder / "bin" / "python"), "-W", "ignore", str(file), code]
    if sdk.in_node:
        (folder / "node_modules").symlink_to(sdk.folder / "node_modules")
        command = ["node", str(file), code]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
