"""Guaranteed trades: a buyer's money waits, as nobody's yet, until the buyer has the goods."""
