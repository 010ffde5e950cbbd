"""Somebody's phone: the wallet's public API with its owner's session, and nothing else."""

import json
from http import HTTPStatus
from typing import Any

from django.test import Client as HttpClient

from config.kernel import clock
from config.kernel.strict_json import read_json
from lab.scenarios.acting import Facts
from lab.scenarios.stage import Stage
from wallet import public as wallet


def phone(stage: Stage, person: str, method: str, path: str, **body: Any) -> Facts:
    """Ask the API as somebody; gives `status` and the answer's fields, a list as `results`.

    A write bears an idempotency key of its own. Whose session has ended logs in again.
    """
    answer = _once(stage, person, method, path, body)
    if answer["status"] == HTTPStatus.UNAUTHORIZED:
        stage.kept.pop(f"session of {person}")
        answer = _once(stage, person, method, path, body)
    return answer


def _once(stage: Stage, person: str, method: str, path: str, body: Any) -> Facts:
    headers = {
        "host": "localhost",
        "authorization": f"Bearer {token_of(stage, person)}",
        "idempotency-key": f"{stage.scenario.name}-{stage.next_number()}",
    }
    return ask(method, path, headers, body)


def ask(method: str, path: str, headers: dict[str, str], body: Any) -> Facts:
    """One request to this process; gives `status` and the answer's fields."""
    answer = HttpClient().generic(
        method,
        path,
        json.dumps(body) if body or method not in {"GET", "DELETE"} else "",
        content_type="application/json",
        headers=headers,
    )
    text = answer.content.decode()
    content: Any = read_json(text) if text.startswith(("{", "[")) else {}
    fields = content if isinstance(content, dict) else {"results": content}
    return {**fields, "status": answer.status_code}


def token_of(stage: Stage, person: str) -> str:
    """The bearer token of somebody's session, opened on first use and anew on each day."""
    name = f"session of {person} on {clock.today('Asia/Shanghai')}"
    if name not in stage.kept:
        who = stage.person(person)
        _, stage.kept[name] = wallet.open_session(
            phone=who.phone, password=who.password, address="127.0.0.1", label="scenario"
        )
    return str(stage.kept[name])
