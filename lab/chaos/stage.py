"""The product on one machine as plain processes: two webs behind nginx, two workers, beat."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from lab.processes import wait_for
from lab.supervisor import Child

OWNER = "nobody"
START_S = 90.0
_NGINX = """daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr warn; {user}
events {{ worker_connections 1024; }}
http {{ access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  upstream web {{ {servers} }}
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://web; proxy_http_version 1.1;
    proxy_set_header Connection ""; proxy_set_header Host $http_host;
    proxy_connect_timeout 1s; proxy_read_timeout 20s; proxy_next_upstream error; }} }} }}
"""


class ToolMissing(RuntimeError):
    """A program that this needs is not installed; the message names its Debian package."""


def tool(name: str, package: str) -> str:
    """Where a program is.

    Raises:
        ToolMissing: it is not installed.
    """
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    path = (
        str(versions[-1])
        if versions
        else shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    )
    if path is None:
        raise ToolMissing(f"{name} is missing: apt-get install {package}")
    return path


def listens(port: int) -> bool:
    """Whether somebody accepts connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def as_owner() -> list[str]:
    """The prefix that drops root, which PostgreSQL refuses to run as."""
    return ["setpriv", f"--reuid={OWNER}", f"--regid={pwd.getpwnam(OWNER).pw_gid}",
            "--clear-groups"] if os.geteuid() == 0 else []  # fmt: skip


def own(folder: Path) -> Path:
    """Make a folder that PostgreSQL's user may write."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, OWNER)
    folder.chmod(0o700)
    return folder


@dataclass
class Actor(Child):
    """A process that faults are done to; all of its group suffers with it."""

    def suffer(self, number: int) -> None:
        """Send a signal to the whole group."""
        self._signal(number)

    def die(self) -> None:
        """Kill -9, and reap."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@dataclass
class Stage:
    """The processes of one installation by name, their folder and their environment."""

    folder: Path
    env: Mapping[str, str]
    front: int
    webs: Sequence[int]
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where clients go."""
        return f"http://127.0.0.1:{self.front}"

    def add(self, name: str, argv: Sequence[str], **more: str) -> Actor:
        """Start a process; its output goes to a log of its name."""
        actor = Actor(name, argv, {**self.env, **more}, self.folder / f"{name}.log")
        self.actors[name] = actor
        actor.start()
        return actor

    def start_product(self) -> None:
        """Start everything that is the product's own, and nginx, and wait until it is ready."""
        for number, port in enumerate(self.webs, start=1):
            self.add(f"web{number}", _web(port))
        for number in (1, 2):
            self.add(f"worker{number}", _celery("worker", "--concurrency", "2", "--queues",
                     "effects,due", "--without-gossip", "--without-mingle", "--hostname",
                     f"chaos{number}@saoma"))  # fmt: skip
        schedule = str(self.folder / "beat")
        self.add("scheduler", _celery("beat", "--schedule", schedule, "--pidfile", "",
                 "--max-interval", "1"))  # fmt: skip
        servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in self.webs)
        config = self.folder / "nginx.conf"
        user = "user root;" if os.geteuid() == 0 else ""
        text = _NGINX.format(folder=self.folder, port=self.front, servers=servers, user=user)
        config.write_text(text, encoding="utf-8")
        self.add("front", [tool("nginx", "nginx"), "-c", str(config)])
        self.wait_ready()

    def wait_ready(self, seconds: float = START_S) -> None:
        """Wait until every web says that it can do its work.

        Raises:
            TimeoutError: one does not in time.
        """
        for port in self.webs:
            wait_for(f"web on {port}", lambda port=port: is_ready(port), seconds=seconds)  # type: ignore[misc]

    def stop(self) -> None:
        """End everything, the last started first."""
        for actor in reversed(self.actors.values()):
            actor.suffer(signal.SIGCONT)
            actor.ask()
        for actor in reversed(self.actors.values()):
            actor.stop()


def is_ready(port: int) -> bool:
    """Whether a web says so itself."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).status_code == 200
    except requests.RequestException:
        return False


def _web(port: int) -> list[str]:
    return [
        *(str(Path(sys.executable).with_name("granian")), "config.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--blocking-threads", "4", "--workers-kill-timeout", "3", "--respawn-failed-workers"),
        *("--no-access-log", "--log-level", "warning"),
    ]


def _celery(*words: str) -> list[str]:
    return [sys.executable, "-m", "celery", "--app", "config", "--quiet", *words,
            "--loglevel", "warning"]  # fmt: skip


def run(*words: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    subprocess.run(words, check=True, env=None if env is None else dict(env),
                   stdout=subprocess.DEVNULL, cwd="/")  # fmt: skip
