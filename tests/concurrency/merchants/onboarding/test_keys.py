"""Keys and approvals under several hands: one active key, one set of accounts."""

from functools import partial

import pytest

from merchants.onboarding.models import AppKey, GatewayKey, Till
from merchants.onboarding.usecases.add_till import add_till
from merchants.onboarding.usecases.approve_merchant import approve_merchant
from merchants.onboarding.usecases.ensure_gateway_key import ensure_gateway_key
from merchants.onboarding.usecases.rotate_key import rotate_key
from tests.factories.merchants import key_pair, make_app, make_merchant, make_store
from tests.factories.threads import at_once, outcomes_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_leaves_one_active_key_when_several_rotate() -> None:
    app = make_app(make_merchant())
    calls = [
        partial(rotate_key, app_number=app.app_number, public_key=key_pair(number).public_pem)
        for number in (1, 2, 1, 2)
    ]
    outcomes_at_once(calls)
    assert AppKey.objects.filter(app=app, state="ACTIVE").count() == 1


def test_makes_one_gateway_key() -> None:
    results = at_once([ensure_gateway_key] * 4)
    assert GatewayKey.objects.count() == 1
    assert {type(result) for result in results} == {GatewayKey}


def test_opens_the_books_once() -> None:
    merchant = make_merchant(approved=False)
    approve = partial(approve_merchant, merchant_id=merchant.id, requested_by="a", approved_by="b")
    results = at_once([approve] * 4)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len({result.pending_account_id for result in results}) == 1


def test_adds_one_till() -> None:
    store = make_store(make_merchant())
    results = at_once([partial(add_till, store_id=store.id, code="T1")] * 4)
    assert Till.objects.count() == 1
    assert not [result for result in results if isinstance(result, Exception)]
