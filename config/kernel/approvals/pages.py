"""Pages on which an operator asks or decides: shown by GET, done by POST alone."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from config.kernel.approvals import registry
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.values import Parameters
from config.kernel.errors import SaomaError
from config.kernel.panel import table
from config.kernel.words import code_in_words, field_in_words, in_words

TEMPLATE = "approvals/step.html"


def operator_of(request: HttpRequest) -> User:
    """The operator who is logged in; the panel lets nobody else in."""
    return cast(User, request.user)


def ask_page(
    request: HttpRequest, *, action: str, parameters: Parameters, back: str
) -> HttpResponse:
    """Let an operator ask for an action: the effect and a reason first, then the request.

    Any slice's panel uses it for what it has registered.

    Args:
        action: name of the registered action.
        parameters: what its executor will be given.
        back: address of the page the operator came from.
    """
    entry = registry.action_named(action)
    whole = registry.whole_parameters(entry, parameters)

    def run(form: forms.Form) -> str:
        approval_request = request_approval(
            action=action,
            parameters=parameters,
            reason=form.cleaned_data["reason"],
            maker=operator_of(request),
        )
        messages.success(request, gettext("Asked. Another operator has 24 hours to decide."))
        return reverse("admin:approvals_approvalrequest_change", args=[approval_request.id])

    return step_page(
        request,
        title=entry.title,
        button="Ask for approval",
        form=ReasonForm(request.POST or None),
        facts={
            "What is asked": partial(registry.in_words, entry),
            "What will happen": entry.effect,
            "State now": entry.state,
        },
        parameters=whole,
        back=back,
        run=run,
    )


def ask_form_page(
    request: HttpRequest,
    *,
    action: str,
    form: ReasonForm,
    back: str,
    parameters: Callable[[forms.Form], Parameters] | None = None,
    facts: Mapping[str, registry.Reader] | None = None,
) -> HttpResponse:
    """Let an operator fill in what is asked for, and ask.

    Args:
        action: name of the registered action.
        form: what is asked for, and the reason.
        back: address of the page the operator came from.
        parameters: reads them from the filled form; by default all its fields but the reason.
        facts: what is known before the form is filled in, label by label.
    """

    def run(filled: forms.Form) -> str:
        values = {name: value for name, value in filled.cleaned_data.items() if name != "reason"}
        approval_request = request_approval(
            action=action,
            parameters=parameters(filled) if parameters else values,
            reason=filled.cleaned_data["reason"],
            maker=operator_of(request),
        )
        return reverse("admin:approvals_approvalrequest_change", args=[approval_request.id])

    return step_page(
        request,
        title=registry.action_named(action).title,
        button="Ask for approval",
        form=form,
        facts=facts or {},
        parameters={},
        back=back,
        run=run,
    )


def step_page(
    request: HttpRequest,
    *,
    title: str,
    button: str,
    form: forms.Form,
    facts: Mapping[str, registry.Reader],
    parameters: Parameters,
    back: str,
    run: Callable[[forms.Form], str],
    post_to: str = "",
) -> HttpResponse:
    """Show facts and a form; on POST of a valid form do `run` and go where it says.

    A refusal by a rule is shown in words on the page the operator came from. With
    `post_to` the form is sent to that address instead of the page's own.
    """
    try:
        if request.method == "POST" and form.is_valid():
            return HttpResponseRedirect(run(form))
        tables = {
            in_words(label): table(read(parameters), request) for label, read in facts.items()
        }
    except SaomaError as error:
        messages.error(request, in_words(error.message) or str(error))
        return HttpResponseRedirect(back)
    _say_in_words(form)
    context = {
        **admin.site.each_context(request),
        "title": in_words(title),
        "form": form,
        "button": in_words(button),
        "facts": tables,
        "back": back,
        "post_to": post_to,
    }
    return TemplateResponse(request, TEMPLATE, context)


def _say_in_words(form: forms.Form) -> None:
    """A form's labels, hints and choices in the reader's language."""
    for name, field in form.fields.items():
        field.label = capfirst(field_in_words(str(field.label or name.replace("_", " "))))
        field.help_text = in_words(str(field.help_text))
        if isinstance(field, forms.ChoiceField):
            choices = cast("Iterable[tuple[str, str]]", field.choices)
            field.choices = [
                (value, code_in_words(str(text)) if value else in_words(str(text)))
                for value, text in choices
            ]
