"""The ledger in the operators' panel: to be read, by nobody to be changed.

Not even a superuser may add, change or delete here: the books change by posting alone,
and accounts are frozen or closed by the use cases behind the wallet's own pages.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.kernel import panel
from wallet.ledger.models import Account, Checkpoint, Entry, Hold, Journal, Proof
from wallet.money import format_amount


class EntryInline(panel.ReadOnlyInline):
    """A journal's lines."""

    model = Entry
    fields = ("line_no", "account", "side", "amount", "balance_after", "posted_at")
    readonly_fields = fields
    ordering = ("line_no",)

    @admin.display(description="amount")
    def amount(self, entry: Entry) -> str:
        return format_amount(entry.amount_minor, entry.currency)

    @admin.display(description="balance after")
    def balance_after(self, entry: Entry) -> str:
        after = entry.balance_after_minor
        return "" if after is None else format_amount(after, entry.currency)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Entry]:
        rows: QuerySet[Entry] = super().get_queryset(request)
        return rows.select_related("account")


@admin.register(Account)
class AccountAdmin(panel.ReadOnly):
    """Accounts and their balances; a hot one's row lags behind until it is rolled up."""

    list_display = ("code", "kind", "currency", "posted", "held", "state", "hot")
    list_filter = ("kind", "state", "hot", "currency")
    search_fields = ("code",)
    ordering = ("code",)

    @admin.display(description="posted", ordering="posted_minor")
    def posted(self, account: Account) -> str:
        return format_amount(account.posted_minor, account.currency)

    @admin.display(description="held", ordering="held_minor")
    def held(self, account: Account) -> str:
        return format_amount(account.held_minor, account.currency)


@admin.register(Journal)
class JournalAdmin(panel.ReadOnly):
    """Journals, newest first, each with its entries."""

    list_display = ("id", "posted_at", "kind", "reference", "narrative", "business_date")
    list_filter = ("kind", "business_date")
    search_fields = ("key", "reference")
    search_help_text = "Key or reference, in full"
    ordering = ("-id",)
    inlines = (EntryInline,)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Journal], search_term: str
    ) -> tuple[QuerySet[Journal], bool]:
        """Equality, which the indexes answer; a search for a part would read the whole books."""
        if not search_term:
            return queryset, False
        term = search_term.strip()
        return queryset.filter(key=term) | queryset.filter(reference=term), False


@admin.register(Entry)
class EntryAdmin(panel.ReadOnly):
    """Entries, newest first."""

    list_display = (
        "id",
        "posted_at",
        "value_at",
        "account",
        "side",
        "amount",
        "currency",
        "journal",
    )
    list_filter = ("side", "currency", "business_date")
    list_select_related = ("account", "journal")
    search_fields = ("=account__code",)
    ordering = ("-id",)

    @admin.display(description="amount", ordering="amount_minor")
    def amount(self, entry: Entry) -> str:
        return format_amount(entry.amount_minor, entry.currency)


@admin.register(Hold)
class HoldAdmin(panel.ReadOnly):
    """Holds, newest first."""

    list_display = ("id", "account", "amount", "state", "reference", "expires_at")
    list_filter = ("state",)
    list_select_related = ("account",)
    search_fields = ("=key", "=reference", "=account__code")
    ordering = ("-placed_at", "id")

    @admin.display(description="amount", ordering="amount_minor")
    def amount(self, hold: Hold) -> str:
        return format_amount(hold.amount_minor, hold.currency)


@admin.register(Checkpoint)
class CheckpointAdmin(panel.ReadOnly):
    """Hot accounts' balances at midnight."""

    list_display = ("account", "taken_for", "balance_minor")
    list_select_related = ("account",)
    search_fields = ("=account__code",)


@admin.register(Proof)
class ProofAdmin(panel.ReadOnly):
    """Nightly proofs of the books."""

    list_display = ("proved_at", "passed")
    list_filter = ("passed",)
