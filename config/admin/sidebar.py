"""Navigation by area: what an operator may see, in the order in which they look for it."""

from dataclasses import replace

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from config.kernel import slices
from config.kernel.approvals import queries as approvals
from config.kernel.approvals.pages import operator_of
from config.kernel.ports import simulated_parts
from config.kernel.slices import Area, Table
from config.kernel.words import in_words

# What the privacy desk takes.
PRIVACY = ("health_verification.view_accesslogentry", "audit.view_auditevent")


def areas() -> dict[str, list[Table]]:
    """The declared tables by area, and what else the panel has: it is found before it is placed."""
    tables = [
        replace(table, model=slices.label_of(app, table.model))
        for app, declaration in slices.declared()
        for table in declaration.tables
    ]
    declared = {table.model for table in tables}
    tables += [
        Table(Area.MORE, str(meta.verbose_name_plural).capitalize(), icon="table", model=meta.label)
        for meta in (model._meta for model in admin.site._registry)
        if meta.label not in declared
    ]
    return {area.value: [table for table in tables if table.area is area] for area in Area}


def navigation(request: HttpRequest) -> list[dict[str, object]]:
    """The sidebar: areas with the tables that this operator may see."""
    groups: list[dict[str, object]] = [
        {
            "items": [
                {"title": in_words("Home"), "icon": "dashboard", "link": reverse("admin:index")},
            ]
        }
    ]
    for title, entries in areas().items():
        items = [_item(request, entry) for entry in entries if _visible(request, entry.model)]
        if title == "Health" and operator_of(request).has_perm("health_decisions.view_head"):
            items.insert(
                0,
                {
                    "title": in_words("Health desk"),
                    "icon": "monitor_heart",
                    "link": reverse("health_desk"),
                },
            )
        if title == "Health" and operator_of(request).has_perms(PRIVACY):
            link = reverse("privacy_desk")
            items.insert(
                0, {"title": in_words("Privacy desk"), "icon": "shield_lock", "link": link}
            )
        if title == "Access":
            link = reverse("second_factor_set_up")
            items.append(
                {"title": in_words("Second factor"), "icon": "phonelink_lock", "link": link}
            )
        if items:
            groups.append(
                {"title": in_words(title), "separator": True, "collapsible": True, "items": items}
            )
    return groups


def address(request: HttpRequest, label: str) -> str:
    """Address of a table's page, empty where this operator may not look at it."""
    app_label, name = label.lower().split(".")
    return reverse(f"admin:{app_label}_{name}_changelist") if _visible(request, label) else ""


def _visible(request: HttpRequest, label: str) -> bool:
    """Whether a table is in the panel and this operator may look at it."""
    app_label, name = label.split(".")
    model = apps.all_models.get(app_label, {}).get(name.lower())
    if model is None or not admin.site.is_registered(model):
        return False
    page = admin.site.get_model_admin(model)
    return bool(page.has_view_permission(request))


def _item(request: HttpRequest, entry: Table) -> dict[str, object]:
    app_label, name = entry.model.lower().split(".")
    item: dict[str, object] = {
        "title": in_words(entry.title),
        "icon": entry.icon,
        "link": reverse(f"admin:{app_label}_{name}_changelist"),
    }
    # An empty badge would be shown as an empty box.
    if entry.badge and approvals_badge(request):
        item["badge"] = entry.badge
    return item


def approvals_badge(request: HttpRequest) -> str:
    """How many requests wait for this operator; empty for none."""
    count = approvals.waiting_for(operator_of(request)).count()
    return str(count) if count else ""


def searched(request: HttpRequest) -> list[str]:
    """Tables that the command search looks through."""
    return [
        table.model
        for tables in areas().values()
        for table in tables
        if table.searched and _visible(request, table.model)
    ]


def environment(request: HttpRequest) -> list[str]:
    """The label beside the title: nobody should take the sandbox for the real thing."""
    if settings.LAB_MODE:
        return ["Sandbox", "warning"]
    parts = [name.removeprefix("SAOMA_").replace("_", " ").lower() for name in simulated_parts()]
    return ["Simulated: " + ", ".join(parts) if parts else "Production", "danger"]


def environment_prefix(request: HttpRequest) -> str:
    """The same in the browser's tab."""
    return "[sandbox] " if settings.LAB_MODE else ""


def stylesheet(request: HttpRequest) -> str:
    """Our few rules beside the theme's."""
    return static("console/console.css")


def favicon(request: HttpRequest) -> str:
    """The panel's sign in the browser's tab."""
    return static("console/icon.svg")
