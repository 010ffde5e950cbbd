"""Pre-authorisations: money set aside or vouched for now, captured later; and arrears."""
