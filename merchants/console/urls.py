"""URLs of the developers' console."""

from django.urls import URLPattern, path

from merchants.console import read_views, views

urlpatterns: list[URLPattern] = [
    path("console/", views.home, name="console"),
    path("console/sign-in", views.enter, name="console-sign-in"),
    path("console/sign-out", views.leave, name="console-sign-out"),
    path("console/start", views.start, name="console-start"),
    path("console/apps", views.new_app, name="console-new-app"),
    path("console/apps/<str:app_number>/", views.app_page, name="console-app"),
    path("console/apps/<str:app_number>/keys", views.put_key, name="console-keys"),
    path(
        "console/apps/<str:app_number>/keys/<uuid:key_id>/revoke",
        views.end_key,
        name="console-revoke-key",
    ),
    path("console/apps/<str:app_number>/address", views.set_address, name="console-address"),
    path("console/apps/<str:app_number>/persons", views.set_persons, name="console-persons"),
    path("console/apps/<str:app_number>/faults", views.faults, name="console-faults"),
    path("console/calls/", read_views.calls, name="console-calls"),
    path("console/calls/<uuid:call_id>/", read_views.one_call, name="console-call"),
    path("console/notifications/", read_views.notifications, name="console-notifications"),
    path(
        "console/notifications/<uuid:event_id>/",
        read_views.one_notification,
        name="console-notification",
    ),
    path("console/explain/", read_views.explain, name="console-explain"),
    path(
        "console/explain/received/",
        read_views.explain_notification,
        name="console-explain-received",
    ),
    path("console/guides/", read_views.guides, name="console-guides"),
    path("console/guides/<str:language>/", read_views.guide, name="console-guide"),
    path("console/compatibility/", read_views.compatibility, name="console-compatibility"),
]
