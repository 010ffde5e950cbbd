"""The laptop's settings: what a running demo leaves in its folder reaches every command."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.source import ROOT

LINK = "http://127.0.0.1:8123/q/" + "0" * 26


def decoded(folder: Path, **more: str) -> dict[str, object]:
    """What `manage.py decode_qr` in another terminal makes of a link of the demo's."""
    unset = {"SAOMA_PUBLIC_URL", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "manage.py", "decode_qr"],
        cwd=ROOT,
        env=env | {"SAOMA_DATA_DIR": str(folder)} | more,
        input=json.dumps({"payload": LINK}),
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    ("running", "more", "profile"),
    [
        ("http://127.0.0.1:8123", {}, "saoma"),
        ("http://127.0.0.1:8080", {}, ""),
        ("", {}, ""),
        ("", {"SAOMA_PUBLIC_URL": "http://127.0.0.1:8123"}, "saoma"),
    ],
)
def test_a_command_knows_the_port_of_the_demo_beside_it(
    tmp_path: Path, running: str, more: dict[str, str], profile: str
) -> None:
    if running:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "public_url").write_text(running)
    assert decoded(tmp_path, **more)["profile"] == profile
