"""Changing a threshold: asked for by one operator, agreed to by another."""

from config.kernel.actors import operator_actor
from config.kernel.approvals import targets, thresholds
from config.kernel.approvals.models import ThresholdVersion
from config.kernel.approvals.registry import action
from config.kernel.approvals.thresholds import Threshold, threshold_named, value_of
from config.kernel.approvals.values import Approved, Facts, Parameters, change
from config.kernel.audit import chain
from config.kernel.errors import InvalidRequest

CHANGE = "thresholds.change"


class ThresholdRefused(InvalidRequest):
    """The value is none, or outside of what the threshold may be."""

    code = "threshold_refused"
    message = "A threshold is a whole number within its bounds, and another than now."


def _threshold(parameters: Parameters) -> Threshold:
    return threshold_named(str(parameters.get("name")))


def _value(parameters: Parameters) -> int:
    value = parameters.get("value")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ThresholdRefused(field="value")
    return value


def show_name(parameters: Parameters) -> Facts:
    """Which threshold."""
    return {"threshold": _threshold(parameters).title}


def show_value(parameters: Parameters) -> Facts:
    """What it is to be."""
    return {"value asked for": f"{_value(parameters)} {_threshold(parameters).unit}"}


def state_of_threshold(parameters: Parameters) -> Facts:
    """What it is now, and how often it was set."""
    threshold = _threshold(parameters)
    versions = ThresholdVersion.objects.filter(name=threshold.name).count()
    return {"value": f"{value_of(threshold.name)} {threshold.unit}", "times set": versions}


def check_value(parameters: Parameters) -> None:
    """A whole number within the bounds that changes something."""
    threshold, value = _threshold(parameters), _value(parameters)
    if not threshold.minimum <= value <= threshold.maximum or value == value_of(threshold.name):
        raise ThresholdRefused(field="value", minimum=threshold.minimum, maximum=threshold.maximum)


def foretell_value(parameters: Parameters) -> Facts:
    """Before and after."""
    threshold = _threshold(parameters)
    after = f"{_value(parameters)} {threshold.unit}"
    return {
        threshold.title: change(f"{value_of(threshold.name)} {threshold.unit}", after),
        "it holds": "for everything judged from then on",
    }


def target_threshold(parameters: Parameters) -> str:
    """The threshold."""
    return f"threshold:{_threshold(parameters).name}"


@action(
    CHANGE,
    title="Change a threshold",
    parameters={"name": show_name, "value": show_value},
    target=target_threshold,
    state=state_of_threshold,
    check=check_value,
    effect=foretell_value,
)
def execute_change(approved: Approved) -> Facts:
    """Put the value in force that two operators agreed on."""
    threshold, value = _threshold(approved.parameters), _value(approved.parameters)
    actor = operator_actor(approved.checkers[-1])
    targets.moved(target_threshold(approved.parameters), actor=actor)
    before = thresholds.value_of(threshold.name)
    ThresholdVersion.objects.create(
        name=threshold.name, value=value, request_id=approved.request_id
    )
    chain.record(
        action=CHANGE,
        actor=actor,
        target=f"threshold:{threshold.name}",
        purpose=approved.reason[:256],
        before={"value": before, "unit": threshold.unit},
        after={"value": value, "maker": approved.maker, "checkers": list(approved.checkers)},
    )
    return {"value": value, "unit": threshold.unit}
