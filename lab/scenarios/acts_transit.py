"""Acts of a ride without network: phones with certificates, gates that upload later."""

from collections.abc import Sequence
from typing import Any

from config.kernel import clock
from lab import demo_keys
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.phone import phone
from lab.scenarios.stage import Stage
from lab.services.metro.gate import Gate, RiderPhone
from wallet.money import parse_amount

OWNER = "owner"
_GATES = {"west": ("West Lake", 0), "east": ("East Station", 2)}


def open_metro(stage: Stage, *, shop: str, base: str, stop: str, maximum: str) -> Facts:
    """A shop carries people between two stations; its gates learn whom to believe."""
    app_number = demo_keys.load(shop).app_number
    path = f"/api/v1/transit/operators/{app_number}"
    phone(stage, OWNER, "PUT", path, base=base, stop=stop, maximum=maximum)
    for name, (station, place) in _GATES.items():
        phone(stage, OWNER, "PUT", f"{path}/gates/{name}", station=station, stop=place)
        gate = Gate(name, parse_amount(maximum, "CNY"))
        stage.kept[f"gate {name}"] = gate
    return gates_online(stage)


def gates_online(stage: Stage) -> Facts:
    """The gates have network for a moment, and learn whom not to believe any more."""
    for name in _GATES:
        _gate(stage, name).prepare(lambda *call, **body: phone(stage, OWNER, *call, **body))
    return {"revoked": len(_gate(stage, "west").revoked)}


def get_certificate(stage: Stage, *, person: str) -> Facts:
    """Somebody's phone fetches our word for a day, while it has network."""
    device: RiderPhone = stage.kept.setdefault(f"rider {person}", RiderPhone())
    answer = device.fetch(lambda *call, **body: phone(stage, person, *call, **body))
    return {"code": answer.get("code", ""), "issued": "signature" in answer}


def clone_phone(stage: Stage, *, person: str, thief: str) -> Facts:
    """Somebody copies all that is on somebody's phone."""
    stage.kept[f"rider {thief}"] = stage.kept[f"rider {person}"].clone()
    return {}


def pass_gate(stage: Stage, *, person: str, gate: str, way: str, at: str = "") -> Facts:
    """Somebody goes through a gate; neither has network. The gate opens, or says why not."""
    stage.move_to(at)
    device: RiderPhone = stage.kept.setdefault(f"rider {person}", RiderPhone())
    return {"gate": _gate(stage, gate).pass_through(device, way, clock.now())}


def upload(stage: Stage, *, gate: str, keep: bool = False) -> Facts:
    """A gate has network again and tells what it saw; with `keep` it will tell it once more."""
    reader = _gate(stage, gate)
    rows = reader.upload(lambda *call, **body: phone(stage, OWNER, *call, **body))
    if not keep:
        reader.seen.clear()
    return {"outcomes": [row["outcome"] for row in rows], "faults": [r["fault"] for r in rows]}


def ride(
    stage: Stage,
    *,
    person: str,
    out_at: str,
    upload_at: str = "",
    gates: Sequence[str] = ("west", "east"),
) -> Facts:
    """A whole ride with phone and gates offline; uploaded later, or not yet."""
    facts = [pass_gate(stage, person=person, gate=gates[0], way="ENTRY")["gate"]]
    facts.append(pass_gate(stage, person=person, gate=gates[1], way="EXIT", at=out_at)["gate"])
    stage.move_to(upload_at)
    for gate in gates if upload_at else ():
        upload(stage, gate=gate)
    return {"gates": facts}


def rides(stage: Stage, *, person: str) -> Facts:
    """Somebody's rides, newest first, as their phone shows them."""
    rows: Any = phone(stage, person, "GET", "/api/v1/transit/rides")["results"]
    return {"rides": [f"{row['state']} {row['fare']}" for row in rows]}


def _gate(stage: Stage, name: str) -> Gate:
    gate: Gate = stage.kept[f"gate {name}"]
    return gate


ACTS = acts_of(
    open_metro, gates_online, get_certificate, clone_phone, pass_gate, upload, ride, rides
)
