"""The logins that the panel's door offers in a lab, so that a lesson can change roles."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest


def lab_logins(request: HttpRequest) -> dict[str, Callable[[], list[tuple[str, list[str]]]]]:
    """Give templates `demo_logins`: names and their roles; none outside lab mode.

    A function, so that only the template which shows them asks the database.
    """
    return {"demo_logins": _logins if settings.LAB_MODE else list}


def _logins() -> list[tuple[str, list[str]]]:
    operators = User.objects.filter(is_staff=True, is_active=True).prefetch_related("groups")
    return [
        (operator.username, sorted(group.name for group in operator.groups.all()))
        for operator in operators.order_by("username")
    ]


def chosen_name(request: Any) -> str:
    """The login that was clicked on; typed into the form for the reader."""
    return str(request.GET.get("user", ""))[:150] if settings.LAB_MODE and request else ""
