"""Rules as data: CertLogic, facts, rule sets, and the colour that follows from them."""
