"""Forty days of savings and pay-later, each figure of each day to the fen.

Li pays 100.00 out of all sources and gets 60.00 back in reverse order. Mei owes the lender
45.00 and does nothing. Wang saves 10,020.00 at two per cent a year. The first day is the second
of a month of 31, so that Mei's bill is issued on day 30 and overdue on day 40.
"""

import uuid
from calendar import monthrange
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from tests.factories.accounts import available_minor, fund
from tests.factories.clock import advance
from tests.factories.funding import make_saver, owed_minor
from tests.factories.settlement import give_back, make_merchant, sell
from tests.properties.programs.books import Books
from wallet.funding import queries
from wallet.funding.models import Bill, CreditLine, FundingUse
from wallet.funding.usecases.repay_debt import repay_debt
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SHANGHAI = ZoneInfo("Asia/Shanghai")
# After the night before this day's noon: Wang's savings, what rounding left, the fund's worth.
# A day's yield is 2/36,500: 54 fen, and 55 from 10,037.50 on; the pool's is 55 throughout.
NIGHTS = (
    (1, 10_020_54, 1, 10_060_55),
    (2, 10_021_08, 2, 10_061_10),
    (3, 10_021_62, 3, 10_061_65),
    (4, 10_022_16, 4, 10_062_20),
    (5, 10_022_70, 5, 10_062_75),
    (6, 10_023_24, 6, 10_063_30),
    (7, 10_023_78, 7, 10_063_85),
    (8, 10_024_32, 8, 10_064_40),
    (9, 10_024_86, 9, 10_064_95),
    (10, 10_025_40, 10, 10_065_50),
    (11, 10_025_94, 11, 10_066_05),
    (12, 10_026_48, 12, 10_066_60),
    (13, 10_027_02, 13, 10_067_15),
    (14, 10_027_56, 14, 10_067_70),
    (15, 10_028_10, 15, 10_068_25),
    (16, 10_028_64, 16, 10_068_80),
    (17, 10_029_18, 17, 10_069_35),
    (18, 10_029_72, 18, 10_069_90),
    (19, 10_030_26, 19, 10_070_45),
    (20, 10_030_80, 20, 10_071_00),
    (21, 10_031_34, 21, 10_071_55),
    (22, 10_031_88, 22, 10_072_10),
    (23, 10_032_42, 23, 10_072_65),
    (24, 10_032_96, 24, 10_073_20),
    (25, 10_033_50, 25, 10_073_75),
    (26, 10_034_04, 26, 10_074_30),
    (27, 10_034_58, 27, 10_074_85),
    (28, 10_035_12, 28, 10_075_40),
    (29, 10_035_66, 29, 10_075_95),
    (30, 10_036_20, 30, 10_076_50),
    (31, 10_036_74, 31, 10_077_05),
    (32, 10_037_28, 32, 10_077_60),
    (33, 10_037_82, 33, 10_078_15),
    (34, 10_038_37, 33, 10_078_70),
    (35, 10_038_92, 33, 10_079_25),
    (36, 10_039_47, 33, 10_079_80),
    (37, 10_040_02, 33, 10_080_35),
    (38, 10_040_57, 33, 10_080_90),
    (39, 10_041_12, 33, 10_081_45),
    (40, 10_041_67, 33, 10_082_00),
    (41, 10_042_22, 33, 10_082_55),
    (42, 10_042_77, 33, 10_083_10),
)


def second_of_a_long_month() -> None:
    """Move the clock to noon on the next second of a month with 31 days."""
    day = (clock.now().astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=12, minute=0)
    while day.day != 2 or monthrange(day.year, day.month)[1] != 31:
        day += timedelta(days=1)
    target = datetime(day.year, day.month, 2, 12, tzinfo=SHANGHAI)
    advance(seconds=(target - clock.now()).total_seconds())


