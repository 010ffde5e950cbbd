"""docker/web_role.sql: the processes' role pays and refunds, and changes no table."""

import pytest
from django.db import DatabaseError, connection, transaction

from tests.contracts.source import ROOT
from tests.factories.accounts import available_minor, make_user
from tests.factories.payments import Shop, fresh_code, pay

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

SCRIPT = (ROOT / "docker/web_role.sql").read_text(encoding="utf-8")


@pytest.fixture
def web_role() -> None:
    """From here on the connection is the role's, until the test's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(SCRIPT.replace(":'password'", "'a secret'"))
        cursor.execute("SET LOCAL ROLE saoma_web")


def test_the_role_takes_payments(web_role: None) -> None:
    user, shop = make_user(balance_minor=20_00), Shop()
    pay(shop, fresh_code(user), amount_minor=12_00)
    assert available_minor(user) == 8_00


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "ALTER TABLE ledger_entry ADD COLUMN note text",
        "TRUNCATE ledger_entry",
        "DROP TRIGGER saoma_kept_update ON ledger_entry",
        "DROP FUNCTION saoma_refuse_change CASCADE",
        "CREATE TABLE public.mine (id int)",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_changes_no_table(web_role: None, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
    ):
        connection.cursor().execute(statement)
