"""`saoma classroom ROSTER`: a world for each student of a list, and the teacher's board."""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from lab.classroom import register
from lab.classroom.register import Register, Student
from lab.cli import up

START_S = 300.0
_APPLICATION = "lab.classroom.world"


def declare(commands: Any) -> None:
    """Declare `classroom`."""
    room = commands.add_parser(
        "classroom", help="a world for each student, a board for the teacher"
    )
    room.add_argument("roster", type=Path, help="the names: a line each, or a CSV's first column")
    room.add_argument("--folder", type=Path, help="where the worlds live; the roster's by default")
    room.add_argument("--host", help="this machine's address in the class's network")
    room.add_argument("--port", type=int, default=8100, help="the board's; worlds follow it")
    room.add_argument("--scenario", default="journee-de-li", help="what is assigned")
    room.add_argument("--faults", type=int, metavar="SEED", help="arm the faults of this seed")
    room.set_defaults(act=run)


def run(options: argparse.Namespace) -> int:
    """Run the class until a signal comes; worlds that are there already go on."""
    folder = (options.folder or options.roster.with_suffix(".class")).resolve()
    try:
        names = register.names_of(options.roster.read_text(encoding="utf-8-sig"))
    except register.RosterInvalid as invalid:
        print(invalid, file=sys.stderr)
        return 2
    host = options.host or _own_address()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    class_ = register.load(folder)
    if class_ is None or [one.name for one in class_.students] != names:
        shutil.rmtree(folder / "worlds", ignore_errors=True)
        class_ = register.enrol(
            names,
            host=host,
            port=options.port,
            scenario=options.scenario,
            fault_seed=options.faults,
        )
    register.keep(class_, folder)
    teacher = Student("teacher", "", class_.key, class_.port)
    _furnish(folder, teacher, class_)
    worlds = {class_.address(teacher): folder}
    for student in class_.students:
        world = register.folder_of(student, folder)
        _furnish(world, student, class_, shared=folder)
        worlds[class_.address(student)] = world
    return _serve(worlds, class_.entrance(teacher))


def _furnish(world: Path, student: Student, class_: Register, shared: Path | None = None) -> None:
    """Copy the template into a world's folder, unless somebody lives there."""
    if not (world / "saoma.sqlite3").exists():
        shutil.copytree(up.template(None), world, dirs_exist_ok=True)
    seed = "" if class_.fault_seed is None else str(class_.fault_seed)
    path = world / register.KEY_FILE
    path.touch(mode=0o600)
    path.write_text(f"{student.key}\n{class_.scenario}\n{seed}\n", encoding="utf-8")
    (world / "run").mkdir(exist_ok=True)
    (world / "run" / "public_url").write_text(class_.program_address(student), encoding="utf-8")
    # A scenario is recorded once for all: every student sees the same run.
    if shared is None:
        return
    for name in ("recordings", "theatre"):
        (shared / name).mkdir(exist_ok=True)
        if not (world / name).is_symlink():
            shutil.rmtree(world / name, ignore_errors=True)
            (world / name).symlink_to(shared / name)


def _serve(worlds: dict[str, Path], board: str) -> int:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    processes: list[subprocess.Popen[bytes]] = []
    waiting: list[tuple[int, Path, subprocess.Popen[bytes]]] = []
    try:
        for address, folder in worlds.items():
            port = urlsplit(address).port or 80
            processes.append(_start(folder, port, address))
            waiting.append((port, folder, processes[-1]))
            # As many at a time as there are processors: more keep each other from starting.
            if len(waiting) < (os.cpu_count() or 1) and len(processes) < len(worlds):
                continue
            for port_, place, process in waiting:
                if not _answers(port_, process, ended):
                    print(f"a world did not start: {place}/web.log", file=sys.stderr)
                    return 1
            waiting = []
        print(json.dumps({"worlds": len(worlds) - 1, "board": board}), flush=True)
        ended.wait()
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            up.stop(process)
    return 0


def _start(folder: Path, port: int, address: str) -> "subprocess.Popen[bytes]":
    with (folder / "web.log").open("ab") as log:
        return subprocess.Popen(
            up.web_command("0.0.0.0", port, _APPLICATION),  # noqa: S104
            env=up.environment(folder, address),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _answers(port: int, process: "subprocess.Popen[bytes]", ended: threading.Event) -> bool:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None and not ended.is_set():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    return ended.is_set()


def _own_address() -> str:
    """Find this machine's address in its network; nothing is sent for that."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address
