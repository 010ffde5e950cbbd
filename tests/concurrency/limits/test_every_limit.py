"""Every limit of the product, against callers at one moment, on either database."""

from collections.abc import Iterable

import pytest
from pytest_django.fixtures import Settings

from config.kernel.limits.rules import table
from config.kernel.limits.values import Limit, Period
from tests.concurrency.limits import races_merchants, races_people, races_wallet
from tests.concurrency.limits.race import RACES
from tests.factories.threads import outcomes_at_once
from wallet.ledger.usecases.verify_ledger import verify_ledger

WITH_RACES = (races_wallet, races_people, races_merchants)


def without_race(limits: Iterable[Limit]) -> list[str]:
    """Limits that count something and have no race."""
    counted = [limit.name for limit in limits if limit.period is not Period.EACH]
    return sorted(set(counted) - RACES.keys())


def test_no_limit_is_without_its_race() -> None:
    assert without_race(table().values()) == []
    assert sorted(RACES.keys() - table().keys()) == []


def test_a_limit_added_without_a_race_is_found() -> None:
    added = Limit(name="x.day", whose="person", period=Period.DAY, lock="x", refuse=None)
    assert without_race([*table().values(), added]) == ["x.day"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(RACES))
def test_callers_at_one_moment_do_not_pass(name: str, settings: Settings) -> None:
    race = RACES[name](settings)
    results = outcomes_at_once(race.acts)
    assert race.used(results) == race.most
    assert verify_ledger().passed
