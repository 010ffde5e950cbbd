"""Named points at which a process can be made to die, to prove that nothing is lost.

Only in lab mode, and only where SAOMA_CRASH_AT names the point. `name:2` dies at the
second passing. It is a real death: no handler runs, no transaction ends well.
"""

import os
import signal

from django.conf import settings

_passed: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if that is asked for; else do nothing.

    Args:
        name: `slice.after_step`.
    """
    name_to_crash_at: str = getattr(settings, "SAOMA_CRASH_AT", "")
    if not name_to_crash_at or not settings.LAB_MODE:
        return
    point, _, count = name_to_crash_at.partition(":")
    if point != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] >= int(count or 1):
        os.kill(os.getpid(), signal.SIGKILL)
