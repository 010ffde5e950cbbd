"""The same work for each ledger, as its own documentation says; run by its own Python."""
