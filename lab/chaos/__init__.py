"""Proof by destruction: the product as processes, load, faults one by one, and a checker."""
