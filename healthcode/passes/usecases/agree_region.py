"""Agree with another region that its passes are good here."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import targets
from config.kernel.audit import chain
from config.kernel.errors import Refused
from healthcode.codec.keys import PublicKey, UnusableKey, from_jwk
from healthcode.decisions.usecases.claim_keys import check_keys, claim_keys
from healthcode.passes.models import RegionAgreement
from healthcode.passes.queries import forget_keys
from healthcode.rules.values import Colour

MAX_DAYS = 366
MAX_KEYS = 20


class AgreementRefused(Refused):
    """An agreement needs an issuer that is not us, P-256 keys, a map of colours and an end."""

    code: ClassVar[str] = "agreement_refused"
    message: ClassVar[str] = "The agreement lacks something; see the field."


def check_agreement(
    *,
    issuer: str,
    keys: object,
    colours: object,
    days: object,
    own_issuer: str,
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Stop an agreement that is none; returns its keys and its whole map of colours.

    A colour that the map leaves out is UNKNOWN here, never green.

    Raises:
        AgreementRefused: naming the field.
        KeyOfSomebodyElse: one of the keys is ours or another party's.
    """
    if not 2 <= len(issuer) <= 32 or issuer == own_issuer:
        raise AgreementRefused(field="issuer")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= MAX_DAYS:
        raise AgreementRefused(field="days")
    colour_names = {colour.value for colour in Colour}
    if not isinstance(colours, Mapping) or not {*colours, *colours.values()} <= colour_names:
        raise AgreementRefused(field="colours")
    return _keys(keys, issuer), {
        name: str(colours.get(name, Colour.UNKNOWN)) for name in sorted(colour_names)
    }


def _keys(keys: object, issuer: str) -> list[dict[str, Any]]:
    """The keys as they are kept; nobody else's."""
    rows = keys if isinstance(keys, list) else []
    if not 1 <= len(rows) <= MAX_KEYS:
        raise AgreementRefused(field="keys")
    for jwk in rows:
        try:
            if not isinstance(jwk, Mapping) or jwk.get("crv") != "P-256":
                raise AgreementRefused(field="keys")
            from_jwk(jwk)
        except UnusableKey as error:
            raise AgreementRefused(field="keys") from error
    check_keys(_public(rows), party=f"region:{issuer}", field="keys")
    public = ("kty", "crv", "x", "y")
    return [{name: str(jwk[name]) for name in public} for jwk in rows]


def _public(rows: list[dict[str, Any]]) -> list[PublicKey]:
    return [from_jwk(jwk).public for jwk in rows]


@transactions.atomic_retry
def agree_region(
    *,
    issuer: str,
    name: str,
    keys: object,
    colours: object,
    days: int,
    own_issuer: str,
    maker: str,
    checkers: Sequence[str],
    approval_id: uuid.UUID,
) -> RegionAgreement:
    """Put an approved agreement in force; the one with that issuer before ends now.

    Nothing is asked of the other region and nothing told: its passes say a colour and
    until when, and that is all that crosses. The same approval takes effect once.

    Raises:
        AgreementRefused: something is missing.
        KeyOfSomebodyElse: one of the keys is ours or another party's.
    """
    earlier = RegionAgreement.objects.filter(approval_id=approval_id).first()
    if earlier is not None:
        return earlier
    jwks, whole = check_agreement(
        issuer=issuer, keys=keys, colours=colours, days=days, own_issuer=own_issuer
    )
    claim_keys(_public(jwks), party=f"region:{issuer}", field="keys")
    now = clock.now()
    _end(issuer, now)
    agreement = RegionAgreement.objects.create(
        issuer=issuer,
        name=name,
        jwks=jwks,
        colours=whole,
        valid_from=now,
        valid_until=now + timedelta(days=days),
        maker=maker,
        checkers=list(checkers),
        approval_id=approval_id,
    )
    chain.record(
        action="health.agree_region",
        actor=operator_actor(maker),
        target=f"region:{issuer}",
        after={"colours": whole, "until": agreement.valid_until.isoformat(), "by": list(checkers)},
    )
    transactions.on_commit(forget_keys)
    return agreement


@transactions.atomic_retry
def end_agreement(*, issuer: str, actor: str, reason: str) -> int:
    """Take a region's passes no longer, at once; returns how many agreements ended.

    One operator suffices, as for any source: what was agreed by three is taken up again by
    three. Again ends none. Scanners learn it by the next trust list.
    """
    targets.moved(f"region:{issuer}", actor=actor)
    ended = _end(issuer, clock.now())
    if ended:
        chain.record(
            action="health.end_agreement", actor=actor, target=f"region:{issuer}", purpose=reason
        )
        transactions.on_commit(forget_keys)
    return ended


def _end(issuer: str, now: datetime) -> int:
    running = RegionAgreement.objects.filter(issuer=issuer, valid_from__lt=now, valid_until__gt=now)
    return running.update(valid_until=now)
