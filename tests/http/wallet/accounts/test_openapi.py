"""What the OpenAPI document says of the accounts API."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from wallet.accounts import urls

OPERATIONS = {
    "register_user": "POST",
    "open_session": "POST",
    "get_wallet": "GET",
    "list_statement": "GET",
    "request_topup": "POST",
    "request_withdrawal": "POST",
    "apply_for_kyc": "POST",
    "register_device": "POST",
    "set_pin": "PUT",
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    generator = SchemaGenerator(patterns=urls.urlpatterns)  # type: ignore[no-untyped-call]
    schema: dict[str, Any] = generator.get_schema(public=True)  # type: ignore[no-untyped-call]
    return schema


def operations(document: dict[str, Any]) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for item in document["paths"].values()
        for operation in item.values()
    }


def test_names_every_operation_once(document: dict[str, Any]) -> None:
    found = operations(document)
    assert set(OPERATIONS) <= set(found)
    assert len(found) == sum(len(item) for item in document["paths"].values())


def test_only_ways_in_are_open_to_anybody(document: dict[str, Any]) -> None:
    free = {
        name
        for name, operation in operations(document).items()
        if operation.get("security", [{}]) in ([], [{}])
    }
    assert free == {"register_user", "open_session", "send_phone_code", "reset_password"}


def test_the_token_is_a_bearer_token(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["sessionToken"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


@pytest.mark.parametrize(
    "name",
    ["register_user", "request_topup", "request_withdrawal", "apply_for_kyc", "register_device"],
)
def test_posts_that_make_something_take_an_idempotency_key(
    document: dict[str, Any], name: str
) -> None:
    names = [parameter["name"] for parameter in operations(document)[name]["parameters"]]
    assert "Idempotency-Key" in names


def test_amounts_are_texts(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    amounts = [
        schema["properties"]["amount"]["type"]
        for schema in schemas.values()
        if "amount" in schema.get("properties", {})
    ]
    assert set(amounts) == {"string"}


def test_lists_come_in_pages(document: dict[str, Any]) -> None:
    operation = operations(document)["list_topups"]
    names = [parameter["name"] for parameter in operation["parameters"]]
    assert names == ["cursor", "page_size"]
    shape = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    page = document["components"]["schemas"][shape.rpartition("/")[2]]
    assert set(page["properties"]) == {"next", "previous", "results"}


def test_request_bodies_take_no_other_field(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    bodies = [schema for name, schema in schemas.items() if name.endswith("RequestRequest")]
    assert bodies
    assert all(schema["additionalProperties"] is False for schema in bodies)
