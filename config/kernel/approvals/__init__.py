"""Four eyes: what one operator asks for, another must approve before it happens.

A slice registers what may be asked for with `@approvals.action(...)`; the request, its
votes and its one execution live here.
"""

from config.kernel.approvals.registry import action
from config.kernel.approvals.values import Approved, Facts, Link, Parameters, change, id_in

__all__ = ["Approved", "Facts", "Link", "Parameters", "action", "change", "id_in"]
