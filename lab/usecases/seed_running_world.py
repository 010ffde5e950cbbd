"""Bring a seed file into a world that runs: all of it, or nothing."""

from lab import snapshots
from lab.seed_file import SeedFile
from lab.usecases.plant_seed import plant_seed
from lab.usecases.reset_world import keep_seeded

_BEFORE = "before_seeding"


def seed_running_world(seed: SeedFile, *, keep: bool) -> None:
    """Bring a seed file's people and shops in; what is refused leaves the world as it was.

    Args:
        seed: the file.
        keep: whether resets go back to this world from now on.

    Raises:
        what `plant_seed` refuses.

    Locks: as `snapshots.put_back`, where something is refused.
    """
    snapshots.keep(_BEFORE)
    try:
        plant_seed(seed)
    except BaseException:
        snapshots.put_back(_BEFORE)
        raise
    finally:
        snapshots.drop(_BEFORE)
    if keep:
        keep_seeded(seed=seed.seed)
