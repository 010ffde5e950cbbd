"""Colours decided: append-only and chained, with reasons, overrides, and due times."""
