"""The page of the panel on which a source is taken back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import operator_of, step_page
from healthcode.decisions.models import SourceRegistration
from healthcode.decisions.usecases.register_source import withdraw_source


def withdraw_page(
    request: HttpRequest, registration: SourceRegistration | None, back: str
) -> HttpResponse:
    """Take a source out of force at once, with a reason."""

    def run(filled: Any) -> str:
        if registration is not None:
            withdraw_source(
                registration_id=registration.id,
                actor=operator_actor(operator_of(request).get_username()),
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
