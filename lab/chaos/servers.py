"""A PostgreSQL and a Redis of the drill's own, on a file system small enough to fill."""

import contextlib
import os
import subprocess
from pathlib import Path

from lab.chaos.stage import Actor, Stage
from lab.chaos.system import as_owner, listens, own, run, tool
from lab.processes import wait_for

DISK = "700m"
USER = "saoma"


class Disk:
    """A small file system for the database; without the right to mount, the plain folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        mount = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        )
        self.is_small = mount.returncode == 0
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no block free."""
        with contextlib.suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(bytes(1 << 20))
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            while True:
                ballast.write(bytes(4096))

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Take the file system away."""
        if self.is_small:
            subprocess.run(["umount", "-l", str(self.folder)], check=False)


def start_postgres(stage: Stage, disk: Disk, port: int) -> Actor:
    """Make a cluster on the disk and start it; a commit is on disk before it is answered."""
    data = own(disk.folder / "pg")
    run(*as_owner(), tool("initdb", "postgresql"), "-D", str(data), "-U", USER, "-A", "trust",
        "-E", "UTF8", "--no-sync")  # fmt: skip
    options = ("listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={data}",
               "max_connections=120", "shared_buffers=64MB", "max_wal_size=128MB",
               "min_wal_size=32MB", "wal_recycle=off", "wal_init_zero=off")  # fmt: skip
    argv = [*as_owner(), tool("postgres", "postgresql"), "-D", str(data)]
    for option in options:
        argv += ["-c", option]
    actor = stage.add("database", argv)
    wait_for("PostgreSQL", lambda: answers(port), seconds=60)
    run(tool("createdb", "postgresql-client"), "-h", "127.0.0.1", "-p", str(port), "-U", USER, USER)
    return actor


def answers(port: int) -> bool:
    """Whether a PostgreSQL takes connections."""
    words = [tool("pg_isready", "postgresql-client"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(words, check=False).returncode == 0


def start_redis(stage: Stage, port: int) -> Actor:
    """Start a broker that keeps what it was given over its own death."""
    folder = stage.folder / "redis"
    folder.mkdir(exist_ok=True)
    argv = [tool("redis-server", "redis-server"), "--port", str(port), "--bind", "127.0.0.1",
            "--dir", str(folder), "--appendonly", "yes", "--save", ""]  # fmt: skip
    actor = stage.add("broker", argv)
    wait_for("Redis", lambda: listens(port), seconds=20)
    return actor


def base_environment(folder: Path, database: str, redis: str, address: str) -> dict[str, str]:
    """What the product's processes see: this process's environment with the stage's addresses."""
    env = dict(os.environ) | {
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SAOMA_DATA_DIR": str(folder / "var"),
        "SAOMA_PUBLIC_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "SAOMA_GATEWAY_LOG": "off",
        "PYTHONUNBUFFERED": "1",
        "C_FORCE_ROOT": "1",
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env
