"""Who was seeded, by the names that a seed file gives them; kept beside the demo's keys."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from config.kernel.errors import NotFound
from lab import demo_accounts, demo_keys
from wallet import public as wallet


class PersonNotSeeded(NotFound):
    """Nobody was seeded under this name."""

    code = "person_not_seeded"
    message = "Nobody was seeded under this name."


@dataclass(frozen=True, slots=True)
class SeededPerson:
    """Somebody seeded: what one needs to act for them."""

    key: str
    name: str
    phone: str
    id_number: str
    password: str = demo_accounts.PASSWORD
    pin: str = demo_accounts.PIN

    @property
    def user(self) -> wallet.WalletUser:
        """Their wallet."""
        return wallet.user_by_phone(self.phone)

    @property
    def id(self) -> uuid.UUID:
        """Their id in the wallet."""
        return self.user.id


DEMO_KEYS = ("li", "mei", "wang")


def people() -> dict[str, SeededPerson]:
    """Everybody seeded, by name."""
    return {key: SeededPerson(**facts) for key, facts in _stored().items()}


def person(key: str) -> SeededPerson:
    """Somebody by name, phone or number.

    Raises:
        PersonNotSeeded: there is nobody.
    """
    by_key = people()
    if key in by_key:
        return by_key[key]
    for seeded in by_key.values():
        if seeded.phone == key:
            return seeded
    raise PersonNotSeeded(field="person", person=key)


def add(seeded: SeededPerson) -> None:
    """Write somebody down; again changes nothing."""
    path = demo_keys.folder() / "people.json"
    path.touch(mode=0o600)
    by_key = {**_stored(), seeded.key: asdict(seeded)}
    path.write_text(json.dumps(by_key, ensure_ascii=False), encoding="utf-8")


def _stored() -> Mapping[str, dict[str, str]]:
    path = demo_keys.folder() / "people.json"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    facts: dict[str, dict[str, str]] = json.loads(text or "{}")
    return facts