class Town:
    """Who takes part, and what their books said at each noon."""

    def __init__(self) -> None:
        second_of_a_long_month()
        self.shop = make_merchant()
        self.li = make_saver(balance_minor=30_00, saved_minor=50_00)
        self.mei = make_saver(balance_minor=10_00)
        self.wang = make_saver(balance_minor=0, saved_minor=10_020_00, line=False)
        self.books = Books()

    def sources(self, payment_id: uuid.UUID) -> list[tuple[str, int]]:
        """What each source gave to a payment and has not got back."""
        uses = FundingUse.objects.filter(payment_id=payment_id).order_by("position")
        return [(use.source, use.amount_minor - use.returned_minor) for use in uses]

    def saved(self) -> tuple[int, int, int, int]:
        """Savings of Li and of Wang, what rounding left, the fund's worth."""
        posted = self.books.posted
        li, wang = (posted(f"user:{user.id}:savings") for user in (self.li, self.wang))
        return li, wang, posted("savings:rounding"), posted("asset:mmf")

    def lent(self) -> tuple[int, int, int]:
        """What the lender is to bring, is to get, and what the bank holds."""
        codes = ("asset:due_from_lender", "lender:due", "asset:custodian_bank")
        first, second, third = (self.books.posted(code) for code in codes)
        return first, second, third

    def debt(self) -> tuple[str, int, int, str, int]:
        """Mei's bill, its fee, her line, and what she owes in all."""
        bill = Bill.objects.get(line_id=self.mei.id)
        line = CreditLine.objects.get(user_id=self.mei.id)
        return bill.state, bill.amount_minor, bill.fee_minor, line.state, line.owed_minor

    def prove(self) -> None:
        """I1 to I7 over what was written since, and the ledger's own proof of all of it."""
        self.books.read()
        assert verify_ledger().passed


def debt_of(day: int) -> tuple[str, int, int, str, int]:
    """What Mei owes by a day's noon if she does nothing."""
    if day < 30:
        return "OPEN", 45_00, 0, "ACTIVE", 45_00
    if day < 40:
        return "BILLED", 45_00, 0, "ACTIVE", 45_00
    return "OVERDUE", 45_00, 5_00, "FROZEN", 50_00


def test_each_figure_of_forty_days_of_savings_and_pay_later() -> None:
    town = Town()
    li, mei = town.li, town.mei
    sale = sell(town.shop, 100_00, payer=li)
    assert town.sources(sale.id) == [("BALANCE", 30_00), ("SAVINGS", 50_00), ("CREDIT", 20_00)]
    assert (available_minor(li), queries.savings_minor(li.id), owed_minor(li)) == (0, 0, 20_00)
    give_back(sale, 60_00, merchant=town.shop)
    assert town.sources(sale.id) == [("BALANCE", 30_00), ("SAVINGS", 10_00), ("CREDIT", 0)]
    assert (available_minor(li), queries.savings_minor(li.id), owed_minor(li)) == (0, 40_00, 0)
    sell(town.shop, 55_00, payer=mei)
    town.prove()
    assert town.saved() == (40_00, 10_020_00, 0, 0)
    assert town.lent() == (65_00, 20_00, 10_110_00)
    assert town.debt() == debt_of(0)
    for day, wang_minor, rest_minor, fund_minor in NIGHTS[:41]:
        advance(days=1)
        town.prove()
        assert town.saved() == (40_00, wang_minor, rest_minor, fund_minor), day
        # The shop has its 94.43 by the first noon; 0.57 of fees is ours and stays with the bank.
        assert town.lent() == (0, 0, 57), day
        assert town.debt() == debt_of(day), day
        assert [available_minor(user) for user in (li, mei, town.wang)] == [0, 0, 0], day
        assert owed_minor(li) == 0, day
    fund(mei, 60_00)
    repay_debt(user_id=mei.id, key="all", amount_minor=50_00)
    town.prove()
    assert (available_minor(mei), town.lent()) == (10_00, (0, 50_00, 60_57))
    assert town.debt() == ("PAID", 45_00, 5_00, "ACTIVE", 0)
    advance(days=1)
    town.prove()
    _, wang_minor, rest_minor, fund_minor = NIGHTS[41]
    assert town.saved() == (40_00, wang_minor, rest_minor, fund_minor)
    assert (available_minor(mei), town.lent()) == (10_00, (0, 0, 10_57))
