"""Who did what to what, chained so that a change shows."""
