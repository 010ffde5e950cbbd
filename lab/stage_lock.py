"""One at a time on the stage: whoever makes the schema and the people holds this lock.

A command beside a demo that starts for the first time would otherwise migrate and seed the
same database at the same moment, and one of the two would die of it.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings


@contextmanager
def alone_on_stage() -> Iterator[None]:
    """Wait until nobody else prepares this world's data, and keep others waiting meanwhile.

    The lock is the data folder's and ends with its process, however that ends.
    """
    folder = settings.DATA_DIR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "stage.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
