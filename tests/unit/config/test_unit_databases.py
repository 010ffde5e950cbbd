"""SAOMA_UNIT_DATABASES: which units are in which other database."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.storage import unit_databases


def test_names_the_units_of_each_database() -> None:
    databases, aliases = unit_databases("50-52=sqlite:///b.sqlite3 7=postgres://u:p@h/c")
    assert set(databases) == {"units_50_52", "units_7_7"}
    assert databases["units_7_7"]["NAME"] == "c"
    assert aliases == {50: "units_50_52", 51: "units_50_52", 52: "units_50_52", 7: "units_7_7"}


def test_nothing_named_is_one_database() -> None:
    assert unit_databases("") == ({}, {})


@pytest.mark.parametrize(
    "text",
    [
        "100=sqlite:///b",
        "9-5=sqlite:///b",
        "50-99",
        "x=sqlite:///b",
        "1-3=sqlite:///b 3=sqlite:///c",
    ],
)
def test_an_odd_value_stops_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        unit_databases(text)
