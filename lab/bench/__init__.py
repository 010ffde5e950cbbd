"""Benchmarks: every figure beside a yardstick taken in the same run."""
