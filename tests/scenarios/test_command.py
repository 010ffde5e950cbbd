"""`saoma up` and the helpers for test suites: the example projects, run as their owners would."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.source import ROOT

pytestmark = pytest.mark.slow
EXAMPLES = ROOT / "lab" / "examples"
SAOMA = [sys.executable, "-m", "lab.cli.main"]


@pytest.fixture(scope="module")
def env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    outside = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "SAOMA_LAB_MODE"}
    outside |= {"DJANGO_SECRET_KEY", "SAOMA_MASTER_KEY", "SAOMA_OUTBOX_KICK", "SAOMA_GATEWAY_LOG"}
    env = {name: value for name, value in os.environ.items() if name not in outside}
    folder = tmp_path_factory.mktemp("saoma")
    return env | {"SAOMA_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="module")
def ready(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("ready") / "ready.json"
    words = ["up", "--ephemeral", "--port", "0", "--ready-file", str(path)]
    process = subprocess.Popen([*SAOMA, *words], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 400
    while not path.exists():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.1)
    yield path
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not path.exists()


def run(argv: list[str], env: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        argv, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_triggers_an_event_in_the_running_world(ready: Path, env: dict[str, str]) -> None:
    said = run([*SAOMA, "trigger", "payment.paid", "--world", str(ready)], env, ROOT)
    assert json.loads(said)["total_amount"] == "12.00"


@pytest.fixture
def shop(ready: Path, env: dict[str, str]) -> Iterator[str]:
    """The reference shop's address."""
    argv = [*SAOMA, "shop", "--world", str(ready), "--port", "0"]
    with subprocess.Popen(argv, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_forwards_a_notification_as_it_was_signed(
    ready: Path, env: dict[str, str], shop: str
) -> None:
    world = ["--world", str(ready)]
    for again in range(2):  # after a reset the same notification comes again, under the same id
        run([*SAOMA, "reset", *world], env, ROOT)
        urllib.request.urlopen(f"{shop}/orders", b"order=A1&amount=12.00").close()
        argv = [*SAOMA, "listen", *world, "--forward-to", f"{shop}/notify", "--count", "1"]
        with subprocess.Popen(argv, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as ear:
            assert ear.stdout is not None
            ear.stdout.readline()
            run([*SAOMA, "trigger", "payment.paid", "--order", "A1", *world], env, ROOT)
            assert "signature fits -> 200 success" in ear.stdout.readline(), again
        order = json.load(urllib.request.urlopen(f"{shop}/orders/A1"))
        assert order == {"state": "PAID", "shipped": 1, "amount": "12.00"}


def test_says_in_a_line_what_is_missing(ready: Path, env: dict[str, str]) -> None:
    for words, said in (
        (["seed", "nowhere.yaml"], "nowhere.yaml: No such file or directory"),
        (["trigger", "payment.paid", "--amount", "1.234"], "sub_code: ACQ.INVALID_PARAMETER"),
        (["check", "http://127.0.0.1:9"], "no merchant answers at http://127.0.0.1:9"),
        (["reset", "--url", "http://127.0.0.1:9"], "no world answers at http://127.0.0.1:9"),
    ):
        argv = [*SAOMA, *words, *([] if "--url" in words else ["--world", str(ready)])]
        done = subprocess.run(argv, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_seeds_a_running_world_and_names_mistakes(
    ready: Path, env: dict[str, str], tmp_path: Path
) -> None:
    run([*SAOMA, "reset", "--world", str(ready)], env, ROOT)
    file = tmp_path / "seed.yaml"
    file.write_text("people: [{key: zoe, name: Zoe, balance: '7.00'}]")
    world = json.loads(run([*SAOMA, "seed", str(file), "--world", str(ready)], env, ROOT))
    balances: dict[str, Any] = {who["key"]: who["balance"] for who in world["people"]}
    assert balances["zoe"] == "7.00"
    file.write_text("people: [{key: Zoe}]")
    done = subprocess.run(
        [*SAOMA, "seed", str(file), "--world", str(ready)],
        env=env, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "people.0.key" in done.stderr


def test_the_example_suite_in_pytest_passes(env: dict[str, str]) -> None:
    argv = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", "-p", "no:django"]
    argv += ["-p", "lab.pytest_plugin"]  # what an installation declares
    said = run([*argv, "--rootdir", ".", "-c", os.devnull], env, EXAMPLES / "pytest_shop")
    assert "20 passed" in said
    assert "resets, median" in said


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_the_example_suite_in_node_passes(ready: Path, env: dict[str, str]) -> None:
    said = run(["node", "--test"], env | {"SAOMA_READY_FILE": str(ready)}, EXAMPLES / "node_shop")
    assert "# pass 20" in said or "pass 20" in said
    assert "fail 0" in said
