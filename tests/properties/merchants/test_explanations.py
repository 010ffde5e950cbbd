"""Whatever somebody pastes is explained or refused, and never an error of ours."""

import contextlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.kernel.errors import SaomaError
from merchants.diagnosis import transport_damage
from merchants.diagnosis.request_parser import parse_request
from merchants.diagnosis.usecases.explain_signature import explain_signature
from merchants.onboarding.models import App
from merchants.protocol import parameters
from tests.factories.merchants import make_app, make_merchant

pytestmark = pytest.mark.django_db
PIECES = st.sampled_from(
    ["%", "%25", "%zz", "&amp;", "¬ify_url", "&notify_url=", "×tamp", "+", " ", "=", "&", "'", '"',
     "curl ", "-d ", "-H ", "\n", "\r\n", "\\\n", "> ", "POST /gateway.do HTTP/1.1", "Host: x",
     "sign=", "sign_type=RSA2&", "biz_content={}&", "charset=GBK&", "http://h/g?", "$", "A" * 344]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


@pytest.fixture
def app() -> App:
    return make_app(make_merchant())


@given(TEXTS)
def test_whatever_is_pasted_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SaomaError):
        parse_request(text)


@given(st.binary(max_size=400) | TEXTS.map(lambda text: text.encode("utf-8", "replace")))
def test_a_signature_of_any_bytes_has_readings_that_end(sign: bytes) -> None:
    assert len(list(transport_damage.signatures(sign))) < 10


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=TEXTS, body=TEXTS, canonical=TEXTS, sign=TEXTS)
def test_every_request_is_explained(app: App, **texts: Any) -> None:
    body = f"app_id={app.app_number}&sign_type=RSA2&sign={texts.pop('sign')}&{texts.pop('body')}"
    with contextlib.suppress(SaomaError, parameters.TooManyParameters):
        found = explain_signature(body=body, **texts)
        assert found.findings
