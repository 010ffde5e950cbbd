"""What a step can do: each act by its name. Merchants act through the gateway, people by the
wallet's front door, operators by approvals; nothing is done by a shortcut.

An act gives facts, which the step's expectations name; a refusal is a fact, too.
"""

from lab.scenarios import (
    acts_abuse,
    acts_apps,
    acts_city,
    acts_crowd,
    acts_devices,
    acts_escrow,
    acts_exchange,
    acts_faults,
    acts_health,
    acts_holds,
    acts_money,
    acts_night,
    acts_operators,
    acts_parking,
    acts_passkeys,
    acts_people,
    acts_store,
    acts_transit,
    acts_voice,
)
from lab.scenarios.acting import Act

ACTS: dict[str, Act] = {
    **acts_money.ACTS,
    **acts_health.ACTS,
    **acts_night.ACTS,
    **acts_operators.ACTS,
    **acts_parking.ACTS,
    **acts_people.ACTS,
    **acts_holds.ACTS,
    **acts_devices.ACTS,
    **acts_store.ACTS,
    **acts_apps.ACTS,
    **acts_city.ACTS,
    **acts_voice.ACTS,
    **acts_escrow.ACTS,
    **acts_transit.ACTS,
    **acts_crowd.ACTS,
    **acts_exchange.ACTS,
    **acts_passkeys.ACTS,
    **acts_faults.ACTS,
    **acts_abuse.ACTS,
}
