"""A view's method as one declaration: what it takes, what it gives, how that is documented.

What the API's document names is what reads the body and writes the answer, so the two cannot
drift apart, and a view holds its use case's call alone.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, once_answer
from config.http.pagination import page
from config.http.serializers import read

Shape = type[Serializer[Any]]
Method = Callable[..., Any]


class Operations:
    """The operations of one tag: `operation = Operations("sharing")`."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def __call__(
        self,
        operation_id: str,
        *,
        takes: Shape | None = None,
        gives: Shape | None = None,
        status: int = 200,
        many: bool = False,
        paged: bool = False,
        once: bool = False,
        parameters: Sequence[OpenApiParameter] = (),
        **document: Any,
    ) -> Callable[[Method], Method]:
        """Make a view's method out of one that calls a use case and returns what it gave.

        Args:
            operation_id: its name in the API's document, unique.
            takes: the body's shape; what it read is the method's argument after the request.
            gives: the answer's shape, which finds the request in its context; None: no body.
            status: of the answer.
            many: the method returns rows, all of which are given.
            paged: it returns rows that are given by pages; the view names `CursorPage`.
            once: the client's key is kept by the use case: the method returns what is given,
                and whether the key had it before.
            parameters: of the address and the headers.
            document: what else the document says: `description`, `summary`, `auth`.

        A method may return a response of its own instead.
        """

        def declare(method: Method) -> Method:
            @extend_schema(
                operation_id=operation_id,
                tags=[self.tag],
                request=takes,
                responses={status: gives if gives is None else gives(many=many or paged)},
                parameters=[*parameters, *([IDEMPOTENCY_KEY] if once else [])],
                **document,
            )
            @functools.wraps(method)
            def handle(view: APIView, request: Request, **place: Any) -> Response:
                body = () if takes is None else (read(takes, request.data),)
                outcome = method(view, request, *body, **place)
                if isinstance(outcome, Response):
                    return outcome
                if gives is None:
                    return Response(status=status)
                if paged:
                    return page(view, request, outcome, gives)
                row, replayed = outcome if once else (outcome, False)
                data = gives(row, many=many, context={"request": request}).data
                return once_answer(data, replayed=replayed, status=status)

            return handle

        return declare
