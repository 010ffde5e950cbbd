"""Explain why the signature of a REST request is wrong."""

import json
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

from config.kernel import clock
from config.kernel.strict_json import MalformedJson, read_json
from merchants.diagnosis import signing_mistakes
from merchants.diagnosis.usecases.explain_signature import Explanation, difference_of
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import SignType
from merchants.protocol import rules, signing
from merchants.protocol.values import UTF_8

_NO_NEWLINE: Final = "no_last_newline: each line of the string ends in a line break, the last too"
_NO_QUERY: Final = "query_left_out: the path is signed with its query, exactly as it was sent"
_DECODED: Final = "decoded_query: the query is signed percent-encoded, exactly as it was sent"
_NO_BODY: Final = "body_left_out: the body is signed, exactly as it was sent"
_REWRITTEN: Final = "body_rewritten: the body was written anew after it was signed"


def explain_rest(*, verb: str, target: str, authorization: str, body: str) -> Explanation:
    """Build the gateway's string for a request under /v3/ and find what was signed instead.

    Args:
        verb: GET or POST.
        target: path and query as sent.
        authorization: the header of that name, whole.
        body: as sent.
    """
    header = rules.v3_authorization(authorization)
    if header is None:
        reason = "missing_parameter: the authorization header has no scheme or no sign"
        return Explanation("", False, [reason], None)
    auth, facts, signature = header
    ours = rules.v3_request_canonical(auth, verb, target, body)
    app = app_credentials(facts.get("app_id", ""))
    if app is None:
        return Explanation(ours, False, ["unknown_app: no app has this app_id"], None)

    def fits(text: str) -> bool:
        """Whether one of the app's keys signed it."""
        return signing.signed_by_one_of(
            app.public_keys, [text.encode()], signature, SignType.RSA2, clock.now()
        )

    if fits(ours):
        return Explanation(ours, True, ["valid: the signature fits"], None)
    for reason, text in _other_strings(auth, verb, target, body):
        if fits(text):
            return Explanation(ours, False, [reason], difference_of(ours, text, UTF_8), text)
    return Explanation(ours, False, [signing_mistakes.NO_MATCH], None)


def _other_strings(auth: str, verb: str, target: str, body: str) -> Iterator[tuple[str, str]]:
    def built(path: str, text: str) -> str:
        return rules.v3_request_canonical(auth, verb, path, text)

    yield _NO_NEWLINE, built(target, body).removesuffix("\n")
    yield _NO_QUERY, built(target.partition("?")[0], body)
    yield _DECODED, built(unquote(target), body)
    yield _NO_BODY, built(target, "")
    try:
        content = read_json(body)
    except MalformedJson:
        return
    for separators in ((",", ":"), (", ", ": ")):
        for plain in (True, False):
            text = json.dumps(content, ensure_ascii=plain, separators=separators)
            yield _REWRITTEN, built(target, text)
