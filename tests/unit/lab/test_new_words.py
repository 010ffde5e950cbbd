"""What `manage.py new slice` calls one of a plural."""

import pytest

from lab.management.commands.new import words_of


@pytest.mark.parametrize(("many", "one"), [("tips", "tip"), ("deliveries", "delivery")])
def test_one_of_a_plural_is_its_singular(many: str, one: str) -> None:
    words = words_of("merchants", many)
    assert (words["word"], words["model"]) == (one, one.capitalize())
