"""In a bare environment everything that serves starts production, and refuses without secrets."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("module", ["config.wsgi", "config.asgi", "config.celery"])
def test_a_bare_start_is_production_and_refuses_without_its_secrets(module: str) -> None:
    environment = {"PATH": os.environ["PATH"]}
    script = f"import {module}; from django.conf import settings; settings.DEBUG"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "ImproperlyConfigured: DJANGO_SECRET_KEY is not set" in done.stderr
