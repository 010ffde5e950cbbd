"""What may be asked for under four eyes, by name.

The executor is the use case of the API or a few lines around it, never a second way of
doing the same thing. It runs inside the transaction that records the execution.
"""

from collections.abc import Callable
from dataclasses import dataclass

from config.kernel.approvals.values import Approved, Facts, Parameters
from config.kernel.errors import NotFound, invariant

Executor = Callable[[Approved], Facts]
Reader = Callable[[Parameters], Facts]


class UnknownAction(NotFound):
    """No slice has registered this action."""

    code = "unknown_action"
    message = "There is no such action."


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of deed that needs a second operator.

    `permission` is what a checker must hold, `maker_permission` what asking takes; both
    as Django spells them (`app.codename`). `state` reads what the decision rests on: a
    change of it between request and execution makes the request stale. `effect` says in
    advance what will happen. With `by_role` a superuser has no right that no role of
    theirs gives.
    """

    name: str
    title: str
    permission: str
    maker_permission: str | None
    checkers: int
    state: Reader
    effect: Reader
    execute: Executor
    by_role: bool = False


_actions: dict[str, Action] = {}


def action(
    name: str,
    *,
    permission: str,
    state: Reader,
    effect: Reader | None = None,
    title: str = "",
    maker_permission: str | None = None,
    checkers: int = 1,
    by_role: bool = False,
) -> Callable[[Executor], Executor]:
    """Register the decorated function as the executor of an action.

    Args:
        name: `slice.verb`, unique.
        permission: what each checker must hold, when voting and when it is executed.
        state: reads the target's state from the parameters; raises NotFound without one.
        effect: what will happen, as labels and values; by default the state alone is shown.
        title: for people; by default the name.
        maker_permission: what the maker must hold; by default any operator may ask.
        checkers: how many others must approve, at least one.
        by_role: whether being a superuser gives no right to ask or to approve.
    """
    invariant(checkers >= 1, "an action needs at least one checker")

    def register(executor: Executor) -> Executor:
        known = _actions.get(name)
        invariant(
            known is None or known.execute.__qualname__ == executor.__qualname__,
            f"one action is called {name}",
        )
        _actions[name] = Action(
            name=name,
            title=title or name,
            permission=permission,
            maker_permission=maker_permission,
            checkers=checkers,
            state=state,
            effect=effect or no_effect,
            execute=executor,
            by_role=by_role,
        )
        return executor

    return register


def action_named(name: str) -> Action:
    """Look an action up.

    Raises:
        UnknownAction: nobody has registered it.
    """
    found = _actions.get(name)
    if found is None:
        raise UnknownAction(field="action", action=name)
    return found


def actions() -> list[Action]:
    """All actions, by name."""
    return sorted(_actions.values(), key=lambda entry: entry.name)


def no_effect(parameters: Parameters) -> Facts:
    """The effect of an action that foretells none."""
    return {}
