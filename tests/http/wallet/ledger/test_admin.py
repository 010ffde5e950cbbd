"""The ledger in the operators' panel: everything can be looked at, nothing changed."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from config.kernel import clock
from tests.factories.ledger import NOON, fund, funded_wallet, move, open_shop
from tests.factories.operators import make_operator
from wallet.ledger.models import Entry, Journal
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.usecases.take_checkpoints import take_checkpoints
from wallet.ledger.usecases.verify_ledger import prove_ledger

pytestmark = pytest.mark.django_db
MODELS = ["account", "journal", "entry", "hold", "checkpoint", "proof"]


@pytest.fixture
def superuser(client: Client) -> Client:
    client.force_login(make_operator("root", superuser=True))
    return client


@pytest.fixture
def journal() -> Journal:
    """Books with something of each kind in them; returns Alice's payment."""
    alice, shop = funded_wallet("alice", 100_00), open_shop()
    journal_id = post_journal(move(alice, shop, 12_34, key="pay-1"))
    fund(shop, 1_00)
    place_hold(key="h", account_id=alice, amount_minor=5_00, expires_at=clock.now())
    take_checkpoints(now=NOON + timedelta(days=2))
    prove_ledger()
    return Journal.objects.get(id=journal_id)


@pytest.mark.parametrize("model", MODELS)
def test_lists_each_kind(superuser: Client, journal: Journal, model: str) -> None:
    answer = superuser.get(reverse(f"admin:ledger_{model}_changelist"))
    assert answer.status_code == 200


def test_shows_a_journal_with_its_entries(superuser: Client, journal: Journal) -> None:
    answer = superuser.get(reverse("admin:ledger_journal_change", args=[journal.id]))
    page = answer.content.decode()
    assert "user:alice:available" in page
    assert "merchant:bakery:pending" in page
    assert "12.34" in page
    assert 'name="_save"' not in page


@pytest.mark.parametrize(("term", "found"), [("pay-1", 1), ("order-1", 3), ("pay", 0), ("", 3)])
def test_finds_journals_by_key_or_reference(
    superuser: Client, journal: Journal, term: str, found: int
) -> None:
    answer = superuser.get(reverse("admin:ledger_journal_changelist"), {"q": term})
    assert answer.context["cl"].result_count == found


@pytest.mark.parametrize("model", MODELS)
def test_nothing_can_be_added_even_by_a_superuser(superuser: Client, model: str) -> None:
    assert superuser.get(reverse(f"admin:ledger_{model}_add")).status_code == 403


def test_nothing_can_be_changed_or_deleted_even_by_a_superuser(
    superuser: Client, journal: Journal
) -> None:
    entry = Entry.objects.filter(journal=journal).first()
    assert entry is not None
    for model, key in (("journal", journal.id), ("entry", entry.id)):
        change = reverse(f"admin:ledger_{model}_change", args=[key])
        delete = reverse(f"admin:ledger_{model}_delete", args=[key])
        assert superuser.post(change, {"narrative": "x"}).status_code == 403
        assert superuser.post(delete, {"post": "yes"}).status_code == 403
    assert Journal.objects.get(id=journal.id).narrative == ""


def test_an_unknown_journal_leads_back_to_the_list(superuser: Client) -> None:
    answer = superuser.get(reverse("admin:ledger_journal_change", args=[uuid.uuid4()]))
    assert answer.status_code == 302
