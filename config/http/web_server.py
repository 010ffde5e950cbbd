"""Run granian; when it is asked to stop, `/readyz` says so before the listener closes.

    python -m config.http.web_server --port 8001 --drain 3

Asked to end (SIGTERM), it lets `/readyz` answer 503 for the seconds of `--drain` while every
request is served as before, so that a proxy that asks for readiness sends no more of them; then
the listener closes, what is under way is answered, and the process ends. It listens when the
application is loaded: until then a connection is refused, and a proxy takes another web. A
worker that dies ends the whole; what keeps processes up starts it again.
"""

import argparse
import shutil
import time
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from config.http import leaving

# Payments that wait for the database go together: more threads, larger groups. Past sixteen
# they get hardly larger (decision 0205), and each thread keeps a database session.
THREADS = 16


class WebServer(Granian):  # type: ignore[misc, valid-type]
    """Granian with one step before its shutdown."""

    leaving_file: Path
    drain_s: float

    def shutdown(self, exit_code: int = 0) -> None:
        """Say that this web leaves, wait until proxies know, and end."""
        if not self.interrupt_children:
            self.leaving_file.touch()
            time.sleep(self.drain_s)
        super().shutdown(exit_code)


def main() -> None:
    """Serve until asked to end."""
    parser = argparse.ArgumentParser(prog="config.http.web_server")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument(
        "--threads", type=int, default=THREADS, help="requests at a time, each process"
    )
    parser.add_argument("--drain", type=float, default=0.0, help="seconds of not being ready")
    parser.add_argument("--kill-after", type=int, default=10, help="seconds for what is under way")
    options = parser.parse_args()
    server = WebServer(
        "config.wsgi:application",
        interface=Interfaces.WSGI,
        address=options.host,
        port=options.port,
        workers=options.processes,
        blocking_threads=options.threads,
        workers_kill_timeout=options.kill_after,
        log_level=LogLevels.warning,
    )
    server.leaving_file, server.drain_s = leaving.name_file(), options.drain
    try:
        server.serve()
    finally:
        shutil.rmtree(server.leaving_file.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
