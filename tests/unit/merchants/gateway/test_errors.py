"""The table of our failures in the protocol's words, and its completeness."""

from pathlib import Path

import pytest

from config.kernel import errors as kernel
from merchants.gateway import errors
from merchants.gateway.dispatcher import METHODS
from merchants.gateway.errors import Words
from merchants.gateway.methods.trade_codes import TRADE
from merchants.protocol.values import Fault

PAY = "alipay.trade.pay"


class Strange(kernel.Refused):
    """A refusal nobody has named in the table."""

    code = "strange"


def known_codes() -> set[str]:
    """The codes of all failures that exist in the product."""
    found, families = set(), [kernel.SaomaError]
    while families:
        family = families.pop()
        families += family.__subclasses__()
        found.add(getattr(family, "code", ""))
    return found


FAMILIES = list({id(method.words): method.words for method in METHODS.values()}.values())


@pytest.mark.parametrize("words", FAMILIES)
def test_names_no_failure_that_does_not_exist(words: Words) -> None:
    named = set(words.general) | {code for table in words.by_method.values() for code in table}
    assert named <= known_codes()


@pytest.mark.parametrize("words", FAMILIES)
def test_has_a_meaning_for_every_code_it_gives(words: Words) -> None:
    given = set(words.general.values())
    given |= {name for table in words.by_method.values() for name in table.values()}
    given |= {name for _, name in words.by_family}
    assert given <= set(words.meanings)


@pytest.mark.parametrize(
    ("family", "sub_code"),
    [
        (kernel.InvalidRequest, "ACQ.INVALID_PARAMETER"),
        (kernel.NotFound, "ACQ.TRADE_NOT_EXIST"),
        (kernel.NotPermitted, "ACQ.ACCESS_FORBIDDEN"),
        (kernel.Unauthenticated, "ACQ.ACCESS_FORBIDDEN"),
        (kernel.Conflict, "ACQ.TRADE_STATUS_ERROR"),
        (kernel.Gone, "ACQ.TRADE_STATUS_ERROR"),
        (kernel.Refused, "ACQ.PAYMENT_FAIL"),
        (kernel.Locked, "ACQ.PAYMENT_FAIL"),
    ],
)
def test_falls_back_to_the_failures_family(family: type[kernel.SaomaError], sub_code: str) -> None:
    fault = errors.translate(family(), PAY, TRADE)
    assert (fault.code, fault.sub_code) == ("40004", sub_code)


def test_calls_an_unknown_result_unknown_and_a_flood_a_flood() -> None:
    assert errors.translate(kernel.Unavailable(), PAY, TRADE) is errors.SYSTEM_ERROR
    assert errors.translate(kernel.RateLimited(), PAY, TRADE) is errors.CALL_LIMITED


def test_says_which_of_our_refusals_stands_behind_a_vague_code() -> None:
    assert errors.translate(Strange(), PAY, TRADE).sub_msg == "支付失败: strange"


def test_names_the_field_that_is_wrong() -> None:
    fault = errors.translate(kernel.InvalidRequest(field="subject"), PAY, TRADE)
    assert fault.sub_msg == "参数无效: subject"


def test_takes_an_odd_failure_for_a_wrong_parameter() -> None:
    class Odd(kernel.SaomaError):
        """Of no family."""

        code = "odd"

    assert errors.translate(Odd(), PAY, TRADE).sub_code == "ACQ.INVALID_PARAMETER"


def test_readme_lists_every_code_that_the_gateway_gives() -> None:
    text = (Path(errors.__file__).parent / "README.md").read_text(encoding="utf-8")
    faults = {fault.sub_code for fault in vars(errors).values() if isinstance(fault, Fault)}
    business = {words.prefix + name for words in FAMILIES for name in set(words.general.values())}
    assert {code for code in faults | business if f"`{code}`" not in text} == set()
