"""The developers' console: apps and keys, the request log, explanations, faults, guides."""
