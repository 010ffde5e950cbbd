"""A show of a code at gates: read as it comes, once, and what is no show told apart."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from cbor2 import CBORTag

from config.kernel import clock
from healthcode.codec import cbor, cose, sh1
from healthcode.passes.queries import active_key, private_key
from healthcode.verification.models import CheckIn, Shown, Verification
from tests.factories.health import Gate, Person, later, make_gate, make_person
from tests.factories.shows import Bearer, make_bearer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def person() -> Person:
    """Somebody green."""
    return make_person()


@pytest.fixture
def bearer(person: Person) -> Bearer:
    """Their phone."""
    return make_bearer(person)


def outcome(answer: Any) -> tuple[int, str]:
    content = answer.json()
    return answer.status_code, content.get("verdict") or content["code"]


@pytest.mark.parametrize(
    "around",
    [
        "{}\r", "{}\n", "{}\r\n", "{} ", "\t{}\r\n", " {}\t", "\x02{}\x03", "\ufeff{}",
        "{}\u200b", "\u3000{}\xa0", "{}\x1d",
    ],
)  # fmt: skip
def test_a_scanners_line_end_or_blank_spoils_no_code(bearer: Bearer, around: str) -> None:
    assert outcome(make_gate().verify(around.format(bearer.show()))) == (200, "ADMITTED")


def test_the_same_show_opens_one_gate_once(bearer: Bearer) -> None:
    first, second = make_gate("Library"), make_gate("Museum")
    show = bearer.show()
    assert outcome(first.verify(show)) == (200, "ADMITTED")
    for gate in (second, first):
        assert outcome(gate.verify(show)) == (409, "code_replayed")
    later(seconds=1)
    assert outcome(second.verify(bearer.show())) == (200, "ADMITTED")
    said = list(Verification.objects.order_by("id").values_list("verdict", flat=True))
    assert said == ["ADMITTED", "REPLAYED", "REPLAYED", "ADMITTED"]
    assert CheckIn.objects.count() == 2


def test_a_blank_around_a_show_makes_no_other_show_of_it(bearer: Bearer) -> None:
    gate, show = make_gate(), bearer.show()
    assert outcome(gate.verify(show)) == (200, "ADMITTED")
    assert outcome(gate.verify(show + "\r")) == (409, "code_replayed")


def test_a_code_of_a_minute_opens_one_gate_once(person: Person) -> None:
    first, second = make_gate("Library"), make_gate("Museum")
    code = person.code()
    assert outcome(first.verify(code)) == (200, "ADMITTED")
    for gate in (second, first):
        assert outcome(gate.verify(code)) == (409, "code_replayed")
    assert outcome(second.verify(person.code())) == (200, "ADMITTED")


def test_what_is_remembered_of_shows_is_forgotten_in_minutes(bearer: Bearer) -> None:
    make_gate().verify(bearer.show())
    later(minutes=4)
    assert not Shown.objects.exists()


def test_a_show_turned_away_by_the_rule_is_spent_too(person: Person, bearer: Bearer) -> None:
    gate, show = make_gate(), bearer.show()
    gate.venue.policy.admits = []
    gate.venue.policy.save()
    assert outcome(gate.verify(show)) == (200, "POLICY")
    assert outcome(gate.verify(show)) == (409, "code_replayed")


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [
        (89, (422, "code_not_yet_valid")),
        (31, (422, "code_not_yet_valid")),
        (29, (200, "ADMITTED")),
        (-75, (200, "ADMITTED")),
        (-91, (410, "code_expired")),
    ],
)
def test_shows_made_in_advance_are_refused(
    bearer: Bearer, ahead_s: int, expected: tuple[int, str]
) -> None:
    show = bearer.show(at=clock.now() + timedelta(seconds=ahead_s))
    if ahead_s < 0:
        later(seconds=0.1)
    assert outcome(make_gate().verify(show)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", (400, "code_unreadable")),
        ("SH1:hello", (400, "code_unreadable")),
        ("SH1:" + "A" * 3000, (400, "code_unreadable")),
        ("HC1:6BF", (400, "code_unreadable")),
    ],
)
def test_what_cannot_be_read_is_not_called_forged(text: str, expected: tuple[int, str]) -> None:
    assert outcome(make_gate().verify(text)) == expected


def test_a_code_cut_short_is_unreadable_and_a_changed_one_forged(bearer: Bearer) -> None:
    gate, show = make_gate(), bearer.show()
    assert outcome(gate.verify(show[:-30])) == (400, "code_unreadable")
    bearer.key = make_bearer(make_person()).key
    assert outcome(gate.verify(bearer.show())) == (401, "code_forged")


def test_the_gates_number_is_signed_along(bearer: Bearer) -> None:
    gate = make_gate()
    assert outcome(gate.verify(bearer.show(nonce=b"4711"), nonce="4711")) == (200, "ADMITTED")
    later(seconds=1)
    assert outcome(gate.verify(bearer.show(), nonce="4711")) == (422, "code_not_proven")
    assert outcome(gate.verify(bearer.show(nonce=b"4712"), nonce="4711")) == (401, "code_forged")
    assert Verification.objects.filter(reason="nonce_missing").count() == 1


HUGE = int.from_bytes(b"\x7f" * 1900)
HEADERS: dict[str, Any] = {
    "alg huge": {1: HUGE},
    "alg very negative": {1: -HUGE},
    "alg a text": {1: "ES256"},
    "alg a list": {1: [1, [2, {"a": 3}]]},
    "alg a map": {1: {1: 2}},
    "alg a fraction": {1: -7.5},
    "alg not a number": {1: float("nan")},
    "alg bytes": {1: b"\xff" * 300},
    "alg in a tag": {1: CBORTag(1, -7)},
    "alg null": {1: None},
    "alg missing": {},
    "critical unknown": {1: -7, 2: [99]},
    "critical no list": {1: -7, 2: HUGE},
}


def made(headers: Any, *, kid_protected: bool = True) -> str:
    """A code with any header, signed by our own key under our own id."""
    key = active_key()
    kid = bytes.fromhex(key.kid)
    protected = {**headers, **({4: kid} if kid_protected else {})}
    body = cbor.encode_ordered({7: secrets.token_bytes(16)})
    signer = cose.es256_signer(private_key(key))
    return sh1.text(cose.sign1(body, protected=protected, signer=signer))


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS.keys())
def test_a_header_no_issuer_writes_is_forged_and_written_down(bearer: Bearer, headers: Any) -> None:
    gate: Gate = make_gate()
    assert outcome(gate.verify(made(headers))) == (401, "code_forged")
    assert [row.verdict for row in Verification.objects.all()] == ["FORGED"]


@pytest.mark.parametrize(
    "protected",
    [
        pytest.param(b"\xff", id="no CBOR"),
        pytest.param(b"\x01", id="a number"),
        pytest.param(b"\xa2\x01\x26\x01\x26", id="a label twice"),
        pytest.param(b"\xa1\x01" + b"\xc2\x59\x07\x6c" + b"\x7f" * 1900, id="a huge algorithm"),
        pytest.param(b"\xa1\x01\x26\x00", id="a byte too many"),
    ],
)
def test_header_bytes_of_any_kind_are_forged(bearer: Bearer, protected: bytes) -> None:
    kid = bytes.fromhex(active_key().kid)
    data = cbor.encode_ordered(CBORTag(18, [protected, {4: kid}, b"x", bytes(64)]))
    assert outcome(make_gate().verify(sh1.text(data))) == (401, "code_forged")
    assert Verification.objects.get().verdict == "FORGED"
