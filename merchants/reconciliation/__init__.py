"""Reconciliation: what the bank says it moved, held against our books."""
