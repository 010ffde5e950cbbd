"""Pages of rows that know a wallet's user by the internal id: found by number, with a link."""

import uuid
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.contrib.admin import display
from django.db.models import Model, Q, QuerySet, UUIDField
from django.http import HttpRequest

from config.kernel import panel
from config.kernel.approvals.values import Link

# By name, as `panel.link` has it: the kernel imports no slice.
USERS = "accounts.WalletUser"
_reader: ContextVar[HttpRequest | None] = ContextVar("customer_rows_reader", default=None)


class CustomerRows(panel.ReadOnly):
    """A read-only table of what customers did; `customer_column` holds the user's id.

    The search takes a customer's 16-digit number, or the id of a row or of a user, whole.
    """

    customer_column = "user_id"
    search_fields = ("pk",)
    search_help_text = "Customer's number, or an id"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """The rows; their links are for who may follow them."""
        _reader.set(request)
        rows: QuerySet[Model] = super().get_queryset(request)
        return rows

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Model], search_term: str
    ) -> tuple[QuerySet[Model], bool]:
        """Rows of one customer, or one row."""
        term = search_term.strip()
        if not term:
            return queryset, False
        users = apps.get_model(USERS)._default_manager.filter(user_number=term).values("pk")
        condition = Q(**{f"{self.customer_column}__in": users})
        try:
            key = uuid.UUID(term)
        except ValueError:
            return queryset.filter(condition), False
        condition |= Q(**{self.customer_column: key})
        if isinstance(self.model._meta.pk, UUIDField):
            condition |= Q(pk=key)
        return queryset.filter(condition), False

    @display(description="customer")
    def customer(self, row: Any) -> str:
        """The customer's id, with a link for who may follow it."""
        key = str(getattr(row, self.customer_column))
        return panel.link(Link(key, USERS, key), _reader.get())
