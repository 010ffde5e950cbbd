"""URLs of the checkout: pages for payers, and what their wallets are handed."""

from django.urls import URLPattern, path

from merchants.checkout import (
    authorise,
    batch_page,
    cashier,
    certify_page,
    consent,
    refund_page,
    views,
)

urlpatterns: list[URLPattern] = [
    path("cashier/<str:token>", cashier.cashier, name="cashier"),
    path("cashier/<str:token>/status", cashier.cashier_status, name="cashier-status"),
    path("agreements/<str:token>", consent.consent, name="agreement"),
    path("agreements/<str:token>/status", consent.consent_status, name="agreement-status"),
    path("batches/<str:token>", batch_page.batch_page, name="batch-page"),
    path("certifications/<str:certify_id>", certify_page.certify_page, name="certify-page"),
    path("refunds/<str:token>", refund_page.refund_page, name="refund-page"),
    path("oauth2/publicAppAuthorize.htm", authorise.Authorise.as_view(), name="authorise"),
    path("oauth2/appToAppAuth.htm", authorise.AuthoriseApp.as_view(), name="authorise-app"),
    path("api/v1/app-orders", views.AppOrders.as_view(), name="app-orders"),
    path("api/v1/app-orders/pay", views.AppOrderPayments.as_view(), name="app-order-pay"),
    path("api/v1/agreement-links", views.AgreementLinks.as_view(), name="agreement-links"),
]
