"""The till's camera reads a code, from a film that the browser takes for a camera."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserType
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from lab import demo_accounts
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.browser.stage import Stage
from tests.factories.world import bring_on_stage
from wallet.payments.usecases.issue_codes import issue_fresh_code
from wallet.public import user_by_phone
from wallet.qr.drawing import qr_png

WIDTH, HEIGHT, FRAMES = 640, 480, 5


def film(code: str) -> bytes:
    """A short film of a code held a little askew, as uncompressed YUV 4:2:0."""
    symbol = Image.open(io.BytesIO(qr_png(code, scale=9))).convert("L").rotate(7, fillcolor=255)
    frame = Image.new("L", (WIDTH, HEIGHT), 200)
    frame.paste(symbol, ((WIDTH - symbol.width) // 2, (HEIGHT - symbol.height) // 2))
    picture = b"FRAME\n" + frame.tobytes() + b"\x80" * (WIDTH * HEIGHT // 2)
    return f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + picture * FRAMES


@pytest.fixture
def before_a_camera(
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Stage]:
    """A till whose camera looks at a citizen's code."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url)
    payer = user_by_phone(demo_accounts.CITIZENS[0].phone)
    path = tmp_path / "code.y4m"
    path.write_bytes(film(issue_fresh_code(user_id=payer.id).code))
    engine: BrowserType = browser.browser_type
    filming = engine.launch(
        executable_path=CHROMIUM,
        args=[
            *ARGUMENTS,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        ],
    )
    stage = Stage(filming.new_page(), live_server.url)
    yield stage
    filming.close()
    assert stage.faults == []


def test_the_camera_reads_a_code_and_the_code_pays(before_a_camera: Stage) -> None:
    before_a_camera.open("/till/")

    before_a_camera.page.get_by_role("button", name="Camera").click()

    before_a_camera.sees(before_a_camera.verdict, "Paid")
