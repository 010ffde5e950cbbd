"""The model's score of one movement. Pure; LightGBM is optional.

Where the library or the model is missing there is no score: rules that name `model_score`
stay silent and the decision is marked degraded.
"""

import importlib.util
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from config.kernel.errors import SaomaError
from wallet.risk.rules.catalogue import MODEL_FEATURES, model_row
from wallet.risk.values import Features

LIBRARY = "lightgbm"
ALERT_FROM = 0.9
NAMES = (*MODEL_FEATURES, "movement")


class LibraryMissing(SaomaError):
    """LightGBM is not installed; training needs it."""

    code = "model_library_missing"
    message = "Training needs LightGBM: pip install lightgbm."


@dataclass(frozen=True, slots=True)
class Model:
    """A trained model, ready to score. `booster` is LightGBM's.

    Scores are stretched so that ALERT_FROM is the threshold that training has set: rules
    can say "from 0.9 on" of any model.
    """

    version: str
    booster: Any
    threshold: float

    def score(self, features: Features) -> float:
        """How suspicious a movement is, 0 to 1; alerts begin at ALERT_FROM."""
        return self.scores([features])[0]

    def scores(self, many: Sequence[Features]) -> list[float]:
        """The scores of many movements, in their order."""
        rows = array([model_row(features) for features in many])
        return [self._stretched(float(raw)) for raw in self.booster.predict(rows, num_threads=1)]

    def _stretched(self, raw: float) -> float:
        if raw < self.threshold:
            return raw / self.threshold * ALERT_FROM
        return ALERT_FROM + (raw - self.threshold) / (1 - self.threshold) * (1 - ALERT_FROM)

    def contributions(self, features: Features, *, most: int = 3) -> dict[str, float]:
        """The features that moved the score up most, with their share of the log-odds."""
        shares: Sequence[float] = self.booster.predict(
            array([model_row(features)]), pred_contrib=True, num_threads=1
        )[0][:-1]
        ranked = sorted(zip(NAMES, shares, strict=True), key=lambda pair: -pair[1])
        return {name: round(float(share), 3) for name, share in ranked[:most] if share > 0}


@cache
def library() -> Any | None:
    """LightGBM, imported when first needed: a process without a model never loads it."""
    if importlib.util.find_spec(LIBRARY) is None:
        return None
    return pkgutil.resolve_name(LIBRARY)


def array(rows: Sequence[Sequence[float]]) -> Any:
    """Rows as the library wants them; NumPy comes with it."""
    return pkgutil.resolve_name("numpy").array(rows, dtype=float)


def read_model(version: str, text: str, threshold: float) -> Model | None:
    """A stored model; None where the library is missing or does not understand it."""
    lightgbm = library()
    if lightgbm is None:
        return None
    try:
        return Model(version, lightgbm.Booster(model_str=text), threshold)
    except lightgbm.basic.LightGBMError:
        return None
