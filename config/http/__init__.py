"""What every HTTP edge shares: problems, pagination, probes, streams."""
