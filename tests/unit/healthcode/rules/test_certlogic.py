"""CertLogic: the official suite, the schema, and that nothing but an answer comes out."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from healthcode.rules.certlogic.dates import parse, plus_time, to_text
from healthcode.rules.certlogic.evaluator import compiled, evaluate, to_json
from healthcode.rules.certlogic.validator import data_accesses, desugared, problems
from healthcode.rules.certlogic.values import CertLogicError, Moment, same, truth
from tests.vectors import cases, load


def assertions() -> list[Any]:
    """All active assertions of the suite: name, expression, data, expected."""
    found = []
    for suite in cases("certlogic-testsuite.json", "suites"):
        for case in suite["cases"]:
            for number, one in enumerate(case["assertions"]):
                if "skip" not in (
                    suite.get("directive"),
                    case.get("directive"),
                    one.get("directive"),
                ):
                    logic = one.get("certLogicExpression", case.get("certLogicExpression"))
                    name = f"{suite['name']}: {case['name']} {number}"
                    found.append(pytest.param(logic, one["data"], one["expected"], id=name))
    return found


@pytest.mark.parametrize(("logic", "data", "expected"), assertions())
def test_agrees_with_the_official_suite(logic: Any, data: Any, expected: Any) -> None:
    result = to_json(evaluate(logic, data))
    assert same(result, expected)
    assert problems(logic) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["var", "if", "and", "!", "===", "in", "+", "<", ">=", "after", "not-after", "plusTime",
     "reduce", "extractFromUVCI", "dccDateOfBirth", "or"]
)  # fmt: skip
DATES = st.sampled_from(
    ["2020-02-29", "2021", "2021-13", "2021-06-01T00:00:00+2", "day", "year", "a.0"]
)
EXPRESSIONS = st.recursive(
    JSON | DATES,
    lambda inner: st.dictionaries(NAMES, st.lists(inner, max_size=3) | inner, max_size=1),
    max_leaves=12,
)


@given(logic=EXPRESSIONS, data=JSON)
def test_any_expression_on_any_data_gives_a_value_or_its_error(logic: Any, data: Any) -> None:
    try:
        result = evaluate(logic, data)
    except CertLogicError:
        return
    assert result == result or result != result


@given(logic=EXPRESSIONS, data=JSON)
def test_a_rule_gives_the_same_answer_each_time(logic: Any, data: Any) -> None:
    rule = compiled(logic)
    outcomes = []
    for _ in range(2):
        try:
            outcomes.append(repr(rule(data)))
        except CertLogicError as error:
            outcomes.append(error.reason)
    assert outcomes[0] == outcomes[1]


def var(path: str) -> dict[str, str]:
    return {"var": path}


DATE = {"plusTime": ["2021-06-01", 0, "day"]}


@pytest.mark.parametrize(
    "logic",
    [
        pytest.param(None, id="null"),
        pytest.param(1.5, id="a fraction"),
        pytest.param({}, id="no operator"),
        pytest.param({"===": [1, 1], "+": [1, 1]}, id="two operators"),
        pytest.param({"var": 0}, id="a path in digits"),
        pytest.param({"+": 1}, id="operands that are no array"),
        pytest.param({"+": []}, id="no operands"),
        pytest.param({"or": [True, True]}, id="an unknown operator"),
        pytest.param({"if": [True, 1]}, id="too few operands"),
        pytest.param({"if": [{"var": "half"}, 1, 2]}, id="a guard that is neither"),
        pytest.param({"and": [True, {"var": "half"}]}, id="an operand that is neither"),
        pytest.param({"!": [{"var": "half"}]}, id="a negation of what is neither"),
        pytest.param({"in": [1, "1"]}, id="in a text"),
        pytest.param({"+": [1, "1"]}, id="adding text"),
        pytest.param({"+": [True, 1]}, id="adding yes"),
        pytest.param({"<": ["1", 2]}, id="comparing text"),
        pytest.param({"after": ["2021-01-01", DATE]}, id="comparing a date in text"),
        pytest.param({"<": [DATE, 1]}, id="comparing a date with a number"),
        pytest.param({"plusTime": ["2021-06-01", {"+": [1, 1]}, "day"]}, id="a computed amount"),
        pytest.param({"plusTime": ["2021-06-01", True, "day"]}, id="an amount of yes"),
        pytest.param({"plusTime": ["2021-06-01", 1, "week"]}, id="weeks"),
        pytest.param({"plusTime": [1, 1, "day"]}, id="a date in digits"),
        pytest.param({"plusTime": ["2021-06-01", 10**30, "day"]}, id="an endless time"),
        pytest.param({"plusTime": ["2021-06-01", 3_000_000_000, "hour"]}, id="an end of time"),
        pytest.param({"plusTime": ["2021-06-01", 9000, "year"]}, id="the year 11021"),
        pytest.param({"reduce": [1, 1, 1]}, id="reducing a number"),
        pytest.param({"extractFromUVCI": [1, 1]}, id="a certificate id in digits"),
        pytest.param({"extractFromUVCI": ["a", "1"]}, id="an index in text"),
        pytest.param({"dccDateOfBirth": [1]}, id="a birthday in digits"),
        pytest.param({"dccDateOfBirth": ["May"]}, id="a birthday in words"),
        pytest.param({"dccDateOfBirth": ["2021-13"]}, id="a thirteenth month"),
        pytest.param({"plusTime": ["2021-02-30", 1, "day"]}, id="30 February"),
        pytest.param({"plusTime": ["2021-02-01T25:00:00", 1, "day"]}, id="25 o'clock"),
        pytest.param({"plusTime": ["2021-02-01 10:00", 1, "day"]}, id="another form of date"),
    ],
)
def test_raises_on_what_means_nothing(logic: Any) -> None:
    with pytest.raises(CertLogicError):
        evaluate(logic, {"half": 0.5})


def test_finds_errors_only_where_it_gets_to() -> None:
    assert evaluate({"if": [True, 1, {"nonsense": [1]}]}, {}) == 1


def test_a_deep_expression_is_refused_and_a_long_one_is_not() -> None:
    deep: Any = True
    for _ in range(200):
        deep = {"!": [deep]}
    with pytest.raises(CertLogicError):
        evaluate(deep, {})
    assert problems(deep) != []
    assert evaluate({"and": [True] * 5000}, {}) is True


@pytest.mark.parametrize(
    ("text", "amount", "unit", "expected"),
    [
        ("2020-02-29", 1, "year", "2021-03-01T00:00:00.000Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-01-01", -1, "month", "2020-12-01T00:00:00.000Z"),
        ("2021-08-20T12:03:12+2", 0, "day", "2021-08-20T10:03:12.000Z"),
        ("2021-08-20T12:03:12-0230", 0, "day", "2021-08-20T14:33:12.000Z"),
        ("2021-08-20T12:03:12.98765", 0, "hour", "2021-08-20T12:03:12.987Z"),
        ("2021-10-31", 24, "hour", "2021-11-01T00:00:00.000Z"),
        ("2021-02", 0, "day", "2021-02-28T00:00:00.000Z"),
        ("2020", 0, "day", "2020-12-31T00:00:00.000Z"),
    ],
)
def test_moves_time_as_the_specification_says(
    text: str, amount: int, unit: str, expected: str
) -> None:
    assert to_text(plus_time(text, amount, unit)) == expected


def test_moments_outside_the_calendar_have_no_text() -> None:
    assert to_text(parse("0001-01-01")) == "0001-01-01T00:00:00.000Z"
    with pytest.raises(CertLogicError):
        to_text(Moment(10**17))


def test_a_moment_counts_as_yes() -> None:
    assert truth(Moment(0)) is True
    assert evaluate({"if": [DATE, 1, 2]}, {}) == 1


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        (1, 1.0, True), (1, True, False), ([1], [True], False), ([1], [1], True),
        ({"a": 1}, {"a": 1}, True), ({"a": 1}, {"b": 1}, False), (None, None, True),
        (Moment(1), Moment(1), True), (None, False, False),
    ],
)  # fmt: skip
def test_equality_coerces_nothing(left: Any, right: Any, equal: bool) -> None:
    assert same(left, right) is equal


def test_results_of_every_kind_become_json() -> None:
    value = to_json({"at": [parse("2021-01-01")], "n": 1})
    assert json.dumps(value) == '{"at": ["2021-01-01T00:00:00.000Z"], "n": 1}'


@pytest.mark.parametrize(
    ("logic", "count"),
    [
        (None, 1), (3.14, 1), ({}, 1), ({"foo": 1, "bar": 2}, 1), ({"all": "foo"}, 1),
        ({"all": []}, 1), ({"var": 0}, 1), ({"var": ""}, 0), ({"var": "x.0.y"}, 0),
        ({"var": "x."}, 1), ({"if": [1.5, None, True]}, 2), ({"!": []}, 1),
        ({"plusTime": ["2021", "1", "week"]}, 2), ({"plusTime": ["2021", 1, "day"]}, 0),
        ({"extractFromUVCI": ["x", 1.5]}, 1), ([1, None, 2.0], 1), ({"plusTime": ["2021"]}, 1),
    ],
)  # fmt: skip
def test_the_validator_finds_every_problem_of_form(logic: Any, count: int) -> None:
    assert len(problems(logic)) == count


def test_or_becomes_what_certlogic_has() -> None:
    logic = desugared({"or": [var("a"), {"or": [var("b"), False]}]})
    assert problems(logic) == []
    for a in (True, False):
        for b in (True, False):
            assert evaluate(logic, {"a": a, "b": b}) is (a or b)
    assert desugared({"or": [1]}) == {"or": [1]}
    assert desugared({"and": [1, 2]}) == {"and": [1, 2]}


def test_knows_what_data_a_rule_looks_at() -> None:
    logic = {"and": [var("a.b"), {"reduce": [var("c"), var("current"), var("d")]}, {"!": [7]}]}
    assert data_accesses(logic) == {"a.b", "c", "d"}


def test_the_schema_of_the_specification_accepts_what_the_validator_accepts() -> None:
    validator = pytest.importorskip("jsonschema").Draft7Validator
    schema = validator(load("certlogic-expression.schema.json"))
    for parameters in assertions():
        assert schema.is_valid(parameters.values[0])
