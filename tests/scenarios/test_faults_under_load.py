"""An installation of docker/operations.md, broken part by part while it is paid with.

Every payment that was acknowledged is found once in the books, and every one is settled.
The table of acknowledged and found is printed (`pytest -m guide -s`).
"""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import requests

from lab.chaos.servers import USER, Disk, start_postgres, start_redis
from lab.chaos.stage import Stage
from lab.mock_merchant.client import Client, NoAnswer
from tests.scenarios.installation import (
    BLOCK,
    GUIDE,
    PATIENCE_S,
    Installation,
    Payer,
    first_merchant,
    free_port,
    listens,
)
from tests.scenarios.processes import kill_group

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.guide,
    pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="no nginx"),
    pytest.mark.skipif(
        shutil.which("rabbitmqctl") is None or not listens(5672), reason="no RabbitMQ to command"
    ),
]
WEBS = ("saoma-web@8001", "saoma-web@8002")
REST = ("saoma-events", "saoma-worker@1", "saoma-worker@2", "saoma-scheduler")
AWAY_S = 5.0
AMOUNT = "0.10"


@dataclass
class Broken:
    """An installation with servers of its own, which can be stopped and filled."""

    made: Installation
    stage: Stage
    disk: Disk
    vhost: str

    def stop_database(self) -> None:
        """Fast shutdown: connections are ended, nothing is waited for."""
        process = self.stage.actors["database"].process
        assert process is not None
        os.kill(process.pid, signal.SIGINT)
        process.wait(timeout=60)
        time.sleep(AWAY_S)
        self.stage.actors["database"].start()

    def flush_redis(self) -> None:
        """Redis forgets everything at the moment in which a worker is killed."""
        kill_group(self.made.running.pop("saoma-worker@1"))
        subprocess.run(["redis-cli", "-u", self.made.redis, "FLUSHALL"], check=True)
        time.sleep(AWAY_S)
        self.made.start("saoma-worker@1")

    def purge_broker(self) -> None:
        """RabbitMQ loses every message it has, again and again."""
        end = time.monotonic() + AWAY_S
        while time.monotonic() < end:
            for queue in ("effects", "due"):
                rabbit("-p", self.vhost, "purge_queue", queue)

    def fill_disk(self) -> None:
        """No block is free; webs say that they are not ready, and are once there is room."""
        self.disk.fill()
        end = time.monotonic() + PATIENCE_S
        while self.made.readiness("8001") != 503:
            assert time.monotonic() < end, "ready on a full disk"
            time.sleep(0.1)
        time.sleep(AWAY_S)
        self.disk.free()
        actor = self.stage.actors["database"]
        if not actor.is_up():
            actor.start()

    def restart_webs(self) -> None:
        """One after the other, as in an upgrade."""
        for unit in WEBS:
            self.made.restart_web(unit)

    def dump_and_restore(self) -> None:
        """The copy holds what had been acknowledged before, and its books are proved."""
        before = self.paid()
        copy = f"{self.made.folder}/copy.dump"
        self.made.run_block(
            f'pg_dump --format custom --file {copy} "{self.made.database}"\n'
            f'createdb --maintenance-db "{self.made.database}" restored\n'
            f'pg_restore --dbname "{self.restored}" {copy}\n'
            f'DATABASE_URL="{self.restored}" .venv/bin/python manage.py verify_ledger'
        )
        assert before <= self.paid(self.restored)

    @property
    def restored(self) -> str:
        """Where the restored copy is."""
        return f"{self.made.database.rpartition('/')[0]}/restored"

    def migrate_back_and_forward(self) -> None:
        """The newest steps of payments and notifications, while old and new processes run."""
        self.made.run_block(
            f'export DATABASE_URL="{self.made.database}"\n'
            ".venv/bin/python manage.py migrate --verbosity 0 payments 0002\n"
            ".venv/bin/python manage.py migrate --verbosity 0 gateway 0001\n"
            ".venv/bin/python manage.py migrate --verbosity 0"
        )

    def paid(self, database: str = "") -> set[str]:
        """Orders of the load that are paid, each with one journal."""
        query = (
            "SELECT p.reference FROM payments_payment p JOIN ledger_journal j"
            " ON j.reference = p.number AND j.kind = 'payment'"
            " WHERE p.paid_at IS NOT NULL AND p.reference LIKE 'OPS%'"
        )
        with closing(psycopg.connect(database or self.made.database)) as connection:
            rows = [row[0] for row in connection.execute(query).fetchall()]
        assert len(rows) == len(set(rows))
        return set(rows)

    def wait_effects(self) -> None:
        """Wait until every consumer has had every event."""
        query = "SELECT count(*) FROM outbox_outboxevent WHERE done_at IS NULL"
        end = time.monotonic() + PATIENCE_S
        while True:
            with closing(psycopg.connect(self.made.database)) as connection:
                [waiting] = connection.execute(query).fetchone() or [0]
            if not waiting:
                return
            assert time.monotonic() < end, (waiting, self.made.log("saoma-worker@1"))
            time.sleep(0.5)


