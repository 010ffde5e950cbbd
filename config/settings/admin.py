"""The look of the operators' panel. Plain data; what must be worked out is in config.admin."""

from typing import Any

from django.utils.translation import gettext_lazy

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Saoma",
    "SITE_HEADER": "Saoma",
    "SITE_SUBHEADER": gettext_lazy("Operators' panel"),
    "SITE_SYMBOL": "qr_code_scanner",
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": "config.admin.sidebar.favicon"}
    ],
    "LOGIN": {"form": "config.admin.sign_in.SignInForm"},
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "config.admin.sidebar.environment",
    "ENVIRONMENT_TITLE_PREFIX": "config.admin.sidebar.environment_prefix",
    "DASHBOARD_CALLBACK": "config.admin.dashboard.dashboard",
    "STYLES": ["config.admin.sidebar.stylesheet"],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "oklch(97.3% .014 241)",
            "100": "oklch(93.6% .03 243)",
            "200": "oklch(88.2% .058 244)",
            "300": "oklch(80.9% .1 243)",
            "400": "oklch(70.7% .15 247)",
            "500": "oklch(62.3% .188 254)",
            "600": "oklch(53.5% .203 257)",
            "700": "oklch(47.5% .19 260)",
            "800": "oklch(41.5% .16 261)",
            "900": "oklch(36.5% .125 262)",
            "950": "oklch(27.5% .09 264)",
        },
    },
    "COMMAND": {"search_models": "config.admin.sidebar.searched", "show_history": False},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "config.admin.sidebar.navigation",
    },
}
