"""URLs of the gateway: one address for every method, and the API beside it."""

from django.urls import URLPattern, path

from merchants.gateway import (
    api,
    app_api,
    authorise,
    batch_page,
    cashier,
    certify_page,
    consent,
    refund_page,
    v3,
)
from merchants.gateway.views import gateway

urlpatterns: list[URLPattern] = [
    path("gateway.do", gateway, name="gateway"),
    path("gateway.do/v3/<path:path>", v3.wrong_base, name="v3-wrong-base"),
    path("v3/<path:path>", v3.v3, name="v3"),
    path("cashier/<str:token>", cashier.cashier, name="cashier"),
    path("cashier/<str:token>/status", cashier.cashier_status, name="cashier-status"),
    path("agreements/<str:token>", consent.consent, name="agreement"),
    path("agreements/<str:token>/status", consent.consent_status, name="agreement-status"),
    path("batches/<str:token>", batch_page.batch_page, name="batch-page"),
    path("certifications/<str:certify_id>", certify_page.certify_page, name="certify-page"),
    path("refunds/<str:token>", refund_page.refund_page, name="refund-page"),
    path("oauth2/publicAppAuthorize.htm", authorise.Authorise.as_view(), name="authorise"),
    path("oauth2/appToAppAuth.htm", authorise.AuthoriseApp.as_view(), name="authorise-app"),
    path("api/v1/app-orders", app_api.AppOrders.as_view(), name="app-orders"),
    path("api/v1/app-orders/pay", app_api.AppOrderPayments.as_view(), name="app-order-pay"),
    path("api/v1/agreement-links", api.AgreementLinks.as_view(), name="agreement-links"),
    path("api/v1/events", api.Events.as_view(), name="events"),
    path("api/v1/events/<uuid:event_id>/resend", api.EventResend.as_view(), name="event-resend"),
    path(
        "api/v1/tools/explain-signature",
        api.ExplainSignature.as_view(),
        name="explain-signature",
    ),
    path(
        "api/v1/tools/explain-received",
        api.ExplainReceived.as_view(),
        name="explain-received",
    ),
]
