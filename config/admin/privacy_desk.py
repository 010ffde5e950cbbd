"""The privacy officer's desk: who looked at health data, what consents stand, what is deleted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from config.admin import figures, money_retention
from config.admin.dashboard import Card
from config.admin.health_desk import Table
from config.admin.retention_run import delete_due, next_deletions
from config.admin.sidebar import PRIVACY, address
from config.kernel import clock
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import operator_of, step_page
from config.kernel.audit.models import AuditEvent
from config.kernel.panel import grid
from healthcode.appeals.retention import ROWS
from healthcode.verification.models import AccessLogEntry
from merchants.consents.models import Grant

MAY_PURGE = "health_verification.delete_accesslogentry"
DAYS = 28
TABLE_ROWS = 12
LANGUAGES = {"zh-hans": "zh", "fr": "fr"}


def privacy_desk(request: HttpRequest) -> HttpResponse:
    """The page, for whoever may read both the people's access log and the audit log.

    Raises:
        PermissionDenied: this operator may not.
    """
    if not operator_of(request).has_perms(PRIVACY):
        raise PermissionDenied
    now = clock.now()
    context = {
        **admin.site.each_context(request),
        "title": gettext("Privacy desk"),
        "now": now.astimezone(figures.zone()),
        "cards": [_looks(request), _reads(request), _exports(request), _consents(request)],
        "tables": _tables(request),
        "retention": grid(("What", "Days", "Then"), _retention()),
        "deletions": [
            (name, due.astimezone(figures.zone()), due <= now)
            for name, due in next_deletions().items()
        ],
        "purge": reverse("privacy_purge") if operator_of(request).has_perm(MAY_PURGE) else "",
    }
    return render(request, "console/privacy_desk.html", context)


def purge(request: HttpRequest) -> HttpResponse:
    """Delete what is due now; with a reason, written down.

    Raises:
        PermissionDenied: this operator may not.
    """
    if not operator_of(request).has_perm(MAY_PURGE):
        raise PermissionDenied
    back = reverse("privacy_desk")

    def run(form: Form) -> str:
        counts = delete_due(
            actor=operator_actor(request.user.get_username()), reason=form.cleaned_data["reason"]
        )
        count = sum(counts.values())
        messages.success(
            request, gettext("%(count)s rows were deleted or made nameless.") % {"count": count}
        )
        return back

    def due(_: Mapping[str, object]) -> Mapping[str, object]:
        now = clock.now()
        moments: dict[str, object] = {
            name: f"{moment.astimezone(figures.zone()):%Y-%m-%d %H:%M}"
            for name, moment in next_deletions().items()
            if moment <= now
        }
        return moments or {"nothing": gettext("is due now")}

    return step_page(
        request,
        title="Delete what is due",
        button="Delete",
        form=ReasonForm(request.POST or None),
        facts={
            "What will happen": due,
            "State now": lambda _: {
                "nothing is deleted before its time": gettext("the retention notice says when")
            },
        },
        parameters={},
        back=back,
        run=run,
    )


def _looks(request: HttpRequest) -> Card:
    count = AccessLogEntry.objects.filter(at__gte=clock.now() - timedelta(days=DAYS)).count()
    link = address(request, "health_verification.AccessLogEntry")
    return Card("Looks at codes", f"{count:,}", "in the last 28 days", link)


def _log(request: HttpRequest, query: str) -> str:
    link = address(request, "audit.AuditEvent")
    return f"{link}?{query}" if link else ""


def _reads(request: HttpRequest) -> Card:
    count = _recent("health.read").count()
    return Card(
        "Reads by operators",
        f"{count:,}",
        "health data opened in the last 28 days",
        _log(request, "q=health.read"),
    )


def _exports(request: HttpRequest) -> Card:
    count = AuditEvent.objects.filter(
        action__contains=".export", at__gte=clock.now() - timedelta(days=DAYS)
    ).count()
    return Card(
        "Exports", f"{count:,}", "lists taken away in the last 28 days", _log(request, "q=.export")
    )


def _consents(request: HttpRequest) -> Card:
    count = Grant.objects.filter(revoked_at__isnull=True).count()
    return Card("Consents", f"{count:,}", "stand now", address(request, "consents.Grant"))


def _recent(action: str) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(action=action, at__gte=clock.now() - timedelta(days=DAYS))


def _tables(request: HttpRequest) -> list[Table]:
    reads = _recent("health.read").order_by().values_list("actor").annotate(n=Count("seq"))
    looks = (
        AccessLogEntry.objects.filter(at__gte=clock.now() - timedelta(days=DAYS))
        .order_by()
        .values_list("kind")
        .annotate(n=Count("id"))
    )
    return [
        Table(gettext("Who opened health data"), _top(reads), _log(request, "q=health.read")),
        Table(
            gettext("How codes were looked at"),
            _top(looks),
            address(request, "health_verification.AccessLogEntry"),
        ),
    ]


def _top(rows: QuerySet[Any]) -> list[tuple[str, int]]:
    return [(str(name), int(count)) for name, count in rows.order_by("-n")[:TABLE_ROWS]]


def _retention() -> list[tuple[str, str, str]]:
    language = LANGUAGES.get(get_language() or "", "en")
    return [
        (row.what[language], "-" if row.days is None else str(row.days), row.then[language])
        for row in (*ROWS, *money_retention.ROWS)
    ]
