"""What a case is, and the cases of the approvals about operators' own accounts."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import User

from config.admin import operator_approvals
from config.admin.operators import put_to_rest
from config.kernel.approvals import targets
from tests.factories.operators import make_operator
from tests.factories.second_factor import set_up_factor

_numbers = itertools.count()
# Who moves a target meanwhile.
BY = {"actor": "operator:court", "reason": "by order of the court"}


@dataclass(frozen=True)
class Case:
    """What may be asked for, and what happens to its target before the vote."""

    parameters: dict[str, object]
    move: Callable[[], object]


def new_operator() -> Case:
    """A name that is given to somebody else meanwhile."""
    parameters: dict[str, object] = {
        "username": "paul", "first_name": "", "last_name": "", "roles": ["support"],
    }  # fmt: skip
    return Case(parameters, lambda: targets.moved("operator_name:paul", actor="operator:wu"))


def operator(**parameters: object) -> Case:
    """An operator's account that is put to rest meanwhile."""
    paul = make_operator(f"paul_{next(_numbers)}")

    def move() -> None:
        put_to_rest(
            operator=paul, actor=make_operator(f"wu_{next(_numbers)}"), reason="safety first"
        )

    return Case({"id": str(paul.pk), **parameters}, move)


def resting_operator() -> Case:
    """An account at rest that others do something with meanwhile."""
    paul = make_operator(f"paul_{next(_numbers)}")
    put_to_rest(operator=paul, actor=make_operator(f"wu_{next(_numbers)}"), reason="safety first")
    return Case(
        {"id": str(paul.pk)}, lambda: targets.moved(f"operator:{paul.pk}", actor="operator:wu")
    )


def operator_with_factor() -> Case:
    """An operator whose authenticator is lost, and whose account is put to rest meanwhile."""
    case = operator()
    set_up_factor(User.objects.get(pk=str(case.parameters["id"])))
    return case


CASES: dict[str, Callable[[], Case]] = {
    operator_approvals.CREATE: new_operator,
    operator_approvals.GIVE_ROLES: lambda: operator(roles=["support"]),
    operator_approvals.RESET_PASSWORD: operator,
    operator_approvals.MAKE_SUPERUSER: operator,
    operator_approvals.RESET_FACTOR: operator_with_factor,
    operator_approvals.WAKE: resting_operator,
}
