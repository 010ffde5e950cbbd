"""Cursor pagination: stable under inserts, no counting."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from config.kernel import cursors


class CursorPage(CursorPagination):
    """Pages of 20 (at most 100) by time-ordered id, newest first.

    A view names it as `pagination_class` so that the OpenAPI document shows the page.
    """

    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-id"
    listing = ""

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        """Give one page; its cursors are good for this path alone.

        Raises:
            BadCursor: the cursor is not one that this list gave.
            ValidationError: `page_size` is not a number from 1 to 100.
        """
        self.listing = request.path
        return super().paginate_queryset(queryset, request, view)

    def get_page_size(self, request: Request) -> int:
        """Read how many rows are wanted; what is no such number is an error, never a guess.

        Raises:
            ValidationError: not a whole number from 1 to 100.
        """
        text = request.query_params.get(self.page_size_query_param, str(self.page_size))
        if not (text.isascii() and text.isdigit() and len(text) <= 3):
            raise ValidationError({"page_size": ["Give a whole number from 1 to 100."]})
        if not 1 <= int(text) <= self.max_page_size:
            raise ValidationError({"page_size": ["Give a whole number from 1 to 100."]})
        return int(text)

    def decode_cursor(self, request: Request) -> Any:
        """Read the place to go on from; None for the first page.

        Raises:
            BadCursor: it is not one that this list gave.
        """
        text = request.query_params.get(self.cursor_query_param, "")
        if not text:
            return None
        name = self.cursor_query_param
        way, offset, position = cursors.read_cursor(self.listing, text, parts=3, field=name)
        place: Any = position or None
        return Cursor(offset=int(offset), reverse=way == "r", position=place)

    def encode_cursor(self, cursor: Any) -> str:
        """Write the address of another page of this list."""
        way, position = "r" if cursor.reverse else "f", cursor.position or ""
        text = cursors.write_cursor(self.listing, way, str(cursor.offset), position)
        return replace_query_param(self.base_url or "", self.cursor_query_param, text)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters as the OpenAPI document has them."""
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From the page before.",
                "schema": {"type": "string", "pattern": cursors.PATTERN},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "How many rows, 20 by default.",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_page_size},
            },
        ]


def page(
    view: APIView, request: Request, rows: QuerySet[Any], shape: type[Serializer[Any]]
) -> Response:
    """One page of rows, newest first."""
    paginator = CursorPage()
    page_rows: list[Model] = paginator.paginate_queryset(rows, request, view=view) or []
    context = {"request": request}
    return paginator.get_paginated_response(shape(page_rows, many=True, context=context).data)
