"""How operators are named as actors."""

from config.kernel.actors import LONGEST, operator_actor


def test_operators_are_named_one_after_another() -> None:
    assert operator_actor("mia", "noah") == "operator:mia, operator:noah"


def test_the_longest_name_that_django_takes_fits_the_columns() -> None:
    assert len(operator_actor("m" * 150)) == LONGEST
