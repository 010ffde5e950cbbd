"""Two installations for tests of clearing."""

from tests.factories.units import world

__all__ = ["world"]
