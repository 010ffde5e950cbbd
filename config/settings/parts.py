"""Settings that name the adapters of outside systems; production must name each."""

import os

from django.core.exceptions import ImproperlyConfigured

SIMULATED = "simulated"
PARTS = {
    "SAOMA_BANK": "the bank of top-ups and withdrawals",
    "SAOMA_PAYOUT_BANK": "the bank that pays merchants out",
    "SAOMA_CARD_BANK": "the bank of merchants' transfers to cards",
    "SAOMA_IDENTITY_CHECK": "the registry that verifies identities",
    "SAOMA_SMS": "the sender of text messages",
    "SAOMA_CUSTOMS": "the customs offices",
    "SAOMA_ALERTS": "who is called when an alarm is raised",
}


def chosen_parts(*, lab_mode: bool) -> dict[str, str]:
    """Read what stands behind each port: `simulated`, or a class's import path.

    Raises:
        ImproperlyConfigured: outside lab mode one of them is not said.
    """
    default = SIMULATED if lab_mode else ""
    chosen = {name: os.environ.get(name, default).strip() for name in PARTS}
    missing = [f"{name} ({PARTS[name]})" for name, path in chosen.items() if not path]
    if missing:
        raise ImproperlyConfigured(
            f"not set: {', '.join(missing)}. Outside lab mode each must say what stands "
            f"behind it: the import path of an adapter, or `{SIMULATED}`"
        )
    return chosen
