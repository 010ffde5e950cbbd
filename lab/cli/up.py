"""`saoma up`: a world for a test run, on a port of its own, gone when it ends.

The first start makes a seeded world and keeps it as a template; each later one copies it,
which is what makes a warm start quick. `--ready-file` tells where the world is once it
answers: addresses, people, shops and keys, as JSON.
"""

import argparse
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from lab.cli.remote import seed_text

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULT_SEED = Path(__file__).resolve().parent / "default_seed.yaml"
START_S = 60.0
_TOPS = ("config", "wallet", "merchants", "healthcode", "lab")


def declare(commands: Any) -> None:
    """Declare `up`."""
    up = commands.add_parser("up", help="a world for a test run: one process, seeded, resettable")
    up.add_argument("--ephemeral", action="store_true", help="in a folder that goes with it")
    up.add_argument("--host", default="127.0.0.1")
    up.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    up.add_argument("--seed", type=Path, default=DEFAULT_SEED, help="a seed file (YAML)")
    up.add_argument("--ready-file", type=Path, help="written when the world answers")
    up.set_defaults(act=run)


def run(options: argparse.Namespace) -> int:
    """Run a world until a signal comes."""
    seed = seed_text(options.seed)
    source = template(seed)
    folder = Path(tempfile.mkdtemp(prefix="saoma-up-")) if options.ephemeral else _kept_folder()
    if not (folder / "saoma.sqlite3").exists():
        shutil.copytree(source, folder, dirs_exist_ok=True)
    port = options.port or _free_port(options.host)
    address = f"http://{options.host}:{port}"
    finished = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: finished.set())
    with (folder / "web.log").open("ab") as log:
        process = subprocess.Popen(
            web_command(options.host, port),
            env=environment(folder, address),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            if options.ephemeral:
                _wait(process, address, folder)
                _reset(address)
            facts = _wait(process, address, folder)
            _tell(options.ready_file, facts, process)
            while not finished.wait(0.2) and process.poll() is None:
                pass
        finally:
            stop(process)
            if options.ephemeral:
                shutil.rmtree(folder, ignore_errors=True)
            if options.ready_file:
                options.ready_file.unlink(missing_ok=True)
    return 0 if finished.is_set() else 1


def template(seed: str | None) -> Path:
    """A seeded world to copy, made on the first start with this seed and this version.

    Args:
        seed: a seed file's text; None for the cast of the demo.
    """
    digest = hashlib.sha256((seed or "the demo").encode())
    for top in _TOPS:
        for path in sorted((ROOT / top).rglob("migrations/*")):
            if path.suffix in {".py", ".sql"}:
                digest.update(f"{path.name}{path.stat().st_size}".encode())
    cache = Path(os.environ["SAOMA_DATA_DIR"]) / "templates"
    folder = cache / digest.hexdigest()[:20]
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=cache, prefix="making-"))
    env = environment(making, "http://127.0.0.1:8000")
    process = subprocess.run(
        [sys.executable, "-m", "django", "prepare_world", *([] if seed else ["--demo"])],
        env=env,
        input=seed or "",
        text=True,
        capture_output=True,
        check=False,
    )
    if process.returncode:
        shutil.rmtree(making, ignore_errors=True)
        sys.exit(process.stderr.strip() or "the world could not be seeded")
    try:
        making.rename(folder)
    except OSError:  # another start was quicker
        shutil.rmtree(making, ignore_errors=True)
    return folder


def _kept_folder() -> Path:
    folder = Path(os.environ["SAOMA_DATA_DIR"]) / "up"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def environment(folder: Path, address: str) -> dict[str, str]:
    """What a world's process sees: its own folder and address, no servers of others."""
    outside = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    env = {name: value for name, value in os.environ.items() if name not in outside}
    return env | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SAOMA_DATA_DIR": str(folder),
        "SAOMA_PUBLIC_URL": address,
        "SAOMA_OUTBOX_KICK": "0",
        "SAOMA_LAB_MODE": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }


def web_command(host: str, port: int, application: str = "lab.asgi") -> list[str]:
    """The command line of a world's one process."""
    granian = str(Path(sys.executable).with_name("granian"))
    return [
        *(granian, f"{application}:application", "--interface", "asgi", "--loop", "asyncio"),
        *("--host", host, "--port", str(port), "--workers", "1", "--workers-kill-timeout", "3"),
        *("--no-access-log", "--log-level", "warning"),
    ]


def _wait(process: "subprocess.Popen[bytes]", address: str, folder: Path) -> dict[str, Any]:
    """The world's facts, once it answers."""
    end = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(f"{address}/lab/api/world", timeout=10) as answer:  # noqa: S310
                facts: dict[str, Any] = json.load(answer)
            return {"url": address, **facts}
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if process.poll() is not None or time.monotonic() > end:
                sys.exit((folder / "web.log").read_text(encoding="utf-8")[-4000:])
            time.sleep(0.02)


def _reset(address: str) -> None:
    """Put the world back once, so that a first test finds it as every later one does."""
    request = urllib.request.Request(  # noqa: S310
        f"{address}/lab/api/reset", data=b"{}", headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10):  # noqa: S310
        pass


def _tell(path: Path | None, facts: dict[str, Any], process: "subprocess.Popen[bytes]") -> None:
    facts["pid"] = os.getpid()
    line = json.dumps(facts, ensure_ascii=False)
    if path is not None:
        # Whole or not at all: whoever waits for the file may read it at once.
        fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        fresh.write_text(line, encoding="utf-8")
        fresh.replace(path)
    print(line, flush=True)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a world; one that does not listen is killed."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
