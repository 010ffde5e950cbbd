"""The laptop: lab mode on, secrets made once and kept under `var/`.

A running demo leaves the addresses of its servers in `var/run/`, so that a command
typed in another terminal reaches the same world.
"""

import os
import secrets
from pathlib import Path

_DATA_DIR = Path(
    os.environ.get("SAOMA_DATA_DIR", Path(__file__).resolve().parent.parent.parent / "var")
)


def _kept_secret(name: str) -> str:
    """Read a secret of this installation, made on the first start."""
    path = _DATA_DIR / "secrets" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        path.write_text(secrets.token_urlsafe(48), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8").strip()


def _running(name: str) -> str | None:
    """Address of a server that a running demo has started."""
    path = _DATA_DIR / "run" / name
    return path.read_text(encoding="utf-8").strip() if path.exists() else None


os.environ.setdefault("DJANGO_SECRET_KEY", _kept_secret("django_secret_key"))
os.environ.setdefault("SAOMA_MASTER_KEY", _kept_secret("master_key"))
os.environ.setdefault("SAOMA_LAB_MODE", "1")
os.environ.setdefault("SAOMA_BEHIND_TLS", "0")
for _variable, _file in (
    ("REDIS_URL", "redis_url"),
    ("DATABASE_URL", "database_url"),
    ("SAOMA_PUBLIC_URL", "public_url"),
):
    _address = _running(_file)
    if _address and _variable not in os.environ:
        os.environ[_variable] = _address

from config.settings.base import *  # noqa: E402, F403

ALLOWED_HOSTS = ["*"]
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
