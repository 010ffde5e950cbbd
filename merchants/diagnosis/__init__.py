"""Why a signature or a request fails: explanations for developers."""
