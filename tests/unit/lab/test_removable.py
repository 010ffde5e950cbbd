"""Nothing needs the lab: without it in the settings its addresses are gone and all else stays."""

import json
import subprocess
import sys

from tests.contracts.source import ROOT

GONE = ["/", "/lab/api/clock", "/lessons/", "/story/"]
STAY = ["/gateway.do", "/api/v1/me", "/health/", "/console/", "/admin/"]
# In a process of its own: addresses are read once, when a process starts.
PROGRAM = """
import json, sys
import django
from django.conf import settings
settings.INSTALLED_APPS = [name for name in settings.INSTALLED_APPS if name != "lab"]
django.setup()
from django.urls import Resolver404, resolve
def answered(path):
    try:
        return resolve(path).func.__module__
    except Resolver404:
        return ""
print(json.dumps({path: answered(path) for path in sys.argv[1:]}))
"""


def test_without_the_lab_its_addresses_are_gone_and_all_others_stay() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *GONE, *STAY],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    modules = json.loads(done.stdout.splitlines()[-1])
    assert [path for path in GONE if modules[path]] == []
    assert [path for path in STAY if not modules[path] or modules[path].startswith("lab")] == []
