"""All addresses of the product."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.admin import (
    list_export,
    operator_pages,
    privacy_desk,
    saved_views,
    second_factor_pages,
    sign_in,
)
from config.admin.health_desk import health_desk
from config.admin.metrics import metrics
from config.admin.payment_timeline import payment_timeline
from config.http import probes
from config.http.docs import DocsView, SchemaView
from config.kernel import slices

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", probes.healthz, name="healthz"),
    path("readyz", probes.readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/login/", sign_in.login),
    path("admin/password_change/", admin.site.admin_view(sign_in.change_own_password)),
    path(
        "admin/set-password/<uidb64>/<token>/",
        operator_pages.SetPassword.as_view(),
        name="operator_password",
    ),
    path(
        "admin/second-factor/",
        admin.site.admin_view(second_factor_pages.give_code),
        name=second_factor_pages.GIVE,
    ),
    path(
        "admin/second-factor/set-up/",
        admin.site.admin_view(second_factor_pages.set_up),
        name=second_factor_pages.SET_UP,
    ),
    path(
        "admin/export/<str:app_label>/<str:model_name>/",
        admin.site.admin_view(list_export.export),
        name="list_export",
    ),
    path(
        "admin/views/<int:view_id>/forget/",
        admin.site.admin_view(saved_views.forget),
        name="list_view_forget",
    ),
    path(
        "admin/views/<str:app_label>/<str:model_name>/save/",
        admin.site.admin_view(saved_views.save),
        name="list_view_save",
    ),
    path("admin/health-desk/", admin.site.admin_view(health_desk), name="health_desk"),
    path(
        "admin/privacy-desk/", admin.site.admin_view(privacy_desk.privacy_desk), name="privacy_desk"
    ),
    path(
        "admin/privacy-desk/purge/", admin.site.admin_view(privacy_desk.purge), name="privacy_purge"
    ),
    path(
        "admin/payment-timeline/<uuid:object_id>/",
        admin.site.admin_view(payment_timeline),
        name="payments_payment_timeline",
    ),
    path("admin/", admin.site.urls),
    path("api/schema/", SchemaView.as_view(), name="schema"),
    path("api/docs/", DocsView.as_view(), name="docs"),
    # What each installed slice has: taken out of the settings, its addresses are gone.
    *(
        path(declaration.urls, include(f"{app.name}.urls"))
        for app, declaration in slices.declared()
        if declaration.urls is not None
    ),
]

handler400 = "config.http.problems.bad_request"
handler403 = "config.http.problems.forbidden"
handler404 = "config.http.problems.not_found"
handler500 = "config.http.problems.server_error"
