"""Contact tracing: by a case, with two approvals, from proven check-ins alone."""
