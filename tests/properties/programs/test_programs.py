"""Operations of all kinds, one after another in any order, agree with the model.

`make random` runs as many of them as there is time for; here are a few of each kind, and
breaches of the invariants that the very next step must see.
"""

import random
from collections.abc import Callable

import pytest
from django.db import connection
from django.db.models import F

from config.kernel import clock, transactions
from tests.factories.accounts import make_user
from tests.properties.programs.acts import step
from tests.properties.programs.books import Violation
from tests.properties.programs.program import Program
from tests.properties.programs.world import World, as_outermost, wallet_code
from wallet.accounts.models import WalletUser
from wallet.funding.models import CreditLine
from wallet.ledger.models import Account, Entry
from wallet.ledger.queries import account_id
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, credit, debit
from wallet.payments.models import Payment, PaymentCode

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STEPS = 120


def test_a_random_program_of_all_primitives_agrees_with_the_model() -> None:
    with as_outermost():
        program = Program(random.Random(1))
        for _ in range(STEPS):
            step(program)
        program.world.prove()


def _post(source: str, target: str, amount_minor: int = 1) -> None:
    """Money moved behind the model's back, in a journal that balances."""
    lines = (
        debit(account_id(source), amount_minor, "CNY"),
        credit(account_id(target), amount_minor, "CNY"),
    )
    now = clock.now()
    today = clock.house_day(now)
    post_journal(Draft(key="x", kind="x", lines=lines, posted_at=now, business_date=today))


def _lift_triggers() -> None:
    """Take away what keeps entries as they are."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        else:
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
                [Entry._meta.db_table],
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


def _add_entry(_: World) -> None:
    _lift_triggers()
    row = Entry.objects.order_by("id").first()
    assert row is not None
    row.id = None
    row.save(force_insert=True)


def _promise(world: World) -> None:
    """More than the house has brought for its coupons."""
    open_system_account("expense:promo")
    _post("expense:promo", wallet_code(world.people[1]), 100_000_000)


def _raise_posted(world: World) -> None:
    Account.objects.filter(code=wallet_code(world.people[2])).update(
        posted_minor=F("posted_minor") + 1
    )


def _raise_hold(world: World) -> None:
    Account.objects.filter(code=wallet_code(world.people[2])).update(held_minor=F("held_minor") + 1)


def _raise_refunded(_: World) -> None:
    row = Payment.objects.filter(paid_at__isnull=False, refunded_minor=0).first()
    assert row is not None
    Payment.objects.filter(id=row.id).update(refunded_minor=1)


def _rewrite_entries(_: World) -> None:
    """Two entries of one journal made larger: it balances as before, and the triggers are gone."""
    _lift_triggers()
    row = Entry.objects.order_by("id").first()
    assert row is not None
    Entry.objects.filter(journal_id=row.journal_id).update(amount_minor=F("amount_minor") + 1)


def _reissue_code(_: World) -> None:
    row = Payment.objects.filter(code_id__isnull=False).first()
    assert row is not None
    assert row.code_id is not None
    PaymentCode.objects.filter(id=row.code_id).update(state="ISSUED")


def _raise_debt(world: World) -> None:
    CreditLine.objects.filter(user_id=world.savers[0].id).update(owed_minor=F("owed_minor") + 1)


def _steal(world: World) -> None:
    _post(wallet_code(world.people[1]), wallet_code(world.people[2]))


@pytest.mark.parametrize(
    ("breach", "words"),
    [
        (_add_entry, "I1 and I2"),
        (_promise, "I3"),
        (_raise_posted, "its entries at"),
        (_raise_hold, "held 2"),
        (_raise_refunded, "I5"),
        (_rewrite_entries, "I6"),
        (_reissue_code, "I7"),
        (_raise_debt, "the lender's book"),
        (_steal, "wallet 1.*wallet 2"),
    ],
)
def test_a_breach_is_seen_at_the_very_step(breach: Callable[[World], None], words: str) -> None:
    with as_outermost():
        program = Program(random.Random(4))
        while not Payment.objects.filter(code_id__isnull=False, refunded_minor=0).exists():
            step(program)
        breach(program.world)
        with pytest.raises(Violation, match=words):
            step(program)


def test_what_a_use_case_refuses_it_undoes_in_the_middle_of_a_world() -> None:
    @transactions.atomic_retry
    def refuse() -> None:
        make_user()
        raise InsufficientFunds

    with as_outermost(), pytest.raises(InsufficientFunds):
        refuse()
    assert not WalletUser.objects.exists()
