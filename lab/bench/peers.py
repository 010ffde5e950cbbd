"""Ours beside other ledgers on Django: the same transfers, processes, machine and server.

Each peer has a virtual environment and a database of its own in the server of DATABASE_URL.
They take turns in short rounds and medians are compared, so that a machine that is slower for
a while is so for all.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from psycopg import sql

PROGRAMS = Path(__file__).resolve().parent / "peer_programs"
NEEDS = ("django-hordak==2.0.0", "django-ledger==0.8.5", "psycopg[binary]")
ACCOUNTS, PROCESSES, ROUNDS = 200, 4, 3
KINDS = ("uniform", "hot")


@dataclass(frozen=True, slots=True)
class Peer:
    """A ledger: its name, its program, whose Python runs it."""

    name: str
    program: str
    python: str
    address: str

    def start(self, *words: str) -> "subprocess.Popen[str]":
        """Start its program."""
        env = dict(os.environ) | {"PEER_DATABASE_URL": self.address, "DATABASE_URL": self.address}
        script = [str(PROGRAMS / self.program)]
        if self.program == "saoma.py":
            script = ["-m", "lab.bench.peer_programs.saoma"]
        return subprocess.Popen(
            [self.python, *script, *words], env=env, stdout=subprocess.PIPE, text=True
        )


def run(folder: Path, seconds: float, say: Callable[[str], None]) -> dict[str, dict[str, float]]:
    """Measure all peers; transfers a second, and client's CPU ms each, by peer and kind.

    Raises:
        subprocess.CalledProcessError: the peers could not be installed, or one failed.
    """
    python = _installed(folder)
    rates: dict[str, dict[str, list[tuple[float, float]]]] = {}
    with _databases(("saoma", "hordak", "ledger")) as addresses:
        peers = [
            Peer("saoma", "saoma.py", sys.executable, addresses["saoma"]),
            Peer("django-hordak 2.0.0", "hordak.py", python, addresses["hordak"]),
            Peer("django-ledger 0.8.5", "django_ledger.py", python, addresses["ledger"]),
        ]
        for peer in peers:
            rates[peer.name] = {kind: [] for kind in KINDS}
            _finish(peer.start("set-up", str(ACCOUNTS)))
        for number in range(ROUNDS):
            for kind in KINDS:
                for peer in peers:
                    rates[peer.name][kind].append(_round(peer, seconds, kind))
            say(f"round {number + 1} of {ROUNDS}")
    return {
        name: {
            figure: median(one[index] for one in kinds[kind])
            for kind in KINDS
            for index, figure in enumerate((kind, f"{kind} cpu ms"))
        }
        for name, kinds in rates.items()
    }


def _round(peer: Peer, seconds: float, kind: str) -> tuple[float, float]:
    running = [peer.start("run", str(ACCOUNTS), str(seconds), kind) for _ in range(PROCESSES)]
    figures = [json.loads(_finish(process).splitlines()[-1]) for process in running]
    cpu_ms = sum(one["cpu_ms"] for one in figures) / len(figures)
    return sum(one["per_second"] for one in figures), cpu_ms


def _finish(process: "subprocess.Popen[str]") -> str:
    output, _ = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return output


def _installed(folder: Path) -> str:
    python = folder / "bin" / "python"
    if not (folder / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", *NEEDS]
        subprocess.run(pip, check=True)
        (folder / "ready").touch()
    return str(python)


@contextmanager
def _databases(names: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """A fresh database for each, dropped in the end; ours is migrated."""
    parts = urlsplit(settings.DATABASE_URL)
    full = {name: f"{parts.path[1:]}_peer_{name}" for name in names}
    addresses = {name: urlunsplit(parts._replace(path=f"/{full[name]}")) for name in names}
    try:
        _on_server("DROP DATABASE IF EXISTS {}", full)
        _on_server("CREATE DATABASE {}", full)
        env = dict(os.environ) | {"DATABASE_URL": addresses["saoma"]}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, env=env, check=True, cwd=settings.BASE_DIR)
        yield addresses
    finally:
        _on_server("DROP DATABASE IF EXISTS {}", full)


def _on_server(statement: str, names: dict[str, str]) -> None:
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as server:
        for name in names.values():
            server.execute(sql.SQL(statement).format(sql.Identifier(name)))
