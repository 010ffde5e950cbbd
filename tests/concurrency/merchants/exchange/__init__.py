"""Tests of payments in two currencies."""
