"""Put the world back as it was seeded."""

from pathlib import Path

from django.conf import settings

from lab import snapshots
from lab.scenarios import scratch


def keep_seeded(*, seed: int | None = None) -> None:
    """Keep the world as it is now as the one that a reset goes back to, with its seed for ids.

    It is put back at once, so that the first run is like every other.
    """
    snapshots.keep(snapshots.SEEDED)
    _seed_file().write_text("" if seed is None else str(seed), encoding="ascii")
    reset_world()


def keep_first() -> None:
    """Keep the world as the demo begins with it, unless that is kept already.

    After the schema has changed the world is kept as it is now: an older one no longer fits.
    """
    fits = _schema_file().exists() and _schema_file().read_text(encoding="ascii") == scratch.state()
    if fits and snapshots.SEEDED in snapshots.names():
        return
    snapshots.keep(snapshots.SEEDED)
    _schema_file().write_text(scratch.state(), encoding="ascii")


def reset_world() -> None:
    """Go back to the seeded world, whatever has happened since.

    Raises:
        snapshots.SnapshotUnknown: none was kept.
    """
    text = _seed_file().read_text(encoding="ascii") if _seed_file().exists() else ""
    snapshots.put_back(snapshots.SEEDED, seed=int(text) if text else None)


def _seed_file() -> Path:
    return Path(settings.DATA_DIR) / "snapshots" / "seed.txt"


def _schema_file() -> Path:
    return Path(settings.DATA_DIR) / "snapshots" / "schema.txt"
