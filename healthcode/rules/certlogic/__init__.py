"""CertLogic 1.3.3: the small, total language in which rules are written."""
