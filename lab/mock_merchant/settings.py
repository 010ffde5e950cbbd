"""What a merchant must know to call the gateway, read from one JSON file.

`manage.py sandbox` prints this JSON; a real merchant would keep the same facts.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Settings:
    """The gateway's address, our app and the two keys.

    `app_private_key` is ours and signs requests; `gateway_public_key` is theirs and
    checks answers and notifications. Both are PEM text.
    """

    gateway_url: str
    app_id: str
    app_private_key: str
    gateway_public_key: str
    sign_type: str = "RSA2"
    charset: str = "utf-8"
    notify_url: str = ""
    timeout_s: float = 10.0


def load(path: str | Path) -> Settings:
    """Read what `manage.py sandbox` printed; keys are read from the files it names."""
    return from_mapping(json.loads(Path(path).read_text(encoding="utf-8")))


def from_mapping(facts: dict[str, Any]) -> Settings:
    """Make settings from the sandbox's facts; unknown ones are ignored."""
    return Settings(
        gateway_url=facts["gateway_url"],
        app_id=facts["app_id"],
        app_private_key=Path(facts["app_private_key_file"]).read_text(encoding="ascii"),
        gateway_public_key=Path(facts["gateway_public_key_file"]).read_text(encoding="ascii"),
        notify_url=facts.get("notify_url", ""),
    )
