"""Registers the accounts slice with Django."""

from django.apps import AppConfig

from config.kernel.slices import SERVICES, Area, Books, FourEyes, Slice, Table


class AccountsConfig(AppConfig):
    """The wallet users, devices and their accounts."""

    name = "wallet.accounts"
    label = "accounts"
    slice = Slice(
        tables=(
            Table(Area.WALLETS, "Users", "person", "WalletUser", searched=True),
            Table(Area.WALLETS, "KYC applications", "badge", "KycApplication"),
            Table(Area.WALLETS, "Top-ups", "add_card", "Topup"),
            Table(Area.WALLETS, "Withdrawals", "account_balance_wallet", "Withdrawal"),
            Table(Area.WALLETS, "Devices", "smartphone", "Device"),
            Table(Area.WALLETS, "Bank answers", "mark_email_read", "BankCallback"),
        ),
        viewers=(*SERVICES, "finance_approver", "risk_analyst", "risk_approver"),
        rights={
            "help_walletuser": ("support",),
            "review_withdrawal": ("payments_ops",),
            "freeze_walletuser": ("risk_analyst",),
            "suspend_kyc": ("risk_analyst",),
        },
        four_eyes=(
            FourEyes(
                (
                    "accounts.approve_withdrawal",
                    "accounts.release_parked_topup",
                    "accounts.force_end",
                ),
                asks=("payments_ops",),
                approves=("finance_approver",),
            ),
            FourEyes(
                ("accounts.unfreeze", "accounts.restore_kyc"),
                asks=("risk_analyst",),
                approves=("risk_approver",),
            ),
        ),
        urls="api/v1/",
        tags={
            "users": "Who has a wallet: registering, profile, passwords and PIN.",
            "sessions": "Logging in and out.",
            "devices": "Phones that make payment codes without network.",
            "wallet": "Balance, statement, top-ups and withdrawals.",
            "kyc": "Proving an identity, and the limits that follow from it.",
            "bank": "What a bank tells us, signed with the secret it shares with us.",
        },
        enum_names={
            "UserState": "values.UserState",
            "KycState": "values.KycState",
            "KycApplicationState": "values.ApplicationState",
            "TopupState": "values.TopupState",
            "WithdrawalState": "values.WithdrawalState",
        },
        books={
            Books.IDENTITY: (
                "WalletUser",
                "Person",
                "KycApplication",
                "Device",
                "LimitUsage",
                "CustomerNote",
                "SessionToken",
                "LoginThrottle",
                "PhoneCode",
                "SmsMessage",
            ),
            Books.PAYMENTS: ("Topup", "Withdrawal", "BankInstruction"),
        },
    )
