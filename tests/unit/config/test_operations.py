"""Operations: a view's method calls a use case; its declaration reads, writes and documents."""

from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config.http.operations import Operations
from config.http.serializers import StrictSerializer

operation = Operations("tills")


class TillRequest(StrictSerializer):
    """A till's name."""

    name = serializers.CharField()


class TillAnswer(serializers.Serializer[Any]):
    """A till as it is called."""

    name = serializers.CharField()


class Tills(APIView):
    """Tills of a test."""

    @operation("open_till", takes=TillRequest, gives=TillAnswer, status=201, once=True)
    def post(self, request: Request, values: dict[str, Any], **place: Any) -> Any:
        return {**values, **place}, values["name"] == "known"

    @operation("list_tills", gives=TillAnswer, many=True)
    def get(self, request: Request) -> Any:
        return [{"name": "a"}, {"name": "b"}]

    @operation("close_till", status=204)
    def delete(self, request: Request) -> Any:
        return "closed"

    @operation("teapot", gives=TillAnswer)
    def put(self, request: Request) -> Any:
        return Response(status=418)


def sent(method: str, body: dict[str, Any] | None = None) -> Request:
    request = getattr(APIRequestFactory(), method)("/", body, format="json")
    return APIView().initialize_request(request)


def test_a_body_is_read_by_its_shape_and_the_answer_written_by_its_own() -> None:
    answer = Tills().post(sent("post", {"name": "till"}))
    assert (answer.status_code, answer.data) == (201, {"name": "till"})
    assert "Idempotency-Replayed" not in answer.headers


def test_what_the_key_had_before_is_said_to_be_replayed() -> None:
    answer = Tills().post(sent("post", {"name": "known"}))
    assert answer.headers["Idempotency-Replayed"] == "true"


def test_a_field_that_the_shape_does_not_know_is_refused_before_the_use_case() -> None:
    with pytest.raises(ValidationError):
        Tills().post(sent("post", {"name": "till", "colour": "red"}))


def test_rows_nothing_and_a_response_of_its_own_are_given_as_they_are() -> None:
    assert Tills().get(sent("get")).data == [{"name": "a"}, {"name": "b"}]
    closed = Tills().delete(sent("delete"))
    assert (closed.status_code, closed.data) == (204, None)
    assert Tills().put(sent("put")).status_code == 418
