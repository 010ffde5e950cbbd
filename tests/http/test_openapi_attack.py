"""The API attacked from its own description: never a 500, never an undeclared answer.

schemathesis reads the OpenAPI document of a really running server and sends what it allows
and what it forbids; a logged-in customer's token goes with every request.
"""

import os
import subprocess
import sys
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.factories.accounts import make_user, token_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
# `make fuzz-long` asks for more, and for others each time.
EXAMPLES = os.environ.get("SAOMA_ATTACK_EXAMPLES", "6")
SEED = os.environ.get("SAOMA_ATTACK_SEED", "20261123")
MAX_S = str(20 * int(EXAMPLES))
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)


def test_the_api_withstands_its_own_description(live_server: LiveServer, tmp_path: Path) -> None:
    token = token_of(make_user())
    # Made once, and by now: schemathesis waits ten seconds for it, which busy machines exceed.
    with urlopen(f"{live_server.url}/api/schema/") as answer:
        assert answer.status == HTTPStatus.OK
    command = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run"),
        *(f"{live_server.url}/api/schema/", "--header", f"Authorization: Bearer {token}"),
        *("--checks", ",".join(CHECKS), "--max-examples", EXAMPLES, "--seed", SEED),
        *("--phases", "examples,coverage,fuzzing", "--no-shrink", "--warnings", "off"),
        *("--exclude-path-regex", "^/api/v1/sessions", "--max-time", MAX_S, "--no-color"),
        "--continue-on-failure",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    print(done.stdout[-1000:])
    assert done.returncode == 0, done.stdout[-12000:]
