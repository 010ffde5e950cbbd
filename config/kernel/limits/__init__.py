"""Limits are promises: declared in one table, judged by one rule, under the subject's lock."""
