"""What the scenarios' merchant programs work out by themselves."""

import pytest

from lab.services.rides.dispatch import ceiling


@pytest.mark.parametrize(
    ("estimate", "most"), [("30.00", "36.00"), ("0.01", "0.01"), ("19.99", "23.99")]
)
def test_a_ride_may_cost_a_fifth_more_than_its_estimate_to_the_fen(
    estimate: str, most: str
) -> None:
    assert ceiling(estimate) == most
