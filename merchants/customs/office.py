"""The simulated customs offices."""

from merchants.customs.models import CustomsDeclaration
from merchants.customs.ports import OfficeAnswer


class SimulatedOffices:
    """They refuse a payment that was refunded whole meanwhile, and accept every other."""

    def answer(self, declaration: CustomsDeclaration, *, refunded_whole: bool) -> OfficeAnswer:
        """Answer at once."""
        return OfficeAnswer("trade_refunded" if refunded_whole else "")
