"""Navigation by area: what an operator may see, in the order in which they look for it."""

from collections.abc import Sequence
from typing import NamedTuple

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from config.kernel.approvals import queries as approvals
from config.kernel.approvals.pages import operator_of
from config.kernel.ports import simulated_parts
from config.kernel.words import in_words


class Entry(NamedTuple):
    """A link to a table of the panel; `icon` is a Material symbol."""

    title: str
    icon: str
    model: str
    badge: str = ""


AREAS: Sequence[tuple[str, Sequence[Entry]]] = (
    (
        "Payments",
        (
            Entry("Payments", "payments", "payments.Payment"),
            Entry("Refunds", "undo", "payments.Refund"),
            Entry("Transfers", "swap_horiz", "payments.Transfer"),
            Entry("Agreements", "event_repeat", "agreements.Agreement"),
            Entry("Payment codes", "barcode", "payments.PaymentCode"),
            Entry("Orders", "receipt_long", "acceptance.Order"),
            Entry("Payments in other currencies", "currency_exchange", "exchange.FxPayment"),
            Entry("Quotes", "request_quote", "exchange.FxQuote"),
            Entry("Authorisations", "lock_clock", "authorisations.Authorisation"),
            Entry("Arrears", "money_off", "authorisations.Arrears"),
            Entry("Disputed late marks", "rate_review", "authorisations.TrustDispute"),
        ),
    ),
    (
        "Wallets",
        (
            Entry("Users", "person", "accounts.WalletUser"),
            Entry("KYC applications", "badge", "accounts.KycApplication"),
            Entry("Top-ups", "add_card", "accounts.Topup"),
            Entry("Withdrawals", "account_balance_wallet", "accounts.Withdrawal"),
            Entry("Devices", "smartphone", "accounts.Device"),
            Entry("Passkeys", "passkey", "passkeys.Passkey"),
            Entry("Savings", "savings", "funding.SavingsOrder"),
            Entry("Pay-later lines", "credit_card_clock", "funding.CreditLine"),
            Entry("Split bills", "splitscreen", "sharing.SplitBill"),
            Entry("Red packets", "redeem", "sharing.RedPacket"),
            Entry("Rides", "directions_subway", "transit.Ride"),
            Entry("Taps", "contactless", "transit.Tap"),
            Entry("Ride certificates", "card_membership", "transit.TransitCertificate"),
            Entry("Trips through stores", "shopping_cart", "selfscan.Trip"),
            Entry("Speakers", "speaker", "speakers.Speaker"),
            Entry("Spoken orders", "record_voice_over", "speakers.VoiceOrder"),
            Entry("Bank answers", "mark_email_read", "accounts.BankCallback"),
        ),
    ),
    (
        "Merchants",
        (
            Entry("Merchants", "storefront", "onboarding.Merchant"),
            Entry("Stores", "store", "onboarding.Store"),
            Entry("Tills", "point_of_sale", "onboarding.Till"),
            Entry("Equipment", "devices", "workbench.Equipment"),
            Entry("Apps", "apps", "onboarding.App"),
            Entry("Keys", "key", "onboarding.AppKey"),
            Entry("Our own keys", "encrypted", "onboarding.GatewayKey"),
            Entry("Certificates", "workspace_premium", "certificates.Certificate"),
            Entry("Face terminals", "face", "faces.FaceTerminal"),
            Entry("Face enrolments", "sentiment_satisfied", "faces.FaceEnrolment"),
            Entry("Consents", "handshake", "consents.Grant"),
            Entry("Questions of identity", "badge", "consents.Certification"),
        ),
    ),
    (
        "Settlement",
        (
            Entry("Batches", "calendar_month", "settlement.SettlementBatch"),
            Entry("Payouts", "account_balance", "payouts.Payout"),
            Entry("Payout cases", "quick_reference_all", "payouts.PayoutCase"),
            Entry("Statements of the bank", "request_quote", "reconciliation.StatementFile"),
            Entry("Breaks", "difference", "reconciliation.Break"),
            Entry("Guaranteed trades", "lock", "escrow.Escrow"),
            Entry("Deals", "orders", "deals.Deal"),
            Entry("Parcel events", "local_shipping", "deals.ParcelEvent"),
            Entry("Disputes", "balance", "disputes.Dispute"),
            Entry("Customs declarations", "package_2", "customs.CustomsDeclaration"),
            Entry("Splits", "call_split", "splits.Split"),
            Entry("Payees of splits", "group", "splits.SplitRelation"),
            Entry("Transfers", "send_money", "funds.MerchantTransfer"),
            Entry("Batches of transfers", "stacked_email", "funds.TransferBatch"),
            Entry("Balance top-ups", "savings", "funds.BalanceTopup"),
            Entry("Fee rules", "percent", "settlement.FeeRule"),
            Entry("Fees by method", "sell", "terms.MethodFee"),
            Entry("Payout terms", "event_repeat", "terms.PayoutTermsVersion"),
            Entry("Payout holds", "front_hand", "terms.PayoutHold"),
            Entry("Bank account changes", "account_balance_wallet", "terms.BankAccountChange"),
            Entry("Calendar days", "event_busy", "terms.CalendarDay"),
            Entry("Rolling reserves", "shield", "settlement.ReserveHold"),
        ),
    ),
    (
        "Ledger",
        (
            Entry("Accounts", "book", "ledger.Account"),
            Entry("Journals", "menu_book", "ledger.Journal"),
            Entry("Entries", "list", "ledger.Entry"),
            Entry("Holds", "lock_clock", "ledger.Hold"),
            Entry("Checkpoints", "flag", "ledger.Checkpoint"),
            Entry("Proofs", "verified", "ledger.Proof"),
        ),
    ),
    (
        "Risk",
        (
            Entry("Cases", "policy", "risk.RiskCase"),
            Entry("Decisions", "rule", "risk.RiskDecision"),
            Entry("Rules", "gavel", "risk.RiskRuleSet"),
            Entry("Models", "model_training", "risk.RiskModel"),
            Entry("Lists", "playlist_add_check", "risk.ListEntry"),
        ),
    ),
    (
        "Health",
        (
            Entry("Subjects", "health_and_safety", "health_subjects.Subject"),
            Entry("Guardianships", "family_restroom", "health_subjects.Guardianship"),
            Entry("Evidence", "science", "health_evidence.Evidence"),
            Entry("Risk areas", "map", "health_evidence.RiskArea"),
            Entry("Registered sources", "how_to_reg", "health_decisions.SourceRegistration"),
            Entry("Laboratories", "biotech", "health_decisions.Laboratory"),
            Entry("Rules", "gavel", "health_rules.RuleSetVersion"),
            Entry("Reports in quarantine", "inventory", "health_decisions.QuarantinedReport"),
            Entry("Colours", "palette", "health_decisions.Head"),
            Entry("Decisions", "rule_folder", "health_decisions.Decision"),
            Entry("Colours by hand", "pan_tool", "health_decisions.Override"),
            Entry("Lists of people", "groups", "health_decisions.PersonList"),
            Entry("Published counts", "bar_chart", "health_decisions.DayCount"),
            Entry("Alarms", "warning", "health_decisions.Alarm"),
            Entry("Passes", "qr_code_2", "health_passes.Pass"),
            Entry("Code grants", "handshake", "health_passes.CodeGrant"),
            Entry("Signing keys", "vpn_key", "health_passes.SigningKey"),
            Entry("Region agreements", "handshake", "health_passes.RegionAgreement"),
            Entry("Trusted issuers", "verified_user", "health_passes.TrustedIssuer"),
            Entry("Venues", "meeting_room", "health_verification.Venue"),
            Entry("Gates", "door_open", "health_verification.Terminal"),
            Entry("Gate rules", "tune", "health_verification.VenuePolicy"),
            Entry("Verifications", "fact_check", "health_verification.Verification"),
            Entry("Check-ins", "login", "health_verification.CheckIn"),
            Entry("Access log", "visibility", "health_verification.AccessLogEntry"),
            Entry("Tracing", "travel_explore", "health_tracing.TraceCase"),
            Entry("Footfall", "bar_chart", "health_footfall.Dataset"),
            Entry("Privacy accounts", "account_balance", "health_footfall.PrivacyAccount"),
            Entry("Appeals", "gavel", "health_appeals.Appeal"),
        ),
    ),
    (
        "Notifications",
        (
            Entry("Notifications", "notifications", "gateway.Notification"),
            Entry("Events", "outbox", "outbox.OutboxEvent"),
        ),
    ),
    (
        "Control",
        (
            Entry(
                "Approvals",
                "how_to_reg",
                "approvals.ApprovalRequest",
                badge="config.admin.sidebar.approvals_badge",
            ),
            Entry("Alarms", "notification_important", "alarms.Alarm"),
            Entry("Thresholds", "speed", "approvals.ThresholdVersion"),
            Entry("Audit log", "history", "audit.AuditEvent"),
            Entry("Audit roots", "fingerprint", "audit.AuditRoot"),
        ),
    ),
    (
        "Access",
        (
            Entry("Operators", "manage_accounts", "auth.User"),
            Entry("Roles", "groups", "auth.Group"),
            Entry("Sessions", "devices", "access.OperatorSession"),
        ),
    ),
)
# What the privacy desk takes.
PRIVACY = ("health_verification.view_accesslogentry", "audit.view_auditevent")
SEARCHED = (
    "payments.Payment",
    "accounts.WalletUser",
    "onboarding.Merchant",
    "settlement.SettlementBatch",
    "payouts.Payout",
    "ledger.Account",
    "ledger.Journal",
    "approvals.ApprovalRequest",
)


def navigation(request: HttpRequest) -> list[dict[str, object]]:
    """The sidebar: areas with the tables that this operator may see."""
    groups: list[dict[str, object]] = [
        {
            "items": [
                {"title": in_words("Home"), "icon": "dashboard", "link": reverse("admin:index")},
            ]
        }
    ]
    for title, entries in (*AREAS, ("More", _unlisted())):
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


def _unlisted() -> list[Entry]:
    """Tables of the panel that no area names yet: a new one is found before it is placed."""
    listed = {entry.model for _, entries in AREAS for entry in entries}
    return [
        Entry(str(model._meta.verbose_name_plural).capitalize(), "table", model._meta.label)
        for model in admin.site._registry
        if model._meta.label not in listed
    ]


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


def _item(request: HttpRequest, entry: Entry) -> dict[str, object]:
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
    return [label for label in SEARCHED if _visible(request, label)]


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
