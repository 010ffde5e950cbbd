"""The plan of a month: the same for a seed, and each sale on the day its shop reckons."""

from datetime import date

from lab.month.plan import SHOPS, ActKind, day_of, plan_month
from wallet.business_days import business_date


def test_a_seed_plans_the_same_month_and_another_one_another() -> None:
    plans = [plan_month(payments=50, seed=seed, payers=5) for seed in (1, 1, 2)]
    assert plans[0] == plans[1] != plans[2]
    assert {act.kind for act in plans[0].acts} >= {ActKind.REFUND, ActKind.SPLIT, ActKind.DISPUTE}


def test_the_product_and_the_clock_on_the_wall_agree_on_each_sales_day() -> None:
    plan = plan_month(payments=4000, seed=5, first=date(2026, 10, 24), days=9, payers=5)
    for sale in plan.sales:
        shop = SHOPS[sale.shop]
        on = business_date(sale.at, zone=shop.zone, cutoff_hour=shop.cutoff_hour)
        assert day_of(sale.shop, sale.at) == on


def test_no_act_is_left_over_when_the_month_has_stopped_for_the_last_time() -> None:
    plan = plan_month(payments=400, seed=3, payers=5)
    assert plan.acts[-1].at < plan.stops[-1]
    assert plan.sales[-1].at < plan.stops[-1]
