"""Stores and tills: added once, closed for good, known by the merchant's own numbers."""

import pytest

from config.kernel.ids import uuid7
from merchants.onboarding import queries, rules
from merchants.onboarding.usecases.add_store import CodeTaken, add_store
from merchants.onboarding.usecases.add_till import StoreClosed, add_till
from merchants.onboarding.usecases.close_merchant import close_merchant
from merchants.onboarding.usecases.close_store import close_store
from merchants.onboarding.usecases.close_till import close_till
from tests.factories.merchants import credentials, make_app, make_merchant, make_store, make_till

pytestmark = pytest.mark.django_db


def test_adds_a_store_once() -> None:
    merchant = make_merchant()
    first, again = (make_store(merchant, "NJ1") for _ in range(2))
    assert first.id == again.id


def test_refuses_another_store_with_the_same_number() -> None:
    merchant = make_merchant()
    make_store(merchant, "NJ1")
    with pytest.raises(CodeTaken):
        add_store(merchant_id=merchant.id, code="NJ1", name="elsewhere")


def test_adds_a_till_once() -> None:
    merchant = make_merchant()
    first, again = (make_till(merchant, "T1") for _ in range(2))
    assert (first.id, first.token) == (again.id, again.token)
    assert len(first.token) == 26


def test_refuses_another_till_with_the_same_number() -> None:
    merchant = make_merchant()
    make_till(merchant, "T1")
    with pytest.raises(CodeTaken):
        add_till(store_id=make_store(merchant, "NJ2").id, code="T1")


@pytest.mark.parametrize("code", ["", "收银台", "x" * 33])
def test_refuses_a_number_that_codes_cannot_carry(code: str) -> None:
    with pytest.raises(rules.TextUnprintable):
        add_store(merchant_id=make_merchant().id, code=code, name="Gulou")


def test_closes_a_stores_tills_with_it() -> None:
    merchant = make_merchant()
    till, app = make_till(merchant, "T1"), make_app(merchant)
    for _ in range(2):
        close_store(store_id=till.store_id, owner_id=merchant.owner_id)
    found = credentials(app)
    assert [*found.closed_stores, *found.closed_tills] == ["S1", "T1"]
    with pytest.raises(StoreClosed):
        add_till(store_id=till.store_id, code="T2")


def test_closes_one_till_alone() -> None:
    merchant = make_merchant()
    till, app = make_till(merchant, "T1"), make_app(merchant)
    close_till(till_id=till.id, owner_id=merchant.owner_id)
    found = credentials(app)
    assert [*found.closed_stores, *found.closed_tills] == ["T1"]


def test_closes_nothing_of_somebody_elses() -> None:
    till = make_till(make_merchant())
    with pytest.raises(queries.TillNotFound):
        close_till(till_id=till.id, owner_id=uuid7())
    with pytest.raises(queries.StoreNotFound):
        close_store(store_id=till.store_id, owner_id=uuid7())


def test_adds_nothing_to_a_closed_merchant_or_to_none() -> None:
    merchant = make_merchant()
    close_merchant(merchant_id=merchant.id, actor="operator:mia", reason="gone")
    with pytest.raises(rules.MerchantStateForbids):
        make_store(merchant)
    with pytest.raises(queries.MerchantNotFound):
        add_store(merchant_id=uuid7(), code="S1", name="nowhere")
    with pytest.raises(queries.StoreNotFound):
        add_till(store_id=uuid7(), code="T1")


def test_knows_a_stores_name_by_its_number_and_remembers_it() -> None:
    merchant = make_merchant()
    make_store(merchant, "NJ1")
    assert queries.store_name(merchant.id, "NJ1") == "Gulou"
    assert queries.store_name(merchant.id, "NJ1") == "Gulou"
    assert queries.store_name(merchant.id, "elsewhere") is None


def test_forgets_names_rather_than_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "KEPT_APPS", 1)
    merchant = make_merchant()
    for code in ("NJ1", "NJ2", "NJ1"):
        make_store(merchant, code)
        assert queries.store_name(merchant.id, code) == "Gulou"


def test_adds_no_till_to_a_closed_merchant() -> None:
    merchant = make_merchant()
    store = make_store(merchant)
    close_merchant(merchant_id=merchant.id, actor="operator:mia", reason="gone")
    with pytest.raises(StoreClosed):
        add_till(store_id=store.id, code="T1")
