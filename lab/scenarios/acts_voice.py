"""Acts of a speaker in a kitchen, and of the phone that decides above its caps."""

import uuid
from typing import Any

from config.kernel import clock
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.phone import ask, phone
from lab.scenarios.stage import Stage
from lab.services.genie.speaker import Speaker


def bind_speaker(
    stage: Stage, *, person: str, agreement: str, serial: str, daily: str, keep: str
) -> Facts:
    """Somebody binds a speaker on the phone, with the PIN, to an agreement and a daily cap."""
    speaker = _speaker(serial)
    stage.kept[keep] = speaker
    rows: Any = phone(stage, person, "GET", "/api/v1/agreements")["results"]
    row = next(row for row in rows if row["number"] == stage.kept[agreement])
    facts = phone(
        stage, person, "POST", "/api/v1/speakers",
        pin=stage.person(person).pin, agreement_id=row["agreement_id"], serial=serial,
        public_key=speaker.public_key, daily_cap=daily,
    )  # fmt: skip
    speaker.bound_as = str(facts.get("id", ""))
    return facts


def unbound_speaker(stage: Stage, *, serial: str, keep: str, like: str = "") -> Facts:
    """A speaker that nobody bound; `like` calls itself as another does."""
    speaker = _speaker(serial)
    speaker.bound_as = stage.kept[like].bound_as if like else str(uuid.UUID(int=0))
    stage.kept[keep] = speaker
    return {}


def release_speaker(stage: Stage, *, person: str, speaker: str) -> Facts:
    """Its owner takes the speaker's word back on the phone."""
    return phone(stage, person, "DELETE", f"/api/v1/speakers/{stage.kept[speaker].bound_as}")


def say_buy(
    stage: Stage, *, speaker: str, item: str, request: str, voice: str = "ADULT", keep: str = ""
) -> Facts:
    """Somebody says "buy …" to a speaker; what it signs is kept under a name, if there is one."""
    device: Speaker = stage.kept[speaker]
    facts = device.signed_order(item, voice=voice, request=request, at=clock.now())
    if keep:
        stage.kept[keep] = facts
    return device.send(facts)


def replay(stage: Stage, *, speaker: str, request: str, amount: str = "") -> Facts:
    """Somebody sends again what a speaker signed, or with another amount."""
    facts = stage.kept[request] | ({"amount": amount} if amount else {})
    device: Speaker = stage.kept[speaker]
    return device.send(facts)


def voice_orders(stage: Stage, *, person: str) -> Facts:
    """How somebody's orders by voice stand, newest first, as their phone shows them."""
    rows: Any = phone(stage, person, "GET", "/api/v1/voice-orders")["results"]
    return {"states": [row["state"] for row in rows], "ways": [row["way"] for row in rows]}


def confirm_spoken(stage: Stage, *, person: str) -> Facts:
    """Somebody agrees on the phone to the newest order that waits for them, with the PIN."""
    rows: Any = phone(stage, person, "GET", "/api/v1/voice-orders")["results"]
    row = rows[0]
    path = f"/api/v1/payments/{row['payment_id']}/confirm"
    return phone(stage, person, "POST", path, pin=stage.person(person).pin)


def _speaker(serial: str) -> Speaker:
    return Speaker(serial, lambda path, facts: ask("POST", path, {"host": "localhost"}, facts))


ACTS = acts_of(
    bind_speaker, unbound_speaker, release_speaker, say_buy, replay, voice_orders, confirm_spoken
)
