"""Cursor pagination: stable under inserts, no counting."""

from rest_framework.pagination import CursorPagination


class CursorPage(CursorPagination):
    """Pages of 20 (at most 100) by time-ordered id, newest first."""

    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-id"
