"""What the operators' pages of wallet accounts share: read-only rows, and deeds with a reason."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.request import request_approval
from config.kernel.errors import SaomaError
from wallet.accounts import queries
from wallet.accounts.values import CURRENCY

STATE_COLOURS = {
    "ACTIVE": "success",
    "FROZEN": "warning",
    "CLOSED": "danger",
    "PENDING": "info",
    "APPROVED": "success",
    "REJECTED": "danger",
    "CREATED": "info",
    "PROCESSING": "info",
    "SUCCEEDED": "success",
    "FAILED": "danger",
    "EXPIRED": "warning",
    "REVIEW": "warning",
    "SUBMITTED": "info",
    "PAID": "success",
    "RETURNED": "danger",
}


class ReasonForm(BaseDialogForm):
    """Why: kept in the audit, shown to the second pair of eyes."""

    reason = forms.CharField(
        label=_("Reason"), min_length=10, max_length=500, widget=UnfoldAdminTextareaWidget
    )


def dialog(title: str, description: str, button: str) -> dict[str, Any]:
    """A dialog that asks for the reason of a operation."""
    return {
        "title": title,
        "description": description,
        "form_class": ReasonForm,
        "form_submit_text": button,
    }


class ReadOnlyAdmin(panel.ReadOnly):
    """Rows to look at, with deeds beside them that ask for a reason."""

    def done(
        self, request: HttpRequest, object_id: str, operation: Callable[[], str]
    ) -> HttpResponse:
        """Do it, tell the operator how it went, and show the row again."""
        try:
            messages.success(request, operation())
        except SaomaError as error:
            messages.error(request, str(error))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseClientRedirect(reverse(name, args=[object_id]))

    def ask(
        self, request: HttpRequest, object_id: str, action_name: str, reason: str
    ) -> HttpResponse:
        """Ask a second operator to approve an action on this row."""

        def operation() -> str:
            request_approval(
                action=action_name,
                parameters={"id": object_id},
                reason=reason,
                maker=cast("User", request.user),
            )
            return "Asked for approval; a second operator decides."

        return self.done(request, object_id, operation)


def as_uuid(object_id: str) -> uuid.UUID:
    """An id from an address.

    Raises:
        ObjectUnknown: it is none.
    """
    try:
        return uuid.UUID(object_id)
    except ValueError as error:
        raise queries.ObjectUnknown() from error


def money(amount_minor: int) -> str:
    """Fen as people read them."""
    return panel.money(amount_minor, CURRENCY)


def operator(request: HttpRequest) -> str:
    """The operator as the audit names them."""
    return operator_actor(request.user.get_username())
