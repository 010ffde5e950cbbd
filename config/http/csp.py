"""Content-Security-Policy: strict everywhere, looser where the admin's theme needs it.

The theme's scripts evaluate expressions, so `/admin/` alone gets 'unsafe-eval' and
inline styles; the API's documentation page draws inline styles.
"""

from typing import Any

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_LOOSER: dict[str, dict[str, list[str]]] = {
    "/admin/": {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]},
    "/api/docs/": {"style-src": [SELF, UNSAFE_INLINE]},
}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """django-csp with a table of looser paths."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> Any:
        """The policy for this path."""
        parts = super().get_policy_parts(request, response, report_only)
        for prefix, directives in _LOOSER.items():
            if not report_only and request.path_info.startswith(prefix):
                parts.replace = {**(parts.replace or {}), **directives}
        return parts
