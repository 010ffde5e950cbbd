"""Steering a lab's world over HTTP: clock, snapshots, seed, people's acts, scenarios."""
