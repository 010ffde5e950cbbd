"""Who spends the machine's time: processor time by program, read from /proc."""

import os
from pathlib import Path

_TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")


def spent_ms(program: str) -> float:
    """Processor time of all running processes of a program, in milliseconds.

    Zero where there is no /proc; processes that ended are not counted.
    """
    return sum(_of(path, program) for path in Path("/proc").glob("[0-9]*/stat"))


def _of(path: Path, program: str) -> float:
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    name, _, rest = text.partition("(")[2].rpartition(")")
    if name != program:
        return 0.0
    fields = rest.split()
    return (int(fields[11]) + int(fields[12])) * _TICK_MS
