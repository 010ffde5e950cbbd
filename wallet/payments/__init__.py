"""Payment codes, payments, refunds, transfers."""
