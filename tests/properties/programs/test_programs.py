"""Operations of all kinds, one after another in any order, agree with the model.

`make random` runs as many of them as there is time for; here are a few of each kind.
"""

import random

import pytest

from tests.properties.programs.acts import step
from tests.properties.programs.program import Program

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STEPS = 120


def test_a_random_program_of_all_primitives_agrees_with_the_model() -> None:
    program = Program(random.Random(1))
    for _ in range(STEPS):
        step(program)
    program.world.prove()
