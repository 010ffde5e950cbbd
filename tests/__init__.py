"""Tests of Saoma."""
