"""Mutated requests: never a 500, never unsigned where a signature is due, books clean.

A small run of what `make fuzz` sends 100,000 of. Requests go through the whole WSGI
application, which opens and closes connections as it likes: no test's transaction is around.
"""

import os

import pytest

from merchants.gateway.dispatcher import METHODS
from tests.factories.accounts import make_user
from tests.gateway import fuzz
from tests.gateway.world import make_shop

REQUESTS = int(os.environ.get("SAOMA_FUZZ_REQUESTS", "400"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_mutated_requests_are_answered_in_the_protocols_words() -> None:
    findings = fuzz.run(REQUESTS, fuzz.SEED)
    assert findings.wrong == []
    assert findings.codes.total() == REQUESTS


@pytest.mark.django_db(transaction=True)
def test_every_method_is_reached() -> None:
    source = fuzz.maker(make_shop(), make_user(), make_shop("Noodle Bar"), 3)
    asked = {source.next().method for _ in range(40 * len(METHODS))}
    assert set(METHODS) <= asked
