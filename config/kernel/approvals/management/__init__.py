"""Commands of the approvals."""
