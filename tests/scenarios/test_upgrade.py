"""Processes of two versions on one database, as during an upgrade.

No payment fails and no event is lost.

The older version is a commit of this repository (`SAOMA_PREVIOUS`, else the one before this)
without one consumer of `payment.paid`: to it, that consumer is the newer version's.
"""

import os
import re
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.contracts.source import ROOT
from tests.scenarios.installation import (
    BLOCK,
    GUIDE,
    PATIENCE_S,
    Installation,
    Payer,
    first_merchant,
    installation,
    pay,
)

PREVIOUS = os.environ.get("SAOMA_PREVIOUS", "HEAD~1")
NEWER = re.compile(r'@subscribe\w*\("payment.paid", name="risk.score_payment"\)\n')
WEB, WORKER = "saoma-web@8001", "saoma-worker@1"


def has_previous() -> bool:
    """Whether the older version can be had here."""
    found = subprocess.run(
        ["git", "cat-file", "-e", f"{PREVIOUS}^{{commit}}"], cwd=ROOT, check=False
    )
    return found.returncode == 0


pytestmark = [
    pytest.mark.postgres,
    pytest.mark.guide,
    pytest.mark.django_db,
    pytest.mark.skipif(not has_previous(), reason=f"no commit {PREVIOUS} here"),
]


def older_version(folder: Path) -> Path:
    """The older version's tree, in this one's environment."""
    archive = subprocess.run(
        ["git", "archive", PREVIOUS], cwd=ROOT, check=True, capture_output=True
    ).stdout
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive, check=True)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    tasks = folder / "wallet/risk/tasks.py"
    text = tasks.read_text(encoding="utf-8")
    assert NEWER.search(text)
    tasks.write_text(NEWER.sub("", text), encoding="utf-8")
    return folder


def effects(made: Installation) -> Counter[str]:
    """How many events of payments each consumer has had, and how many events are open."""
    query = (
        "SELECT i.consumer FROM outbox_inboxentry i JOIN outbox_outboxevent e ON e.id = i.event_id"
        " WHERE e.topic = 'payment.paid' UNION ALL"
        " SELECT 'open' FROM outbox_outboxevent WHERE topic = 'payment.paid' AND done_at IS NULL"
    )
    with closing(psycopg.connect(made.database)) as database:
        return Counter(row[0] for row in database.execute(query).fetchall())


def wait_for(made: Installation, **counts: int) -> None:
    """Wait until these consumers have had so many events."""
    end = time.monotonic() + PATIENCE_S
    expected = {name.replace("__", "."): count for name, count in counts.items()}
    while {name: effects(made)[name] for name in expected} != expected:
        assert time.monotonic() < end, (effects(made), made.log(WORKER))
        time.sleep(0.3)


def test_workers_and_webs_of_two_versions_lose_nothing(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    secrets, environment, tables, proxy, operators, *_ = BLOCK.findall(
        GUIDE.read_text(encoding="utf-8")
    )
    folder = tmp_path_factory.mktemp("upgrade")
    older = older_version(folder / "older")
    with installation(folder / "srv") as made:
        for block in (secrets, environment, tables):
            made.run_block(block)
        made.start(WEB)
        made.start(WORKER, code=older)
        made.start("saoma-scheduler", code=older)
        made.wait_ready("8001")
        made.run_block(proxy)
        made.run_block(operators)
        payer = Payer(made, "+8613800138001")
        payer.verify_and_fill("100.00")
        client = first_merchant(made, Payer(made, "+8613800138000"))

        # The newer web beside the older worker: what is the newer version's stays open.
        assert all(pay(client, payer, "1.00").succeeded for _ in range(5))
        wait_for(made, settlement__open_batch=5, risk__score_payment=0, open=5)

        # The older web beside the newer worker: it pays on the wider schema.
        made.stop(WORKER)
        made.start(WORKER)
        made.restart_web(WEB, code=older)
        assert all(pay(client, payer, "1.00").succeeded for _ in range(5))
        wait_for(made, settlement__open_batch=10, risk__score_payment=10, open=0)
