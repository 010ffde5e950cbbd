"""JSON is read as it is written, or not at all."""

import json

import pytest

from config.kernel.strict_json import read_json

GOOD = {"name": "张三", "n": [1, -2.5, True, None], "deep": {"a": {"b": "\U0001f600"}}}


def test_reads_json_in_utf8() -> None:
    text = json.dumps(GOOD, ensure_ascii=False)
    assert read_json(text) == read_json(text.encode()) == read_json(json.dumps(GOOD)) == GOOD


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param("\ufeff{}", id="a byte order mark in text"),
        pytest.param("{}".encode("utf-16"), id="UTF-16 with a mark"),
        pytest.param("{}".encode("utf-16-le"), id="UTF-16"),
        pytest.param("{}".encode("utf-32-be"), id="UTF-32"),
        pytest.param(b'{"a":1,"a":1}', id="a name twice"),
        pytest.param(b'[{"x":{"a":1,"a":2}}]', id="a name twice inside"),
        pytest.param(b'{"a":1,"\\u0061":2}', id="a name twice, once escaped"),
        pytest.param(b"NaN", id="not a number"),
        pytest.param(b"[1e999]", id="infinite"),
        pytest.param(b"9" * 5000, id="thousands of digits"),
        pytest.param(b'"\\u0000"', id="NUL"),
        pytest.param(b'"\\ud800"', id="half a surrogate pair"),
        pytest.param(b'{"\\udfff":1}', id="half a pair as a name"),
        pytest.param(b'"\xff"', id="no UTF-8"),
        pytest.param(b"[" * 8000, id="endless nesting"),
        pytest.param(b"[" * 40 + b"]" * 40, id="nesting"),
        pytest.param(b"{} {}", id="two of them"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_refuses_what_two_readers_would_read_differently(data: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(data)
