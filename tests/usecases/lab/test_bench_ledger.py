"""The ledger's bench measures what it says, on a small scale."""

import pytest

from lab.bench import ledger
from wallet.ledger.usecases.verify_ledger import verify_ledger

KEYS = {
    f"{way}_{spread}" for way in ("pgbench", "single", "batch") for spread in ("uniform", "hot")
}


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_all_six_figures_are_measured_and_the_books_stay_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "PAYERS", 50)
    monkeypatch.setattr(ledger, "PAYEES", 10)
    monkeypatch.setattr(ledger, "WARM_UP_S", 0.1)
    figures = ledger.run(clients=2, seconds=1)
    assert set(figures) == KEYS
    assert min(figures.values()) > 0
    assert verify_ledger().passed
