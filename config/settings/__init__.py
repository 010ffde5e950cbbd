"""Settings: base is safe for production, dev and test are short overlays."""
