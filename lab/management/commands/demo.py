"""`manage.py demo`: the whole world on one laptop, with one command and one Ctrl-C."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.settings.storage import sqlite_has_wal_race
from lab import processes, recordings
from lab.check import first_scan_pays
from lab.scenarios import scratch
from lab.seed import seed_world, welcome
from lab.stage_lock import alone_on_stage
from lab.supervisor import Supervisor
from lab.usecases import reset_world


class Command(BaseCommand):
    """Sets up the database, seeds it, starts broker, web, worker and scheduler, and waits."""

    help = "Run the demo: broker, web, worker and scheduler under one supervisor."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to listen and --check."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--check", action="store_true", help="start, let one scan pay, stop; exit 0 if it did"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until Ctrl-C."""
        host, port = options["host"], options["port"]
        if not processes.port_is_free(host, port):
            raise CommandError(f"port {port} is taken; choose another: make demo PORT=8080")
        run = settings.DATA_DIR / "run"
        logs = settings.DATA_DIR / "logs"
        for folder in (run, logs, settings.STATIC_ROOT):
            folder.mkdir(parents=True, exist_ok=True)
        run.chmod(0o700)
        supervisor = Supervisor(say=self._say)
        supervisor.catch_signals()
        try:
            self._start(supervisor, logs, host, port)
            if options["check"]:
                self._say(json.dumps(first_scan_pays(_address(host, port))))
            else:
                self._welcome(_address(host, port))
                supervisor.watch()
        except TimeoutError as error:
            raise CommandError(f"{error}; the logs are in {logs}") from error
        finally:
            self._say("stopping")
            supervisor.stop()
            (run / "redis_url").unlink(missing_ok=True)
            (run / "public_url").unlink(missing_ok=True)

    def _start(self, supervisor: Supervisor, logs: Path, host: str, port: int) -> None:
        address = _address(host, port)
        settings.OUTBOX_KICK = False
        settings.PUBLIC_URL = address
        self._say("database: " + self._database_name())
        with alone_on_stage():
            env = self._prepare(supervisor, logs, host, port, address)
        processes.start_workers(supervisor, logs, env)
        processes.wait_for("the web server", lambda: processes.web_is_ready(address), seconds=60)

    def _prepare(
        self, supervisor: Supervisor, logs: Path, host: str, port: int, address: str
    ) -> dict[str, str]:
        """Make schema and people; gives the environment of the demo's processes."""
        call_command("migrate", verbosity=0)
        scratch.lend_empty(settings.DATA_DIR / recordings.WORLD)
        redis_url = settings.REDIS_URL or processes.start_broker(supervisor, logs)
        if redis_url:
            (settings.DATA_DIR / "run" / "redis_url").write_text(redis_url, encoding="utf-8")
        (settings.DATA_DIR / "run" / "public_url").write_text(address, encoding="utf-8")
        env = processes.environment(redis_url) | {"SAOMA_PUBLIC_URL": address}
        processes.start_web(supervisor, logs, env, host, port)
        seed_world()
        reset_world.keep_first()
        return env

    def _database_name(self) -> str:
        database = settings.DATABASES["default"]
        if not database["ENGINE"].endswith("sqlite3"):
            return f"PostgreSQL {database['NAME']}"
        if sqlite_has_wal_race():
            self._say(
                "note: this SQLite has a known, rare write-ahead-log race (fixed in 3.51.3); "
                "fine for a demo, use PostgreSQL for anything you keep"
            )
        return f"SQLite {database['NAME']}"

    def _welcome(self, address: str) -> None:
        for line in welcome(address):
            self._say(line)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _address(host: str, port: int) -> str:
    hostname = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104
    return f"http://{hostname}:{port}"
