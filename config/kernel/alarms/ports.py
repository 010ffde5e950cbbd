"""Port of the alarms: who is notified outside the installation.

An adapter of your own is a class without arguments, named by the setting; it is called by
a worker, and again where it raises.
"""

from typing import Protocol

from config.kernel.alarms.models import Alarm
from config.kernel.ports import Port


class AlertSender(Protocol):
    """Calls people."""

    def call(self, alarm: Alarm) -> None:
        """Tell whoever is on duty of an alarm, once by its id."""
        ...


class SimulatedSender:
    """Calls nobody: the alarm stands on every operator's home page."""

    def call(self, alarm: Alarm) -> None:
        """Nothing leaves the machine."""


ALERTS: Port[AlertSender] = Port("SAOMA_ALERTS", "config.kernel.alarms.ports.SimulatedSender")
