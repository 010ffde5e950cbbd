"""Payment codes: check digit, passwords, and taking codes apart.

The RFC vectors are read where the specification keeps them.
"""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import vectors
from wallet.qr import paycode

KEY = hashlib.sha256(b"demo key").digest()
ALIAS = "123456789"
MOMENT_S = 1790000010
OTP_VECTORS = [entry for entry in vectors.cases("qr.json", "") if entry["kind"] == "otp"]

digits_of = st.text("0123456789", min_size=1, max_size=30)


@pytest.mark.parametrize("vector", OTP_VECTORS, ids=lambda vector: str(vector["id"]))
def test_hotp_gives_the_code_of_the_rfc(vector: dict[str, object]) -> None:
    expected = vector["expected"]
    assert isinstance(expected, dict)
    key = str(expected["secret_ascii"]).encode()
    algorithm, digits = str(expected["algorithm"]), int(expected["digits"])
    assert (
        paycode.hotp(key, int(expected["counter"]), digits=digits, algorithm=algorithm)
        == (vector["payload"])
    )
    if expected["time"] is not None:
        at = paycode.totp(key, float(expected["time"]), digits=digits, algorithm=algorithm)
        assert at == vector["payload"]


def test_one_time_password_makes_the_design_sample() -> None:
    otp = paycode.one_time_password(KEY, ALIAS, paycode.step_at(MOMENT_S))
    code = paycode.compose_offline(prefix="77", alias=ALIAS, otp=otp)
    assert code == "77112345678938446068"


def test_damm_gives_the_digit_of_its_published_example() -> None:
    assert paycode.damm("572") == "4"


@given(digits_of)
def test_damm_accepts_a_number_with_its_own_digit(digits: str) -> None:
    assert paycode.damm(digits + paycode.damm(digits)) == "0"


@given(digits_of, st.data())
def test_damm_catches_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    good = digits + paycode.damm(digits)
    place = data.draw(st.integers(0, len(good) - 1))
    wrong = data.draw(st.sampled_from([d for d in "0123456789" if d != good[place]]))
    assert paycode.damm(good[:place] + wrong + good[place + 1 :]) != "0"


@given(st.text("0123456789", min_size=2, max_size=30), st.data())
def test_damm_catches_every_swap_of_unlike_neighbours(digits: str, data: st.DataObject) -> None:
    good = digits + paycode.damm(digits)
    place = data.draw(st.integers(0, len(good) - 2))
    swapped = good[:place] + good[place + 1] + good[place] + good[place + 2 :]
    assert (paycode.damm(swapped) == "0") == (good[place] == good[place + 1])


@given(st.text("0123456789", min_size=9, max_size=9), st.text("0123456789", min_size=7, max_size=7))
def test_parse_code_undoes_compose_offline(alias: str, otp: str) -> None:
    code = paycode.compose_offline(prefix="28", alias=alias, otp=otp)
    assert len(code) == paycode.CODE_DIGITS
    parsed = paycode.parse_code(code, prefix="28")
    assert (parsed.kind, parsed.token, parsed.otp) == (paycode.CodeKind.OFFLINE, alias, otp)


@given(st.text("0123456789", min_size=16, max_size=16))
def test_parse_code_undoes_compose_random(token: str) -> None:
    parsed = paycode.parse_code(paycode.compose_random(prefix="28", token=token), prefix="28")
    assert (parsed.kind, parsed.token, parsed.otp) == (paycode.CodeKind.RANDOM, token, "")


def spoiled(code: str) -> list[str]:
    unknown_type = "282" + code[3:-1]
    return [
        "",
        code[:-1],
        code + "0",
        code[:-1] + str((int(code[-1]) + 1) % 10),
        "29" + code[2:],
        code[:5] + "x" + code[6:],
        code[:5] + "\u0663" + code[6:],
        unknown_type + paycode.damm(unknown_type),
    ]


@pytest.mark.parametrize(
    "code", spoiled(paycode.compose_offline(prefix="28", alias=ALIAS, otp="0000000"))
)
def test_parse_code_refuses_what_is_no_code_of_ours(code: str) -> None:
    with pytest.raises(paycode.CodeMalformed):
        paycode.parse_code(code, prefix="28")


@pytest.mark.parametrize(("age_s", "good"), [(-31, False), (-30, True), (0, True), (59, True)])
def test_a_code_is_good_from_its_step_before_to_its_step_after(age_s: int, good: bool) -> None:
    shown_at = MOMENT_S - MOMENT_S % paycode.STEP_S
    otp = paycode.one_time_password(KEY, ALIAS, paycode.step_at(shown_at))
    steps = paycode.current_steps(shown_at + age_s)
    assert (paycode.matching_step(KEY, ALIAS, otp, steps) is not None) is good


def test_a_code_is_expired_for_ten_steps_and_then_unknown() -> None:
    now = paycode.step_at(MOMENT_S)
    steps = list(paycode.expired_steps(MOMENT_S))
    assert steps == list(range(now - 2, now - 11, -1))
    assert not set(steps) & set(paycode.current_steps(MOMENT_S))


def test_matching_step_names_the_step() -> None:
    now = paycode.step_at(MOMENT_S)
    otp = paycode.one_time_password(KEY, ALIAS, now - 1)
    assert paycode.matching_step(KEY, ALIAS, otp, paycode.current_steps(MOMENT_S)) == now - 1


def test_passwords_differ_by_key_and_alias() -> None:
    step = paycode.step_at(MOMENT_S)
    mine = paycode.one_time_password(KEY, ALIAS, step)
    assert mine != paycode.one_time_password(KEY[::-1], ALIAS, step)
    assert mine != paycode.one_time_password(KEY, "987654321", step)
