"""Signed strings of our own making, fixed once: what was read stays readable."""
