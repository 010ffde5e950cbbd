"""What the console shows of a developer's apps."""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from merchants.gateway.ciphers import content_key
from merchants.onboarding.models import App, AppKey
from merchants.onboarding.queries import apps_of, gateway_signer, keys_of, merchants_of

COMPATIBILITY: Final = Path(__file__).with_name("compatibility.json")


@dataclass(frozen=True, slots=True)
class AppFacts:
    """What an SDK must be told of an app, and the app's keys."""

    app: App
    keys: list[AppKey]
    gateway_url: str
    gateway_public_key: str
    aes_key: str


def facts_of(app: App) -> AppFacts:
    """All that a developer copies into an SDK, but for the private key, which we never have."""
    return AppFacts(
        app=app,
        keys=list(keys_of(app.id)),
        gateway_url=f"{settings.PUBLIC_URL}/gateway.do",
        gateway_public_key=gateway_signer().public_base64,
        aes_key=base64.b64encode(content_key(settings.DERIVATION_KEY, app.app_number)).decode(),
    )


def apps_of_owner(owner_id: uuid.UUID) -> list[App]:
    """All apps of all merchants of an owner, oldest first."""
    return [app for merchant in merchants_of(owner_id) for app in apps_of(merchant.id)]


def guide_values(app: App | None) -> Mapping[str, str]:
    """What a guide's program is filled in with: an app's own values, or telling names."""
    server = settings.PUBLIC_URL
    key = "THE_GATEWAY_PUBLIC_KEY_FROM_YOUR_APP_PAGE"
    return {
        "server": server,
        "gateway_url": f"{server}/gateway.do",
        "app_id": app.app_number if app else "YOUR_APP_ID",
        "gateway_public_key": gateway_signer().public_base64 if app else key,
        "key_file": "app-private-key.pem",
    }


@lru_cache(maxsize=1)
def compatibility() -> Mapping[str, Any]:
    """Which library at which version has called which method: written by the test runs."""
    record: Mapping[str, Any] = json.loads(COMPATIBILITY.read_text(encoding="utf-8"))
    return record
