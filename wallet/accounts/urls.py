"""Addresses of the accounts API."""

from django.urls import path

from wallet.accounts import bank_views, entry_views, views

urlpatterns = [
    path("users", views.UsersView.as_view()),
    path("phone-codes", entry_views.PhoneCodesView.as_view()),
    path("me", views.MeView.as_view()),
    path("me/phone", entry_views.PhoneProofView.as_view()),
    path("me/close", entry_views.ClosingView.as_view()),
    path("password", views.PasswordView.as_view()),
    path("password/reset", entry_views.PasswordResetView.as_view()),
    path("pin", views.PinView.as_view()),
    path("sessions", views.SessionsView.as_view()),
    path("sessions/current", views.CurrentSessionView.as_view()),
    path("sessions/<uuid:session_id>", views.SessionView.as_view()),
    path("wallet", views.WalletView.as_view()),
    path("wallet/statement", views.StatementView.as_view()),
    path("wallet/topups", views.TopupsView.as_view()),
    path("wallet/topups/<uuid:topup_id>", views.TopupView.as_view()),
    path("wallet/withdrawals", views.WithdrawalsView.as_view()),
    path("wallet/withdrawals/<uuid:withdrawal_id>", views.WithdrawalView.as_view()),
    path("kyc", views.KycView.as_view()),
    path("kyc/identity-proofs", views.IdentityProofsView.as_view()),
    path("kyc/applications", views.ApplicationsView.as_view()),
    path("kyc/applications/<uuid:application_id>", views.ApplicationView.as_view()),
    path("bank/answers", bank_views.BankAnswersView.as_view()),
    path("devices", views.DevicesView.as_view()),
    path("devices/<uuid:device_id>", views.DeviceView.as_view()),
]
