"""Looks at codes on their way into the tables, for gates that must not wait for them.

A gate's answer needs one look-up; recording the check takes three inserts and a
commit. So checks are written many at once, a moment later. What a crash costs:
healthcode/decisions/0003-scans-are-logged-in-batches.md. Where the queue is full, gates
wait for their own.
"""

from typing import Final

from config.kernel.write_behind import WriteBehind
from healthcode.verification.usecases.record_checks import GateCheck, record_checks

LOG: Final[WriteBehind[GateCheck]] = WriteBehind("gate-log", record_checks, batch=100, full=5_000)
