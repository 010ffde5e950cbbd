"""The catalogue of features: all that risk rules and models can name. Pure.

A feature declares its type, who supplies it and where. There is nothing about health,
contacts or whereabouts in it, so no rule and no model can look at them (I8).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from wallet.risk.values import Features, Movement, Stage, Value


class Source(StrEnum):
    """Who supplies a feature; the more it costs, the later in this list."""

    REQUEST = "request"
    LIST = "list"
    WINDOW = "window"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing that can be known about a movement when it is judged.

    Attributes:
        kind: bool, int, float or str.
        meaning: for people, with its unit.
        source: who supplies it.
        inline: movements whose decision in line has it.
        after: movements whose later decision has it.
    """

    name: str
    kind: type
    meaning: str
    source: Source
    inline: frozenset[Movement]
    after: frozenset[Movement]

    def is_supplied(self, stage: Stage, movement: Movement) -> bool:
        """Whether a decision of this stage on this movement can know it."""
        return movement in (self.inline if stage is Stage.INLINE else self.after)


_ALL = frozenset(Movement)
_NONE: frozenset[Movement] = frozenset()
_CODE = frozenset({Movement.CODE})
_PAYMENTS = frozenset({Movement.CODE, Movement.SCAN, Movement.DEBIT})
_PAID = _PAYMENTS | {Movement.TRANSFER}
_DEVICE = frozenset({Movement.CODE, Movement.SCAN})


def _request(
    name: str, kind: type, meaning: str, inline: frozenset[Movement], after: frozenset[Movement]
) -> Feature:
    return Feature(name, kind, meaning, Source.REQUEST, inline, after)


def _window(
    name: str, meaning: str, inline: frozenset[Movement] = _ALL, kind: type = int
) -> Feature:
    return Feature(name, kind, meaning, Source.WINDOW, inline, _ALL)


_DECLARED = (
    _request("amount_minor", int, "amount in minor units", _ALL, _ALL),
    _request("movement", str, "CODE, SCAN, DEBIT, TRANSFER, ...", _ALL, _ALL),
    _request("local_hour", int, "hour on the clock where the payee is", _NONE, _ALL),
    _request("pin_given", bool, "whether the payer proved the PIN for it", _ALL, _NONE),
    _request("payer_payments", int, "payments the payer has made before", _PAID, _NONE),
    _request("amount_to_own_mean", float, "amount over the payer's mean", _PAID, _NONE),
    _request("amount_to_own_largest", float, "amount over the payer's largest", _PAID, _NONE),
    _request("device_known", bool, "whether it comes from a registered device", _PAYMENTS, _NONE),
    _request("device_age_h", float, "hours since the device was registered", _DEVICE, _NONE),
    _request("device_to_payee_60s", int, "payments device to payee, 60 s", _CODE, _NONE),
    _request("device_payments_60s", int, "payments of the device, 60 s", _CODE, _NONE),
    _request("payee_age_d", int, "days since the payee joined", _PAYMENTS, _NONE),
    Feature("payer_list", str, "list the payer is on", Source.LIST, _ALL, _ALL),
    Feature("payee_list", str, "list the payee is on", Source.LIST, _ALL, _ALL),
    Feature("device_list", str, "list the device is on", Source.LIST, _DEVICE, _DEVICE),
    _window("payer_payments_1h", "movements of the payer, 1 h"),
    _window("payer_payees_1h", "distinct payees of the payer, 1 h (fan-out)"),
    _window("payer_sum_24h_minor", "sum of the payer, 24 h, minor units"),
    _window("payer_received_24h", "movements to the payer, 24 h"),
    _window("payer_senders_24h", "distinct people who paid the payer, 24 h (fan-in)"),
    _window("payee_payments_60s", "movements to the payee, 60 s"),
    _window("payee_small_10m", "movements of 5.00 or less to the payee, 10 min"),
    _window("payee_payers_1h", "distinct payers of the payee, 1 h (fan-in)"),
    _window("payee_payers_24h", "distinct payers of the payee, 24 h (fan-in)"),
    _window("payee_refunds_7d", "refunds the payee has made, 7 d"),
    _window("payee_refund_share_7d", "refunds over movements to the payee, 7 d", kind=float),
    _window("pair_payments_7d", "movements of the payer to the payee, 7 d"),
    _window("device_payers_30d", "people who have paid with the device, 30 d", _DEVICE),
    _window("device_new_to_payer", "the payer has not used the device in 30 d", _DEVICE, bool),
    _window("first_to_payee", "the payer has not paid the payee in 30 d", kind=bool),
    _window("payee_seen_d", "days since the payee was first paid, 30 at most", kind=float),
    _window("amount_to_mean_30d", "amount over the payer's mean of 30 d", kind=float),
    Feature("model_score", float, "the model's score, 0 to 1", Source.MODEL, _ALL, _ALL),
)
CATALOGUE: Mapping[str, Feature] = {feature.name: feature for feature in _DECLARED}
# What models are trained on: counters alone, which history can give for any moment.
MODEL_FEATURES = (
    "amount_minor",
    "local_hour",
    *(feature.name for feature in _DECLARED if feature.source is Source.WINDOW),
)
MOVEMENTS_IN_ORDER = tuple(Movement)


def of_source(names: frozenset[str], source: Source) -> frozenset[str]:
    """Those of some features that a source supplies."""
    return frozenset(name for name in names if CATALOGUE[name].source is source)


def model_row(features: Features) -> list[float]:
    """What a model is given: its features in order, then the movement, unknowns as NaN."""
    row = [_number(features.get(name)) for name in MODEL_FEATURES]
    movement = features.get("movement")
    return [*row, float(MOVEMENTS_IN_ORDER.index(Movement(str(movement))))]


def _number(value: Value) -> float:
    return float("nan") if value is None or isinstance(value, str) else float(value)
