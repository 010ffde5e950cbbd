"""URLs of merchants: each slice brings its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("merchants.onboarding.urls")),
    path("", include("merchants.terms.urls")),
    path("", include("merchants.faces.urls")),
    path("", include("merchants.speakers.urls")),
    path("", include("merchants.exchange.urls")),
    path("", include("merchants.certificates.urls")),
    path("", include("merchants.consents.urls")),
    path("", include("merchants.settlement.urls")),
    path("", include("merchants.payouts.urls")),
    path("", include("merchants.acceptance.urls")),
    path("", include("merchants.funds.urls")),
    path("", include("merchants.bills.urls")),
    path("", include("merchants.disputes.urls")),
    path("", include("merchants.selfscan.urls")),
    path("", include("merchants.deals.urls")),
    path("", include("merchants.transit.urls")),
    path("", include("merchants.gateway.urls")),
    path("", include("merchants.notifications.urls")),
    path("", include("merchants.checkout.urls")),
    path("", include("merchants.diagnosis.urls")),
    path("", include("merchants.console.urls")),
]
