"""Pages on which a change of an operator is asked for, and a password is set by a link."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.contrib.auth.views import PasswordResetConfirmView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse, reverse_lazy
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext
from unfold.forms import AdminPasswordChangeForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from config.admin import operator_approvals, operators
from config.admin.roles import ROLES
from config.kernel.access import guard
from config.kernel.access.guard import Authority
from config.kernel.actors import operator_actor
from config.kernel.approvals import registry
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.approvals.request import request_approval
from config.kernel.approvals.rights import rights_of
from config.kernel.approvals.values import Facts, Parameters
from config.kernel.audit import chain
from config.kernel.errors import SaomaError

LIST = reverse_lazy("admin:auth_user_changelist")


class RolesForm(ReasonForm):
    """Which roles, and why."""

    roles = forms.MultipleChoiceField(
        choices=[(name, name) for name in ROLES],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )


class NewOperatorForm(RolesForm):
    """Who is to come, with which roles, and why."""

    username = forms.CharField(max_length=150, widget=UnfoldAdminTextInputWidget)
    first_name = forms.CharField(max_length=150, required=False, widget=UnfoldAdminTextInputWidget)
    last_name = forms.CharField(max_length=150, required=False, widget=UnfoldAdminTextInputWidget)


def may_ask(request: HttpRequest) -> bool:
    """Whether this operator may ask for changes of others."""
    return operator_approvals.ASK in rights_of(operator_of(request))


def ask(request: HttpRequest, *, action: str, operator_id: str = "") -> HttpResponse:
    """Ask for a change: how the account stands, what is wanted, and why."""
    if not may_ask(request):
        raise PermissionDenied
    form = _form(request, action)
    back = reverse("admin:auth_user_change", args=[operator_id]) if operator_id else str(LIST)

    def run(filled: forms.Form) -> str:
        values = dict(filled.cleaned_data)
        reason = str(values.pop("reason"))
        if operator_id:
            target = operators.operator_of(operator_id)
            operators.check_not_own(target, [request.user.get_username()])
            values["id"] = operator_id
        request_approval(
            action=action, parameters=values, reason=reason, maker=operator_of(request)
        )
        messages.success(request, "Asked. Another operator has 24 hours to decide.")
        return back

    facts: dict[str, Callable[[Parameters], Facts]] = {}
    if operator_id:
        facts["State now"] = operator_approvals.state_of_operator
    return step_page(
        request,
        title=registry.action_named(action).title,
        button="Ask for approval",
        form=form,
        facts=facts,
        parameters={"id": operator_id},
        back=back,
        run=run,
    )


def _form(request: HttpRequest, action: str) -> forms.Form:
    data = request.POST or None
    if action == operator_approvals.CREATE:
        return NewOperatorForm(data)
    if action == operator_approvals.GIVE_ROLES:
        return RolesForm(data)
    return ReasonForm(data)


def rest_page(request: HttpRequest, operator_id: str) -> HttpResponse:
    """Put an account to rest at once, with a reason."""
    if not may_ask(request):
        raise PermissionDenied
    back = reverse("admin:auth_user_change", args=[operator_id])

    def run(form: forms.Form) -> str:
        operators.put_to_rest(
            operator=operators.operator_of(operator_id),
            actor=operator_of(request),
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, "The account is at rest; its sessions have ended.")
        return back

    return step_page(
        request,
        title="Put the account to rest",
        button="Put to rest",
        form=ReasonForm(request.POST or None),
        facts={"State now": operator_approvals.state_of_operator},
        parameters={"id": operator_id},
        back=back,
        run=run,
    )


def hand_over_link(request: HttpRequest, operator_id: str) -> HttpResponse:
    """Show the link by which an account without a password gets one; good for an hour.

    Only POST makes one, and that it was made is written down.
    """
    back = reverse("admin:auth_user_change", args=[operator_id])
    if not may_ask(request):
        raise PermissionDenied
    try:
        operator = operators.operator_of(operator_id)
        operators.check_not_own(operator, [request.user.get_username()])
    except SaomaError as error:
        messages.error(request, error.message)
        return HttpResponseRedirect(back)
    if operator.has_usable_password() or not operator.is_active:
        messages.error(request, "Only an account whose password was taken away gets a link.")
        return HttpResponseRedirect(back)

    def run(form: forms.Form) -> str:
        uid = urlsafe_base64_encode(force_bytes(operator.pk))
        token = default_token_generator.make_token(operator)
        link = request.build_absolute_uri(reverse("operator_password", args=[uid, token]))
        chain.record(
            action="access.password_link",
            actor=operator_actor(request.user.get_username()),
            target=operator_actor(operator.get_username()),
            purpose=form.cleaned_data["reason"][:256],
        )
        text = gettext("Hand this over, it is good for an hour: %(link)s")
        messages.success(request, text % {"link": link})
        return back

    return step_page(
        request,
        title="Hand over a link for a new password",
        button="Make the link",
        form=ReasonForm(request.POST or None),
        facts={"State now": operator_approvals.state_of_operator},
        parameters={"id": operator_id},
        back=back,
        run=run,
    )


class SetPassword(PasswordResetConfirmView):
    """Set the password of an account that has none, by a link that was handed over."""

    form_class = AdminPasswordChangeForm
    success_url = reverse_lazy("admin:login")
    template_name = "console/set_password.html"

    def get_form(self, form_class: Any = None) -> Any:
        """A link that names nobody shows no form; the page says that it leads nowhere."""
        return forms.Form() if self.user is None else super().get_form(form_class)

    def form_valid(self, form: Any) -> HttpResponse:
        """Only an account without a password: a link is used once."""
        user = cast(User, self.user)
        if user.has_usable_password() or not user.is_active:
            raise PermissionDenied
        with guard.under(Authority(operator_actor(user.get_username()), "password by link")):
            return super().form_valid(form)
