"""The machine under a drill: programs, ports, and the user that is not root."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

OWNER = "nobody"


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


def end_in_order() -> None:
    """Let SIGTERM end this process as Ctrl-C does, so that what it started ends with it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


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


def run(*words: str, env: Mapping[str, str] | None = None) -> None:
    """Run a program to its end.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    subprocess.run(words, check=True, env=None if env is None else dict(env),
                   stdout=subprocess.DEVNULL, cwd="/")  # fmt: skip
