"""Addresses of the wallet's API, slice by slice."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("wallet.accounts.urls")),
    path("api/v1/", include("wallet.funding.urls")),
    path("api/v1/", include("wallet.payments.urls")),
    path("api/v1/", include("wallet.sharing.urls")),
    path("api/v1/", include("wallet.authorisations.urls")),
    path("api/v1/", include("wallet.agreements.urls")),
    path("api/v1/", include("wallet.passkeys.urls")),
]
