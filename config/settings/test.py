"""The test suite: a file database of its own, cheap hashes, nothing sent by itself."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("DJANGO_SECRET_KEY", "a key for tests alone, long enough for the checks")
os.environ.setdefault("SAOMA_MASTER_KEY", "a master key for tests alone, thirty-two bytes or more")
os.environ.setdefault("SAOMA_BEHIND_TLS", "0")
os.environ.setdefault("SAOMA_LAB_MODE", "1")
os.environ["SAOMA_OUTBOX_KICK"] = "0"
os.environ["SAOMA_GATEWAY_LOG"] = "off"

# Each parallel process of the suite empties its cache between tests: its own, not another's.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
if os.environ.get("REDIS_URL") and _WORKER:
    _ADDRESS, _, _NUMBER = os.environ["REDIS_URL"].rpartition("/")
    _OWN = (int(_NUMBER) + 1 + int(_WORKER.removeprefix("gw"))) % 16
    os.environ["REDIS_URL"] = f"{_ADDRESS}/{_OWN}"

from config.settings.base import *  # noqa: E402, F403

# One folder for what this process writes, gone with it; a fork of it leaves it alone.
_FOLDER = Path(tempfile.mkdtemp(prefix="saoma-test-"))
_OWNER = os.getpid()


def _leave_nothing() -> None:
    if os.getpid() == _OWNER:
        shutil.rmtree(_FOLDER, ignore_errors=True)


atexit.register(_leave_nothing)
SAOMA_AUDIT_DIR = str(_FOLDER / "audit")
ALLOWED_HOSTS = ["*"]
KEY_CHECKED_AT_START = False
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # no collected files, and no warning that there are none
CELERY_BROKER_URL = "memory://localhost//"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: threads of one test must see one database.
    _FILE = _FOLDER / "test.sqlite3"
    DATABASES["default"]["NAME"] = str(_FILE)  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(_FILE)}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"  # noqa: F405
# Argon2 with one round: the same code path at a hundredth of the time.
SAOMA_ARGON2_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING["root"]["level"] = "ERROR"  # noqa: F405
# Rules and lists are read once; tests that change them forget what was read.
SAOMA_RISK_REFRESH_S = 3600
