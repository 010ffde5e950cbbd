"""What the simulated bank is going to say, by amount or by setting."""

import pytest
from pytest_django import Settings

from wallet.accounts import bank
from wallet.accounts.bank import Behaviour
from wallet.accounts.values import BankResult


@pytest.mark.parametrize(
    ("amount_minor", "behaviour"),
    [
        (1, Behaviour.NORMAL),
        (10_00, Behaviour.NORMAL),
        (10_90, Behaviour.NORMAL),
        (91, Behaviour.FAIL),
        (10_91, Behaviour.FAIL),
        (10_92, Behaviour.SLOW),
        (10_93, Behaviour.TWICE),
        (10_94, Behaviour.LATE),
        (10_95, Behaviour.SILENT),
        (10_96, Behaviour.CONTRADICT),
        (10_97, Behaviour.NORMAL),
    ],
)
def test_the_last_two_digits_choose(amount_minor: int, behaviour: Behaviour) -> None:
    assert bank.behaviour(amount_minor) == behaviour


def test_the_setting_decides_for_all_amounts(settings: Settings) -> None:
    settings.SAOMA_BANK_BEHAVIOUR = "FAIL"
    assert bank.behaviour(10_00) == bank.behaviour(10_93) == Behaviour.FAIL


def test_every_behaviour_has_a_script() -> None:
    assert set(bank.SCRIPTS) == set(Behaviour)


def test_a_repeated_answer_carries_the_same_number() -> None:
    assert [said.number for said in bank.SCRIPTS[Behaviour.TWICE]] == [1, 1, 2]


def test_a_contradiction_is_success_first() -> None:
    results = [said.result for said in bank.SCRIPTS[Behaviour.CONTRADICT]]
    assert results == [BankResult.SUCCEEDED, BankResult.FAILED]
