"""The OpenAPI document against the health API, attacked: nothing undeclared, never a 500."""

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS

from tests.factories.health import Gate, Phone, make_gate, make_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone() -> Phone:
    """Somebody who has declared."""
    phone = make_phone()
    phone.post("declarations", {"symptoms": []})
    return phone


@pytest.fixture
def gate() -> Gate:
    """A registered terminal."""
    return make_gate()


DOCUMENT = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
schema = schemathesis.openapi.from_dict(DOCUMENT).include(path_regex=r"^/api/v1/health/")
schema.app = WSGIHandler()
# A trip of the right shape may still be impossible: rules refuse what schemas cannot say.
positive_data_acceptance = CHECKS.get_one("positive_data_acceptance")


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_every_answer_is_one_that_is_declared(case: Any, phone: Phone, gate: Gate) -> None:
    terminal = case.path.endswith("codes/verify")
    credential = (
        f"Terminal {gate.credential}"
        if terminal
        else phone.client._credentials["HTTP_AUTHORIZATION"]
    )
    case.call_and_validate(
        headers={"Authorization": credential}, excluded_checks=[positive_data_acceptance]
    )
