"""Alarms in the operators' panel: told to whoever has a right on what they are about."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from unfold.decorators import display

from config.kernel import panel
from config.kernel.alarms.models import Alarm
from config.kernel.alarms.raise_alarm import see_alarms
from config.kernel.alarms.readers import visible_to


@admin.register(Alarm)
class AlarmAdmin(panel.ReadOnly):
    """What somebody must look at, the newest first."""

    list_display = ("kind", "at", "seen_by", "seen_at")
    list_filter = (("seen_at", admin.EmptyFieldListFilter), "kind")
    date_hierarchy = "at"
    fields = ("kind", "at", "contents", "seen_by", "seen_at")
    readonly_fields = ("contents",)
    actions = ("mark_seen",)  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Alarm]:
        """Alarms of this operator; a broken glass is everybody's."""
        rows: QuerySet[Alarm] = super().get_queryset(request)
        return rows.filter(id__in=visible_to(cast("User", request.user)).values("id"))

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Everybody who may log in: which alarms, the query says."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """The same for the menu."""
        return self.has_view_permission(request)

    @display(description="contents")
    def contents(self, row: Any) -> SafeString:
        """What happened."""
        return panel.table(row.facts)

    @admin.action(description="I have looked at these")
    def mark_seen(self, request: HttpRequest, rows: QuerySet[Alarm]) -> None:
        """Note who looked."""
        ids = list(rows.values_list("id", flat=True))
        count = see_alarms(alarm_ids=ids, operator=request.user.get_username())
        messages.success(request, gettext("%(count)s seen.") % {"count": count})
