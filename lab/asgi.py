"""The whole product in one process: `config.asgi` with the workers' work beside it."""

from config.asgi import application
from lab import pump

__all__ = ["application"]

pump.start()
