"""JSON from strangers: each kind of bad text is refused in words, never by accident."""

import json

import pytest

from config.kernel.strict_json import MAX_DEPTH, MalformedJson, read_json

BAD = {
    "8,000 brackets": b"[" * 8000,
    "8,000 objects": b'{"a":' * 8000,
    "deeper than we read": b"[" * (MAX_DEPTH + 2) + b"]" * (MAX_DEPTH + 2),
    "NaN": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "a float beyond floats": b'{"a": 1e999}',
    "5,000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "beyond 64 bits": b'{"a": 9223372036854775808}',
    "half a surrogate pair": b'{"a": "\\ud83d"}',
    "half a pair in a name": b'{"\\udc00": 1}',
    "NUL in a text": b'{"a": "\\u0000"}',
    "NUL in a name": b'{"\\u0000": 1}',
    "raw control": b'{"a": "\x01"}',
    "a name twice": b'{"a": 1, "a": 2}',
    "a name twice, inside": b'[{"b": {"a": 1, "a": 1}}]',
    "byte order mark": b'\xef\xbb\xbf{"a": 1}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "broken UTF-8": b'{"a": "\xff"}',
    "nothing": b"",
    "half of it": b'{"a": ',
    "something after it": b"{} {}",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
@pytest.mark.parametrize("numbers_as_text", [False, True])
def test_what_readers_disagree_about_is_refused(body: bytes, numbers_as_text: bool) -> None:
    if numbers_as_text and body in (BAD["5,000 digits"], BAD["beyond 64 bits"]):
        return
    if numbers_as_text and body == BAD["a float beyond floats"]:
        return
    with pytest.raises(MalformedJson):
        read_json(body, numbers_as_text=numbers_as_text)


def test_what_is_json_is_read() -> None:
    value = {"a": ["x", 1, -1.5, True, None, {"中": "😀"}], "b": 2**63 - 1}
    assert read_json(json.dumps(value)) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


def test_numbers_can_stay_the_text_they_were() -> None:
    assert read_json('{"a": 1.10, "b": 9223372036854775808}', numbers_as_text=True) == {
        "a": "1.10",
        "b": "9223372036854775808",
    }
