"""Tests of agreements over HTTP."""
