"""Collect the sales that a batch settles, as one set: a day may have a hundred thousand."""

from collections.abc import Iterator

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from config.kernel.errors import required
from merchants.onboarding.models import Merchant
from merchants.settlement.models import FeeRule, SettlementLine
from merchants.settlement.usecases.keep_fee_rule import FeeRules, terms_of
from merchants.settlement.values import KindSums, LineKind, Reach
from merchants.terms.queries import fee_column
from wallet.public import PaymentRow, paid_into


def unsettled_sales(merchant: Merchant, reach: Reach) -> QuerySet[PaymentRow]:
    """A merchant's sales within reach that are on no line yet, in no order.

    What was paid after the end of its last settled day cannot be on one. Earlier ones are
    looked for: such a sale committed after its own day had been calculated.
    """
    pending = required(merchant.pending_account_id, "who sells has been approved")
    sales = paid_into(
        payee_id=merchant.id,
        account_id=pending,
        currency=reach.currency,
        after=reach.since,
        until=reach.until,
    )
    if merchant.settled_until is None:
        return sales
    line = SettlementLine.objects.filter(id=OuterRef("id"), kind=LineKind.PAYMENT)
    return sales.filter(Q(paid_at__gte=merchant.settled_until) | ~Exists(line))


def by_rule(
    sales: QuerySet[PaymentRow], rules_of: FeeRules, rule: FeeRule
) -> Iterator[tuple[FeeRule, QuerySet[PaymentRow]]]:
    """The same sales apart by the rule of their method and date; `rule` is what all share."""
    if rules_of.is_plain:
        yield rule, sales
        return
    terms: dict[FeeRule, Q] = {}
    for method, on in sales.values_list("method", "business_date").distinct():
        day = required(on, "what is paid has its business date")
        one = rules_of.of(method, day)
        terms[one] = terms.get(one, Q()) | Q(method=method, business_date=day)
    for one, condition in terms.items():
        yield one, sales.filter(condition)


def sales_sums(sales: QuerySet[PaymentRow], rules_of: FeeRules, rule: FeeRule) -> KindSums:
    """What some sales come to, with the fees that settlement would charge them."""
    sums = KindSums()
    for one, rows in by_rule(sales, rules_of, rule):
        row = rows.aggregate(
            count=Count("id"), amount=Sum("amount_minor"), fee=Sum(fee_column(terms_of(one)))
        )
        if row["count"]:
            sums += KindSums(row["count"], row["amount"], row["fee"], row["amount"])
    return sums
