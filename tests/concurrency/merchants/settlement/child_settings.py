"""Settings of a process that a test starts on the test's own database."""

import os

from config.settings.test import *  # noqa: F403

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["NAME"] = os.environ["DATABASE_URL"].removeprefix("sqlite:///")  # noqa: F405
