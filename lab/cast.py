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
class Member:
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


def members() -> dict[str, Member]:
    """Everybody seeded, by name."""
    return {key: Member(**facts) for key, facts in _stored().items()}


def member(key: str) -> Member:
    """Somebody by name, phone or number.

    Raises:
        PersonNotSeeded: there is nobody.
    """
    people = members()
    if key in people:
        return people[key]
    for person in people.values():
        if person.phone == key:
            return person
    raise PersonNotSeeded(field="person", person=key)


def add(person: Member) -> None:
    """Write somebody down; again changes nothing."""
    path = demo_keys.folder() / "people.json"
    path.touch(mode=0o600)
    people = {**_stored(), person.key: asdict(person)}
    path.write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")


def _stored() -> Mapping[str, dict[str, str]]:
    path = demo_keys.folder() / "people.json"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    facts: dict[str, dict[str, str]] = json.loads(text or "{}")
    return facts
