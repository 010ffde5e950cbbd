"""WebAuthn by the `webauthn` library: options for browsers, failures as our errors.

Whatever is wrong with what a device sends is one refusal: the caller learns that it does not
hold, and never gets an error of ours.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_client_data_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from wallet.passkeys import rules
from wallet.passkeys.values import NewPasskey, RelyingParty

_NAME = "Saoma"
# Besides the library's own refusals, what its parsing of hostile bytes can end in.
_BROKEN = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, struct.error)

Json = dict[str, Any]


def creation_options(
    party: RelyingParty,
    *,
    user: bytes,
    number: str,
    name: str,
    challenge: str,
    credentials: Sequence[str],
) -> Json:
    """What a browser is given to make a passkey; `credentials` are those the person has."""
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name=_NAME,
        user_id=user,
        user_name=number,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(credentials),
    )
    return options_to_json_dict(options)


def request_options(party: RelyingParty, *, challenge: bytes, allowed: Sequence[str]) -> Json:
    """What a browser is given to sign with one of the allowed passkeys."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=_descriptors(allowed),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def new_passkey(party: RelyingParty, response: Mapping[str, Any], *, challenge: str) -> NewPasskey:
    """The passkey that a device made for these options.

    Raises:
        PasskeyInvalid: it was made for something else, or is broken.
    """
    try:
        made_key = webauthn.verify_registration_response(
            credential=dict(response),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise rules.PasskeyInvalid(field="credential") from error
    return NewPasskey(
        credential=bytes_to_base64url(made_key.credential_id),
        public_key=made_key.credential_public_key,
        sign_count=made_key.sign_count,
    )


def check_signed(response: Mapping[str, Any], challenge: bytes) -> None:
    """Check that an assertion was made over this challenge, whoever signed it.

    Raises:
        TransactionChanged: it was made over another.
        AssertionInvalid: it cannot be read.
    """
    try:
        signed = parse_client_data_json(
            base64url_to_bytes(response["response"]["clientDataJSON"])
        ).challenge
    except _BROKEN as error:
        raise rules.AssertionInvalid(field="credential") from error
    if signed != challenge:
        raise rules.TransactionChanged(field="credential")


def sign_count(
    party: RelyingParty, response: Mapping[str, Any], *, challenge: bytes, public_key: bytes
) -> int:
    """The counter of an assertion that holds.

    The library would judge the counter before the signature, so that an unsigned number could
    suspend a passkey; the counter is therefore the caller's to judge, afterwards.

    Raises:
        AssertionInvalid: the signature, the origin or the device's check of the person fails.
    """
    try:
        verified = webauthn.verify_authentication_response(
            credential=dict(response),
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise rules.AssertionInvalid(field="credential") from error
    return verified.new_sign_count


def fresh_challenge() -> str:
    """32 random bytes, base64url."""
    return bytes_to_base64url(webauthn.helpers.generate_challenge()[:32])


def _descriptors(credentials: Sequence[str]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credentials]
