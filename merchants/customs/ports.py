"""Port of customs declarations: the customs offices.

An adapter of your own is a class without arguments, named by the setting. It is called in
a worker's transaction and may be called again for the same declaration.
"""

from dataclasses import dataclass
from typing import Protocol

from config.kernel.ports import Port
from merchants.customs.models import CustomsDeclaration


@dataclass(frozen=True, slots=True)
class OfficeAnswer:
    """What an office says.

    Attributes:
        refusal: why it refuses, in `snake_case`; empty where it accepts.
    """

    refusal: str = ""


class CustomsOffices(Protocol):
    """The offices that take declarations of payments."""

    def answer(
        self, declaration: CustomsDeclaration, *, refunded_whole: bool
    ) -> OfficeAnswer | None:
        """What the office says by now; None while it has not answered."""
        ...


CUSTOMS: Port[CustomsOffices] = Port("SAOMA_CUSTOMS", "merchants.customs.office.SimulatedOffices")
