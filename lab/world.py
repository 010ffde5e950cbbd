"""The world a command in another terminal talks to."""

from django.conf import settings
from django.core.management import call_command

from lab.seed import seed_world


def public_url() -> str:
    """Where the running demo listens; the configured address where none runs."""
    path = settings.DATA_DIR / "run" / "public_url"
    return path.read_text(encoding="utf-8").strip() if path.exists() else str(settings.PUBLIC_URL)


def prepare() -> None:
    """See that schema and cast are there, so that a command works before the first demo."""
    call_command("migrate", verbosity=0)
    seed_world()
