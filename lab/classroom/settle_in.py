"""Make a copied world this address's own, and let its class's faults strike there."""

import random
from pathlib import Path

from django.conf import settings

from lab import demo_accounts, demo_keys
from lab.usecases.reset_world import keep_seeded
from lab.world import public_url
from merchants.onboarding.usecases.set_notify_url import set_notify_url
from merchants.workbench.usecases.switch_fault import switch_on_fault
from merchants.workbench.values import FaultKind

SEED = 1
_ACTOR = "lab:class"
_FAULTS = 3
_TIMES = 5
_PERCENT = 50
_DELAY_MS = 3000


def settle_in(*, fault_seed: int | None) -> None:
    """Point the shops' notifications here, arm the faults, keep it for resets; once.

    Args:
        fault_seed: the same seed arms the same faults in every world; None arms none.
    """
    here, marker = public_url(), Path(settings.DATA_DIR) / "settled_in.txt"
    if marker.exists() and marker.read_text(encoding="utf-8") == here:
        return
    for shop in demo_accounts.SHOPS:
        url = f"{here}/lab/notify/{shop.slug}"
        set_notify_url(app_number=demo_keys.load(shop.slug).app_number, notify_url=url)
    if fault_seed is not None:
        for slug, kind in planned(fault_seed):
            switch_on_fault(
                app_number=demo_keys.load(slug).app_number,
                kind=kind,
                actor=_ACTOR,
                times=_TIMES,
                percent=_PERCENT,
                delay_ms=_DELAY_MS if kind is FaultKind.DELAY_ANSWER else 0,
                seed=fault_seed,
            )
    keep_seeded(seed=SEED)
    marker.write_text(here, encoding="utf-8")


def planned(fault_seed: int) -> list[tuple[str, FaultKind]]:
    """Which faults a seed arms, and at which shops: other kinds for the same shop never twice."""
    draw = random.Random(fault_seed)  # noqa: S311
    kinds = draw.sample(list(FaultKind), _FAULTS)
    return [(draw.choice(demo_accounts.SHOPS).slug, kind) for kind in kinds]
