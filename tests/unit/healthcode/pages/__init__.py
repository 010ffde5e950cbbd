"""Tests of the health code's pages that need no browser."""
