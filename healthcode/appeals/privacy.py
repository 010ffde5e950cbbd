"""The privacy notice, made of what the code does: flows, retention, rights."""

from dataclasses import asdict
from typing import Any

from config.kernel.data_flows import FLOWS
from healthcode.appeals.retention import retention


def notice() -> dict[str, Any]:
    """What leaves, what is kept how long, and what one can do."""
    return {
        "flows": [asdict(flow) for flow in FLOWS],
        "retention": retention(),
        "rights": {
            "see": "GET /api/v1/health/me",
            "see who looked": "GET /api/v1/health/access-log",
            "object": "POST /api/v1/health/corrections",
            "be forgotten": "POST /api/v1/health/erasures",
        },
    }
