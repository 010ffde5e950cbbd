"""docker/operations.md is done from its first block to its last, outside lab mode, with nginx."""

import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from lab.mock_merchant.client import Client
from tests.scenarios.installation import (
    BLOCK,
    GUIDE,
    Installation,
    Payer,
    first_merchant,
    installation,
    pay,
)

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.guide,
    pytest.mark.django_db,
    pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="no nginx"),
]
WEBS = ("saoma-web@8001", "saoma-web@8002")
REST = ("saoma-events", "saoma-worker@1", "saoma-worker@2", "saoma-scheduler")
FILES = ("SAOMA_MASTER_KEY", "SAOMA_MASTER_KEY_FALLBACKS", "SAOMA_DERIVATION_KEY")


@contextmanager
def under_load(client: Client, payer: Payer) -> Iterator[list[str]]:
    """Payments one after the other; gives what did not succeed, order by order."""
    failed: list[str] = []
    paid: list[str] = []
    ended = threading.Event()

    def go_on() -> None:
        while not ended.is_set():
            try:
                answer = pay(client, payer, "0.10")
                (paid if answer.succeeded else failed).append(f"{answer.code} {answer.sub_code}")
            except Exception as error:
                failed.append(repr(error))

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        yield failed
    finally:
        ended.set()
        thread.join()
    assert len(paid) > 5


def rotate_master_key(made: Installation) -> None:
    """The guide's three steps, each with a restart of one web after the other."""
    old = made.folder / "secrets/master"
    new = made.folder / "secrets/master2"
    new.write_text(uuid.uuid4().hex * 2, encoding="utf-8")
    steps = ((old, new), (new, old))
    for sealing, fallback in steps:
        lines = [
            line
            for line in (made.folder / "saoma.env").read_text().splitlines()
            if line.split("=")[0].removesuffix("_FILE") not in FILES
        ]
        lines += [
            f"SAOMA_MASTER_KEY_FILE={sealing}",
            f"SAOMA_MASTER_KEY_FALLBACKS_FILE={fallback}",
            f"SAOMA_DERIVATION_KEY_FILE={old}",
        ]
        (made.folder / "saoma.env").write_text("\n".join(lines) + "\n")
        for unit in WEBS:
            made.restart_web(unit)
        for unit in REST[1:]:
            made.stop(unit)
            made.start(unit)
    made.run_block(".venv/bin/python manage.py reseal_secrets")


def check_owns_nothing(made: Installation) -> None:
    """Whoever gets into a web can switch off no trigger."""
    with (
        closing(psycopg.connect(made.environment()["DATABASE_URL"])) as web,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        web.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ALL")


def test_the_guide_brings_an_installation_up_and_keeps_it_going(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    blocks = BLOCK.findall(GUIDE.read_text(encoding="utf-8"))
    secrets, environment, tables, proxy, operators, proofs, backup = blocks
    with installation(tmp_path_factory.mktemp("ops")) as made:
        for block in (secrets, environment, tables):
            made.run_block(block)
        for unit in (*WEBS, *REST):
            made.start(unit)
        for unit in WEBS:
            made.wait_ready(unit.partition("@")[2])
        made.run_block(proxy)
        assert "/admin/set-password/" in made.run_block(operators)

        payer = Payer(made, "+8613800138001")
        payer.verify_and_fill("900.00")
        client = first_merchant(made, Payer(made, "+8613800138000"))
        assert pay(client, payer).succeeded
        check_owns_nothing(made)

        caller = made.session()
        assert caller.get(f"{made.url}/readyz").json() == {"status": "ok"}
        token = (made.folder / "secrets/metrics").read_text()
        figures = caller.get(f"{made.url}/metrics", headers={"Authorization": f"Bearer {token}"})
        assert 'saoma_part_simulated{part="SAOMA_BANK"} 1.0' in figures.text

        with under_load(client, payer) as failed:
            for unit in WEBS:
                made.restart_web(unit)
            rotate_master_key(made)
        assert failed == [], (made.log("nginx-error"), [made.log(unit) for unit in WEBS])
        assert pay(client, payer).succeeded

        made.run_block(proofs)
        made.run_block(backup)
        with pytest.raises(
            AssertionError, match="is not the key that this database was sealed with"
        ):
            made.run_block(
                "export SAOMA_MASTER_KEY=another-key-than-the-right-one SAOMA_MASTER_KEY_FILE=\n"
                "export SAOMA_MASTER_KEY_FALLBACKS_FILE=\n"
                ".venv/bin/python -c 'import config.wsgi'"
            )
