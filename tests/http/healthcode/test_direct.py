"""The gates' way in before Django: the same answers, and nothing goes unrecorded."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError

from config.wsgi import application
from healthcode.appeals.usecases.end_programme import end_programme
from healthcode.appeals.usecases.erase_person import erase_person
from healthcode.passes import queries as passes
from healthcode.passes.usecases.revoke_passes import revoke_outdated_passes
from healthcode.passes.values import PassKind
from healthcode.subjects import programme
from healthcode.verification import wsgi_fast_path
from healthcode.verification.gate_log import LOG
from healthcode.verification.models import AccessLogEntry, CheckIn, Terminal, Verification
from tests.factories.health import Gate, later, make_gate, make_person
from tests.factories.regions import agreed, shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that remembers nothing and writes when told to."""
    monkeypatch.setattr(LOG, "_start", lambda: None)
    wsgi_fast_path.forget()
    passes.forget_keys()
    yield
    LOG._waiting.clear()


def scan(gate: Gate, body: Any, **environ: Any) -> tuple[str, Any]:
    """POST to the production application."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    status: list[str] = []
    answer = application(
        {
            "REQUEST_METHOD": "POST", "PATH_INFO": wsgi_fast_path.PATH, "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80", "CONTENT_TYPE": "application/json", "QUERY_STRING": "",
            "CONTENT_LENGTH": str(len(data)), "wsgi.input": io.BytesIO(data),
            "wsgi.url_scheme": "http", "wsgi.errors": io.StringIO(),
            "HTTP_AUTHORIZATION": f"Terminal {gate.credential}", "REMOTE_ADDR": "127.0.0.1",
            **environ,
        },
        lambda line, headers: status.append(line),
    )  # fmt: skip
    return status[0][:3], json.loads(b"".join(answer))


def test_the_answer_is_the_one_that_django_gives() -> None:
    gate, person = make_gate(), make_person()
    status, found = scan(gate, {"code": person.code()})
    usual = gate.verify(person.code()).json()
    assert status == "200"
    assert {**found, "at": None} == {**usual, "at": None}
    assert (list(found), found["at"][-6:]) == (list(usual), usual["at"][-6:])


def test_a_good_scan_is_written_down_a_moment_later() -> None:
    gate, person = make_gate(), make_person()
    for _ in range(3):
        scan(gate, {"code": person.code()})
    assert not Verification.objects.exists()
    assert LOG.flush() == 3
    assert Verification.objects.filter(subject_id=person.subject_id).count() == 3
    assert (AccessLogEntry.objects.count(), CheckIn.objects.count()) == (3, 1)
    assert AccessLogEntry.objects.all()[0].by == "Library, Gate 1"


def test_a_policy_that_refuses_tells_the_person_why() -> None:
    gate, person = make_gate(), make_person(symptoms=["cough"])
    status, found = scan(gate, {"code": person.code()})
    assert (status, found["admitted"]) == ("200", False)
    LOG.flush()
    assert AccessLogEntry.objects.get().facts["rules"][0] == "hz-yellow-symptom"
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", "400"),
        ([], "422"),
        ({"code": 7}, "422"),
        ({"code": "x", "other": 1}, "422"),
        ({"code": "SH1:00"}, "401"),
        ({"code": "hello"}, "422"),
    ],
)
def test_everything_else_is_djangos_and_recorded_there(body: Any, status: str) -> None:
    found = scan(make_gate(), body)
    assert found[0][0] == status[0]
    assert not LOG._waiting


def test_strangers_specimens_and_revoked_codes_are_refused_as_ever() -> None:
    gate, person = make_gate(), make_person()
    code = person.code()
    stranger = scan(gate, {"code": code}, HTTP_AUTHORIZATION="Terminal nobody.nothing")
    specimen = scan(gate, {"code": person.code(PassKind.SPECIMEN)})
    person.declare(key="sick", symptoms=["fever"])
    old = scan(gate, {"code": code})
    revoke_outdated_passes(subject_id=person.subject_id)
    revoked = scan(gate, {"code": code})
    assert [found[0] for found in (stranger, specimen, old, revoked)] == [
        "403",
        "422",
        "410",
        "410",
    ]
    assert [found[1]["code"] for found in (specimen, old, revoked)] == [
        "code_is_specimen", "code_superseded", "code_revoked",
    ]  # fmt: skip
    assert Verification.objects.count() == 4


def test_a_terminal_that_is_taken_out_is_out(monkeypatch: pytest.MonkeyPatch) -> None:
    gate, person = make_gate(), make_person()
    assert scan(gate, {"code": person.code()})[0] == "200"
    Terminal.objects.update(revoked_at=person.subject.created_at)
    monkeypatch.setattr(wsgi_fast_path, "KEPT_S", 0.0)
    wsgi_fast_path.forget()
    assert scan(gate, {"code": person.code()})[0] == "403"


def test_what_cannot_be_written_waits_and_a_full_queue_makes_gates_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, person = make_gate(), make_person()

    def broken(looks: Any) -> int:
        raise OperationalError("no disk")

    with monkeypatch.context() as patch:
        patch.setattr(LOG, "write", broken)
        scan(gate, {"code": person.code()})
        assert LOG.flush() == 0
    monkeypatch.setattr(LOG, "full", 1)
    assert scan(gate, {"code": person.code()})[0] == "200"
    assert (Verification.objects.count(), LOG.flush()) == (1, 1)
    assert Verification.objects.count() == 2


def test_a_person_erased_meanwhile_stays_nameless() -> None:
    gate, person = make_gate(), make_person()
    scan(gate, {"code": person.code()})
    erase_person(subject_id=person.subject_id, actor="subject", purpose="on request")
    LOG.flush()
    assert Verification.objects.get().subject_id is None
    assert not AccessLogEntry.objects.exists()


def test_a_show_older_than_ninety_seconds_is_expired() -> None:
    gate, person = make_gate(), make_person()
    code = person.code()
    later(seconds=91)
    assert scan(gate, {"code": code})[0] == "410"


def test_a_code_of_a_minute_opens_no_second_gate() -> None:
    first, second, code = make_gate("Library"), make_gate("Museum"), make_person().code()
    assert scan(first, {"code": code})[1]["verdict"] == "ADMITTED"
    status, answer = scan(second, {"code": code})
    assert (status, answer["code"]) == ("409", "code_replayed")


def test_after_the_end_not_even_another_regions_pass_opens_a_gate() -> None:
    gate = make_gate()
    agreed()
    assert scan(gate, {"code": shown()})[0] == "200"
    end_programme(actor="operator:end", purpose="it is over")
    programme.forget()
    status, answer = scan(gate, {"code": shown()})
    assert (status, answer["code"]) == ("410", "programme_ended")
    LOG.flush()
    assert (len(LOG._waiting), Verification.objects.count()) == (0, 0)
