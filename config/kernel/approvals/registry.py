"""What may be asked for under four eyes, by name.

The executor is the use case of the API or a few lines around it, never a second way of
doing the same thing. It runs inside the transaction that records the execution.

Three rights belong to each action and to it alone: `ask_*`, `approve_*` and `view_*`. They
follow from its name, so that no two of them can ever be one right; config.admin.roles says
which role holds which.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from config.kernel.approvals.values import Approved, Facts, Parameters
from config.kernel.errors import InvalidRequest, NotFound, invariant

Executor = Callable[[Approved], Facts]
Reader = Callable[[Parameters], Facts]
# Says in words, with links, what one parameter means.
Renderer = Callable[[Parameters], Facts]
Target = Callable[[Parameters], str]
Check = Callable[[Parameters], object]
Stored = Callable[[Parameters], Parameters]

NAME = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
NAME_CHARACTERS = 64
TARGET_CHARACTERS = 128
APP = "approvals"


class UnknownAction(NotFound):
    """No slice has registered this action."""

    code = "unknown_action"
    message = "There is no such action."


class ParametersRefused(InvalidRequest):
    """A request names parameters that its action does not have."""

    code = "parameters_refused"
    message = "The action has no such parameter."


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of deed that needs a second operator.

    `parameters` names each parameter with its renderer; a request has no others.
    `target` says whose state the decision rests on, as `kind:id`; its version and `state`
    are taken when it is asked for, and a change of either makes the request stale.
    `check` raises where the grounds are missing: when it is asked for and when it is
    executed. `effect` says in advance what will happen, before → after. `stored` gives the
    parameters as they are written down: requests are kept for ever, so that ids of people
    who may be forgotten are replaced there.
    """

    name: str
    title: str
    parameters: Mapping[str, Renderer]
    target: Target
    state: Reader
    check: Check
    effect: Reader
    checkers: int
    execute: Executor
    stored: Stored

    @property
    def maker_permission(self) -> str:
        """What asking takes."""
        return right("ask", self.name)

    @property
    def permission(self) -> str:
        """What each checker must hold, when voting and when it is executed."""
        return right("approve", self.name)

    @property
    def view_permission(self) -> str:
        """What lets somebody read its requests who neither asks nor approves."""
        return right("view", self.name)


_actions: dict[str, Action] = {}


def right(verb: str, name: str) -> str:
    """A right on an action as Django spells it: "approvals.ask_accounts_unfreeze"."""
    return f"{APP}.{verb}_{name.replace('.', '_')}"


def action(
    name: str,
    *,
    title: str,
    parameters: Mapping[str, Renderer],
    target: Target,
    state: Reader,
    check: Check,
    effect: Reader,
    checkers: int = 1,
    stored: Stored = dict,
) -> Callable[[Executor], Executor]:
    """Register the decorated function as the executor of an action.

    Args:
        name: `area.verb`, unique.
        title: for people.
        parameters: every parameter with what shows it in words and links; each renderer
            is given all parameters, None for one left out. Others are refused.
        target: `kind:id` of what is changed. Use cases that change it by another way call
            `targets.moved` with the same text; one request an action and target waits.
        state: reads the target's state from the parameters; raises NotFound without one.
        check: raises a SaomaError where the grounds are missing.
        effect: what will happen to money, colour or rights: labels and before → after.
        checkers: how many others must approve, at least one.
        stored: the parameters as they are written down; by default as they are.

    Raises:
        InvariantBroken: something is missing, or the name is taken.
    """
    invariant(
        NAME.fullmatch(name) is not None and len(name) <= NAME_CHARACTERS,
        f"an action is called area.verb, not {name!r}",
    )
    invariant(bool(title.strip()), f"{name} has a title for people")
    invariant(checkers >= 1, f"{name} needs at least one checker")
    invariant(bool(parameters), f"{name} declares its parameters")
    unshown = [key for key, show in parameters.items() if not callable(show)]
    invariant(not unshown, f"{name} shows {', '.join(unshown)} in words")
    invariant(callable(target) and callable(state), f"{name} says what makes it stale")
    invariant(callable(check), f"{name} checks its grounds")
    invariant(callable(effect), f"{name} foretells its effect")

    def register(executor: Executor) -> Executor:
        other = _actions.get(name)
        invariant(
            other is None or other.execute.__qualname__ == executor.__qualname__,
            f"one action is called {name}",
        )
        _actions[name] = Action(
            name=name,
            title=title,
            parameters=dict(parameters),
            target=target,
            state=state,
            check=check,
            effect=effect,
            checkers=checkers,
            execute=executor,
            stored=stored,
        )
        return executor

    return register


def action_named(name: str) -> Action:
    """Look an action up.

    Raises:
        UnknownAction: nobody has registered it.
    """
    entry = _actions.get(name)
    if entry is None:
        raise UnknownAction(field="action", action=name)
    return entry


def actions() -> list[Action]:
    """All actions, by name."""
    return sorted(_actions.values(), key=lambda entry: entry.name)


def whole_parameters(entry: Action, parameters: Parameters) -> dict[str, object]:
    """A request's parameters, each of the action's there: None where it was left out.

    Raises:
        ParametersRefused: one that the action does not have, and so nothing would show.
    """
    unknown = sorted(set(parameters) - set(entry.parameters))
    if unknown:
        raise ParametersRefused(field=unknown[0], unknown=unknown)
    return {**dict.fromkeys(entry.parameters), **parameters}


def target_of(entry: Action, parameters: Parameters) -> str:
    """What a request is about, as `kind:id`."""
    return entry.target(parameters)[:TARGET_CHARACTERS]


def in_words(entry: Action, parameters: Parameters) -> dict[str, object]:
    """Every parameter of a request in words, label by label."""
    words: dict[str, object] = {}
    for key, show in entry.parameters.items():
        if key in parameters:
            words.update(show(parameters))
    return words
