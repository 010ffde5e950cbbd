"""Notifications in the operators' panel, with every attempt, and sending again."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals import Facts, Parameters
from config.kernel.approvals.pages import operator_of, step_page
from merchants.notifications.models import Notification, NotificationAttempt, NotificationState
from merchants.notifications.usecases.resend_notification import resend_notification


class AttemptInline(panel.ReadOnlyInline):
    """Every try to deliver the notification, in order."""

    model = NotificationAttempt
    fields = ("number", "started_at", "status", "answer", "failure", "duration_ms", "by_hand")
    ordering = ("number",)
    tab = False


@admin.register(Notification)
class NotificationAdmin(panel.Viewed):
    """What merchants were told, and whether they said `success`."""

    list_display = (
        "out_trade_no",
        "topic",
        "state_label",
        "sends",
        "url",
        "occurred_at",
        "due_at",
    )
    list_filter = ("state", "topic", "occurred_at")
    search_fields = ("out_trade_no", "trade_no", "notify_id", "app_number", "url")
    search_help_text = "Order or trade number, notify_id, app_id or address"
    date_hierarchy = "occurred_at"
    inlines = (AttemptInline,)
    actions_detail = ("resend",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("topic", "state_label", "sequence"),
                    ("out_trade_no", "trade_no"),
                    ("notify_id", "app_number"),
                    "url",
                )
            },
        ),
        (
            "Sending",
            {
                "fields": (
                    ("occurred_at", "due_at", "delivered_at"),
                    ("sends", "charset", "sign_type"),
                )
            },
        ),
        ("What is sent", {"fields": ("content",)}),
    )
    readonly_fields = ("state_label", "content")

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, notification: Notification) -> str:
        return notification.state

    @display(description="fields")
    def content(self, notification: Notification) -> str:
        return panel.table(notification.params)

    def has_resend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Whether sending again is offered: to its operators, for what has an address."""
        if object_id is None or not request.user.has_perm("gateway.change_notification"):
            return False
        sent = Notification.objects.exclude(state=NotificationState.SILENT)
        return sent.filter(id=object_id).exists()

    @action(description="Send again", permissions=["resend"], icon="send")
    def resend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the notification once more, with the same notify_id."""
        back = reverse("admin:gateway_notification_change", args=[object_id])

        def run(form: Any) -> str:
            operator = operator_of(request).get_username()
            resend_notification(notification_id=UUID(object_id), actor=operator_actor(operator))
            messages.success(request, "It is sent again within a second.")
            return back

        return step_page(
            request,
            title="Send the notification again",
            button="Send again",
            form=forms.Form(request.POST or None),
            facts={"What is sent": _facts},
            parameters={"id": object_id},
            back=back,
            run=run,
        )


def _facts(parameters: Parameters) -> Facts:
    notification = Notification.objects.get(id=UUID(str(parameters["id"])))
    return {"to": notification.url, **notification.params}
