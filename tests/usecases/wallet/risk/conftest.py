"""Rules, lists and models are read anew for each test of risk."""

from collections.abc import Iterator

import pytest

from wallet.risk.queries.current import forget


@pytest.fixture(autouse=True)
def _read_anew() -> Iterator[None]:
    forget()
    yield
    forget()