def rabbit(*words: str) -> None:
    """One command to the broker."""
    subprocess.run(["rabbitmqctl", "--quiet", *words], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def breakable() -> Iterator[Broken]:
    """Servers and an empty installation; everything is ended and removed afterwards."""
    # Not in pytest's own folders, which PostgreSQL's user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="saoma-faults-"))
    folder.chmod(0o755)
    database, redis, vhost = free_port(), free_port(), f"saoma_{uuid.uuid4().hex[:8]}"
    disk = Disk(folder / "disk")
    stage = Stage(folder, os.environ, 0, ())
    made = Installation(
        folder / "srv",
        f"postgres://{USER}@127.0.0.1:{database}/{USER}",
        f"redis://127.0.0.1:{redis}/0",
        broker=f"amqp://guest:guest@127.0.0.1:5672/{vhost}",
    )
    rabbit("add_vhost", vhost)
    try:
        if not disk.is_small:
            pytest.skip("no small file system can be mounted here")
        rabbit("set_permissions", "-p", vhost, "guest", ".*", ".*", ".*")
        start_postgres(stage, disk, database)
        start_redis(stage, redis)
        yield Broken(made, stage, disk, vhost)
    finally:
        made.close()
        stage.stop()
        disk.close()
        rabbit("delete_vhost", vhost)
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Load:
    """Payments one after the other; each is asked for until there is an answer."""

    client: Client
    payer: Payer
    acknowledged: set[str] = field(default_factory=set)
    asked_again: int = 0
    refused: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.ended.is_set():
            self._pay(f"OPS{uuid.uuid4().hex[:20]}")

    def _pay(self, order: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                if self.client.query(out_trade_no=order).succeeded:
                    self.acknowledged.add(order)
                    return
                code = self.payer.code()
                answer = self.client.pay(
                    out_trade_no=order, amount=AMOUNT, subject="baozi", auth_code=code
                )
                if answer.succeeded:
                    self.acknowledged.add(order)
                    return
                if answer.code == "40004":
                    self.refused.append(f"{answer.code} {answer.sub_code}")
                    return
            except (NoAnswer, requests.RequestException, AssertionError):
                time.sleep(0.1)
            self.asked_again += 1
        self.refused.append(f"{order} had no answer")


def suffer(load: Load, fault: Callable[[], None], ready: Callable[[], None]) -> str:
    """Pay from two seconds before a fault to two after; gives a line of the table."""
    before, again = len(load.acknowledged), load.asked_again
    thread = threading.Thread(target=load.run)
    load.ended.clear()
    thread.start()
    began = time.monotonic()
    try:
        time.sleep(2)
        fault()
        ready()
        time.sleep(2)
    finally:
        load.ended.set()
        thread.join()
    assert load.refused == []
    count = len(load.acknowledged) - before
    assert count > 5
    return f"{count:>13}{load.asked_again - again:>13}{time.monotonic() - began:>8.1f}"


def test_every_fault_leaves_what_was_acknowledged() -> None:
    secrets, environment, tables, proxy, operators, *_ = BLOCK.findall(
        GUIDE.read_text(encoding="utf-8")
    )
    with breakable() as broken:
        made = broken.made
        for block in (secrets, environment, tables):
            made.run_block(block)
        for unit in (*WEBS, *REST):
            made.start(unit)

        def ready() -> None:
            for unit in WEBS:
                made.wait_ready(unit.partition("@")[2])

        ready()
        made.run_block(proxy)
        made.run_block(operators)
        payer = Payer(made, "+8613800138001")
        payer.verify_and_fill("900.00")
        load = Load(first_merchant(made, Payer(made, "+8613800138000")), payer)
        print(f"\n{'fault':<26}{'acknowledged':>13}{'asked again':>13}{'s':>8}{'found':>8}")
        for fault in (
            broken.restart_webs,
            broken.stop_database,
            broken.flush_redis,
            broken.purge_broker,
            broken.fill_disk,
            broken.dump_and_restore,
            broken.migrate_back_and_forward,
        ):
            before = broken.paid()
            line = suffer(load, fault, ready)
            paid = broken.paid()
            print(f"{fault.__name__:<26}{line}{len(paid - before):>8}", flush=True)
            assert load.acknowledged == paid
        broken.wait_effects()
        made.run_block(".venv/bin/python manage.py verify_ledger")
