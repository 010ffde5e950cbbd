"""The book of abuses: what was done with health codes elsewhere, and what stops it here."""
