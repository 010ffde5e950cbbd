"""The OpenAPI document against the health API, attacked: nothing undeclared, never a 500."""

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from tests.factories.accounts import client_of, make_user, token_of
from tests.factories.health import Gate, Phone, make_gate, new_identity

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone() -> str:
    """The credential of somebody who has declared."""
    user = make_user()
    Phone(client_of(user)).post("declarations", {"identity": new_identity(), "symptoms": []})
    return f"Bearer {token_of(user)}"


@pytest.fixture
def gate() -> Gate:
    """A registered terminal."""
    return make_gate()


DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
schema = schemathesis.openapi.from_dict(DOCUMENT).include(path_regex=r"^/api/v1/health/")
schema.app = WSGIHandler()
# A trip of the right shape may still be impossible: rules refuse what schemas cannot say.
# And what a document does not name, such as a stray query parameter, is let pass.
unsaid = CHECKS.get_by_names(["positive_data_acceptance", "negative_data_rejection"])


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_one_that_is_declared(case: Any, phone: str, gate: Gate) -> None:
    terminal = case.path.endswith("codes/verify")
    credential = f"Terminal {gate.credential}" if terminal else phone
    case.call_and_validate(headers={"Authorization": credential}, excluded_checks=unsaid)
