"""The simulated world as rows: features as they stood before each movement, and its label."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from wallet.risk.rules.catalogue import model_row
from wallet.risk.rules.history import History
from wallet.risk.simulator.population import BEGIN, DAYS, ZONE_OFFSET, honest_day, make_world
from wallet.risk.simulator.scripts import all_episodes
from wallet.risk.values import Features, Movement

WARM_UP_DAYS = 6
TRAINED_UNTIL, TUNED_UNTIL = 19, 24


@dataclass(frozen=True, slots=True)
class Row:
    """One movement: what was known before it, and which fraud it is part of, if any."""

    at: datetime
    movement: Movement
    features: Features
    script: str
    episode: int

    @property
    def is_fraud(self) -> bool:
        """Whether it belongs to a script."""
        return bool(self.script)

    @property
    def numbers(self) -> list[float]:
        """What a model is given."""
        return model_row(self.features)


@dataclass(frozen=True, slots=True)
class Periods:
    """Three periods in time order: to train on, to set the threshold on, to be measured on."""

    train: list[Row]
    tune: list[Row]
    test: list[Row]


def simulate(seed: int) -> Periods:
    """Play a seed's world day by day and keep what was known before each movement.

    A movement is counted after its own features are taken, and a refund when it happens, so
    nothing in a row comes from its movement or later.
    """
    world = make_world(seed)
    events = [event for day in range(DAYS) for event in honest_day(world, day)]
    events += all_episodes(world)
    events.sort(key=lambda event: (event.move.at, str(event.move.payer)))
    history, rows = History(), []
    for event in events:
        move = event.move
        if event.is_refund:
            history.add_refund(move.payee, at=move.at)
            continue
        features = history.features(move) | {
            "amount_minor": move.amount_minor,
            "movement": event.movement.value,
            "local_hour": (move.at + ZONE_OFFSET).hour,
        }
        rows.append(Row(move.at, event.movement, features, event.script, event.episode))
        history.add(move)
    return _split(rows)


def _split(rows: list[Row]) -> Periods:
    warm, trained, tuned = (
        BEGIN + timedelta(days=days) for days in (WARM_UP_DAYS, TRAINED_UNTIL, TUNED_UNTIL)
    )
    return Periods(
        train=[row for row in rows if warm <= row.at < trained],
        tune=[row for row in rows if trained <= row.at < tuned],
        test=[row for row in rows if row.at >= tuned],
    )
