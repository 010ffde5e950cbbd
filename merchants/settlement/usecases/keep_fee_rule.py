"""Keep the fee terms a merchant is charged on, version by version."""

import uuid
from datetime import date

from merchants.onboarding.models import Merchant
from merchants.settlement.models import FeeRule
from merchants.terms.queries import fee_book
from merchants.terms.values import FeeTerms


class FeeRules:
    """The rules that a merchant's payments are charged by, each stored when it is first used.

    Locks: nothing; the caller holds the merchant. With `store=False`, for a look at a day that
    is not settled yet, nothing is written.
    """

    def __init__(self, merchant: Merchant, *, store: bool = True) -> None:
        self._merchant, self._store = merchant, store
        self._book = fee_book(merchant)
        self._rules: dict[tuple[str, FeeTerms], FeeRule] = {}
        self._kept: dict[uuid.UUID, bool] = {}
        for rule in FeeRule.objects.filter(merchant=merchant).order_by("version"):
            self._rules[rule.method, terms_of(rule)] = rule
            self._kept[rule.id] = rule.kept_on_refund

    @property
    def is_plain(self) -> bool:
        """Whether one rule holds for every method and day."""
        return self._book.is_plain

    def of(self, method: str, on: date) -> FeeRule:
        """The rule for a payment of some method and business date."""
        terms = self._book.of(method, on)
        method_name = method if any(row.method == method for row in self._book.rows) else ""
        rule = self._rules.get((method_name, terms))
        if rule is None:
            rule = self._rules[method_name, terms] = self._made(method_name, terms)
            self._kept[rule.id] = rule.kept_on_refund
        return rule

    def is_kept(self, rule_id: uuid.UUID) -> bool:
        """Whether refunds bring nothing back of fees by this rule."""
        return self._kept[rule_id]

    def _made(self, method: str, terms: FeeTerms) -> FeeRule:
        rule = FeeRule(
            merchant=self._merchant,
            version=len(self._rules) + 1,
            method=method,
            fee_bps=terms.fee_bps,
            minimum_minor=terms.minimum_minor,
            maximum_minor=terms.maximum_minor,
            fixed_minor=terms.fixed_minor,
            kept_on_refund=terms.kept_on_refund,
        )
        if self._store:
            latest = FeeRule.objects.filter(merchant=self._merchant).order_by("-version").first()
            rule.version = latest.version + 1 if latest else 1
            rule.save(force_insert=True)
        return rule


def terms_of(rule: FeeRule) -> FeeTerms:
    """A stored rule as terms."""
    return FeeTerms(
        fee_bps=rule.fee_bps,
        minimum_minor=rule.minimum_minor,
        maximum_minor=rule.maximum_minor,
        fixed_minor=rule.fixed_minor,
        kept_on_refund=rule.kept_on_refund,
    )
