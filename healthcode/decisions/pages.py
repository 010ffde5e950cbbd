"""Pages of the panel on which sources are asked for and taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.registry import action_named
from config.kernel.approvals.request import request_approval
from healthcode.decisions.models import SourceRegistration
from healthcode.decisions.usecases.register_source import withdraw_source


def register_page(
    request: HttpRequest, *, action: str, form: ReasonForm, back: str
) -> HttpResponse:
    """Ask for a source: everything of the form but its reason is what is asked for."""

    def run(filled: Any) -> str:
        values = {key: value for key, value in filled.cleaned_data.items() if key != "reason"}
        asked = request_approval(
            action=action,
            parameters=values,
            reason=filled.cleaned_data["reason"],
            maker=operator_of(request),
        )
        return reverse("admin:approvals_approvalrequest_change", args=[asked.id])

    return step_page(
        request,
        title=action_named(action).title,
        button="Ask for approval",
        form=form,
        facts={},
        parameters={},
        back=back,
        run=run,
    )


def withdraw_page(
    request: HttpRequest, registration: SourceRegistration | None, back: str
) -> HttpResponse:
    """Take a source out of force at once, with a reason."""

    def run(filled: Any) -> str:
        if registration is not None:
            withdraw_source(
                registration_id=registration.id,
                actor=f"operator:{operator_of(request).get_username()}",
                reason=filled.cleaned_data["reason"],
            )
            messages.success(request, "Withdrawn.")
        return back

    return step_page(
        request,
        title="Withdraw a source",
        button="Withdraw",
        form=ReasonForm(request.POST or None),
        facts={},
        parameters={},
        back=back,
        run=run,
    )
