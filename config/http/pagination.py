"""Cursor pagination: stable under inserts, no counting."""

import re
from typing import Any, Final

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

CURSOR: Final = "^[A-Za-z0-9_=-]*$"


class CursorPage(CursorPagination):
    """Pages of 20 (at most 100) by time-ordered id, newest first.

    A view names it as `pagination_class` so that the OpenAPI document shows the page.
    """

    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-id"

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
        """Read the place to go on from; what no page of ours gave is not found.

        The library skips letters that no cursor has, and would begin anew in silence.

        Raises:
            NotFound: the cursor holds such letters, or leads nowhere.
        """
        text = request.query_params.get(self.cursor_query_param, "")
        if re.fullmatch(CURSOR, text, re.ASCII) is None:
            raise NotFound(self.invalid_cursor_message)
        return super().decode_cursor(request)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The query parameters as the OpenAPI document has them."""
        return [
            {
                "name": "cursor",
                "in": "query",
                "required": False,
                "description": "From the page before.",
                "schema": {"type": "string", "pattern": CURSOR},
            },
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "description": "How many rows, 20 by default.",
                "schema": {"type": "integer", "minimum": 1, "maximum": self.max_page_size},
            },
        ]
