"""Refunds that take shares back in proportion."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from merchants.splits.queries import moved_shares
from tests.factories.accounts import make_user
from tests.factories.settlement import give_back, make_merchant, make_payer, sell
from tests.factories.splits import bind, refund_with, split

pytestmark = pytest.mark.django_db


def test_a_share_in_proportion_is_never_more_than_the_refund() -> None:
    merchant, payer, friend = make_merchant(fee_bps=0), make_payer(), make_user()
    bind(merchant, friend)
    sale = sell(merchant, 100_00, payer=payer)
    sell(merchant, 200_00, payer=payer)
    split(merchant, sale, friend, 60_00)
    give_back(sale, 99_00, merchant=merchant)
    refund_with(merchant, sale, friend, 1_00)
    assert moved_shares(sale.id).get().returned_minor == 1_00


def test_a_refund_reads_its_payment_once_with_its_lock() -> None:
    merchant, payer, friend = make_merchant(fee_bps=0), make_payer(), make_user()
    bind(merchant, friend)
    sale = sell(merchant, 100_00, payer=payer)
    split(merchant, sale, friend, 60_00)
    with CaptureQueriesContext(connection) as statements:
        refund_with(merchant, sale, friend, 1_00)
    reads = [one["sql"] for one in statements if one["sql"].startswith("SELECT")]
    by_key = re.compile(r'"payments_payment"."(id|number|reference)" = ')
    assert len([sql for sql in reads if by_key.search(sql)]) == 1
