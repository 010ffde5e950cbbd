"""Acts about the health code: trips, results, check-ins, codes and gates."""

from config.kernel import clock
from config.kernel.outbox import relay
from healthcode import public as health
from lab import laboratory
from lab.scenarios.acting import Facts, acts_of
from lab.scenarios.stage import Stage
from lab.usecases.plant_seed import gate_of_world


def risk_trip(stage: Stage, *, person: str) -> Facts:
    """Somebody reports a trip to an area at medium risk."""
    return {"colour": health.report_risk_trip(stage.person(person).id).value}


def result(stage: Stage, *, person: str, result: str, status: str = "final") -> Facts:
    """The laboratory reports a result about somebody."""
    laboratory.report(id_number=stage.person(person).id_number, result=result, status=status)
    relay.drain()
    return {}


def check_in(stage: Stage, *, person: str) -> Facts:
    """Somebody's daily check-in, without symptoms."""
    return {"colour": health.check_in_clean(stage.person(person).id).value}


def show_health_code(stage: Stage, *, person: str, keep: str) -> Facts:
    """Somebody's phone shows the health code, which is kept under a name."""
    stage.kept[keep] = health.mint_code_for(stage.person(person).id).text
    return {"at": clock.now()}


def gate(stage: Stage, *, person: str = "", code: str = "") -> Facts:
    """A gate looks at a code: the one kept under `code`, or a fresh one of `person`."""
    text = stage.kept[code] if code else health.mint_code_for(stage.person(person).id).text
    result = health.verify_at(gate_of_world(), text)
    return {"verdict": result.verdict.value, "colour": result.colour.value, "reason": result.reason}


def colour_log(stage: Stage, *, person: str) -> Facts:
    """Who looked at somebody's code, as they see it themselves."""
    return {"looks": health.access_outcomes(stage.person(person).id)}


ACTS = acts_of(risk_trip, result, check_in, show_health_code, gate, colour_log)
