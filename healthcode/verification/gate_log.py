"""Looks at codes on their way into the tables, for gates that must not wait for them.

A gate's answer needs one look-up; writing down that it looked takes three inserts and a
commit. So looks are written many at once, a moment later. What a crash costs:
healthcode/decisions/0003-scans-are-logged-in-batches.md. Where the queue is full, gates
wait for their own.
"""

from typing import Final

from config.kernel.write_behind import WriteBehind
from healthcode.verification.usecases.record_looks import GateLook, record_looks

LOG: Final[WriteBehind[GateLook]] = WriteBehind("gate-log", record_looks, batch=100, full=5_000)
