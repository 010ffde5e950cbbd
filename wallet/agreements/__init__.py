"""Agreements: what a payer has consented to in advance, and the debits made under it."""
