"""Every method's row, of every module beside this one that is named for rows."""

import importlib
import pkgutil

from tests import gateway
from tests.gateway.rows import Row


def _all_rows() -> dict[str, Row]:
    names = [each.name for each in pkgutil.iter_modules(gateway.__path__)]
    modules = [
        importlib.import_module(f"tests.gateway.{name}")
        for name in names
        if name.startswith("rows_")
    ]
    return {method: row for module in modules for method, row in module.ROWS.items()}


ROWS = _all_rows()
