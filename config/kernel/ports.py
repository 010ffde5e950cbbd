"""Ports: interfaces to outside systems, and the adapter that a setting names for each.

A bank, a registry, a sender of messages stand outside. Each is a port of the slice that
needs it, a typed interface with a simulated adapter beside it, and a setting says which
adapter stands behind it: `simulated`, or the import path of a class of your own. Outside
lab mode the setting must be there, so that nothing is simulated unless somebody said so.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

SIMULATED = "simulated"
Adapter = TypeVar("Adapter")


@dataclass(frozen=True, slots=True)
class Port(Generic[Adapter]):
    """One part of the world outside.

    Attributes:
        setting: the setting that chooses what stands behind it.
        simulated: import path of the simulated adapter.
    """

    setting: str
    simulated: str

    @property
    def is_simulated(self) -> bool:
        """Whether the simulation stands behind it."""
        return bool(getattr(settings, self.setting) == SIMULATED)

    def adapter(self) -> Adapter:
        """What stands behind it; one object a process.

        Raises:
            ImportError: the setting names nothing that can be imported.
        """
        path = self.simulated if self.is_simulated else getattr(settings, self.setting)
        return cast(Adapter, _made(path))


@cache
def _made(path: str) -> Any:
    return import_string(path)()


def check_ports(**_: object) -> list[CheckMessage]:
    """Each adapter that the settings name can be made: else the start ends here."""
    return [
        Error(f"{name}={path!r} cannot be used: {error}", id="saoma.E001")
        for name, path in settings.SAOMA_PARTS.items()
        if path != SIMULATED and (error := _fault_of(path)) is not None
    ]


def _fault_of(path: str) -> Exception | None:
    try:
        _made(path)
    except Exception as error:  # noqa: BLE001 - whatever an adapter's own code raises
        return error
    return None


def simulated_parts() -> list[str]:
    """Settings of the parts that are simulated here, in their order."""
    return [name for name, path in settings.SAOMA_PARTS.items() if path == SIMULATED]
