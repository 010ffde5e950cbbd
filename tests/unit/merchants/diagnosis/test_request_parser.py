"""What people paste: addresses, raw HTTP and curl commands become query and body."""

import pytest

from merchants.diagnosis.request_parser import FORM, CommandUnreadable, SentRequest, parse_request

URL = "http://127.0.0.1:8000/gateway.do"
BODY = "biz_content=%7B%7D"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", SentRequest("", "")),
        (f"> POST /gateway.do?a=1 HTTP/1.1\n> Host: x\n>\n\n{BODY}", SentRequest("a=1", BODY)),
        ("a=1&b=2", SentRequest("a=1&b=2", "")),
        ("a=1", SentRequest("", "a=1")),
        (f"{URL}?a=1\n{BODY}", SentRequest("a=1", BODY)),
        (f"a=1&b=2\n{BODY}", SentRequest("a=1&b=2", BODY)),
        ("?a=http://x/?b", SentRequest("a=http://x/?b", "")),
        (f"{URL}?t=2026-01-02 03:04:05&s=a b", SentRequest("t=2026-01-02 03:04:05&s=a b", "")),
        (f"POST /gateway.do?a=1 HTTP/1.1\n{BODY}", SentRequest("a=1", BODY)),
        ("GET /gateway.do?a=1 2 HTTP/1.1\nHost: x\n\n", SentRequest("a=1 2", "")),
        (
            f"POST /gateway.do?a=1 HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM};charset=GBK\r\n\r\n"
            + BODY,
            SentRequest("a=1", BODY, f"{FORM};charset=GBK"),
        ),
        (
            f"POST {URL} HTTP/1.1\ncontent-type: {FORM}\n\na=1&{BODY}",
            SentRequest("", f"a=1&{BODY}"),
        ),
        (
            "POST /gateway.do HTTP/1.1\ncontent-type: multipart/form-data; boundary=B\n\n--B\nx",
            SentRequest("", "--B\r\nx", "multipart/form-data; boundary=B"),
        ),
    ],
)
def test_a_request_is_taken_apart(text: str, read: SentRequest) -> None:
    assert parse_request(text) == read


@pytest.mark.parametrize(
    ("command", "read"),
    [
        (f"curl '{URL}?a=1' -d '{BODY}'", SentRequest("a=1", BODY)),
        (f"$ curl -X POST {URL}?a=1&b=2 --data-raw {BODY}", SentRequest("a=1&b=2", BODY)),
        (f"curl --url '{URL}' -da=1 -d 'b=2'", SentRequest("", "a=1&b=2")),
        (f"curl -s {URL} \\\n  --data-urlencode 'a=1+ 2'", SentRequest("", "a=1%2B%202")),
        (f"curl {URL} --data-urlencode =1+ --data-urlencode 2+", SentRequest("", "1%2B&2%2B")),
        (f"curl -G {URL}?a=1 -d b=2", SentRequest("a=1&b=2", "")),
        (f"curl -H 'Content-Type: {FORM};charset=GBK' {URL} -d a=1 -o /x?y=1",
         SentRequest("", "a=1", f"{FORM};charset=GBK")),
        (f"curl {URL} -F 'a=1&2' -F 'b=é'", SentRequest("", "a=1%262&b=%C3%A9")),
        (f"curl {URL} --compressed --data-binary $'a=1'", SentRequest("", "a=1")),
        (f"curl {URL} -d @file -H 'Accept: */*'", SentRequest("", "")),
        ("curl -s", SentRequest("", "")),
    ],
)  # fmt: skip
def test_a_curl_command_is_taken_apart(command: str, read: SentRequest) -> None:
    assert parse_request(command) == read


def test_a_quote_that_does_not_close_is_said() -> None:
    with pytest.raises(CommandUnreadable):
        parse_request(f"curl '{URL} -d a=1")
