"""Codes: called, minted, trusted, denied."""

from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric import ec
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY
from config.http.serializers import read
from config.kernel import clock
from healthcode.codec.keys import from_jwk
from healthcode.decisions.cards import card_of, colour_badge
from healthcode.decisions.serializers import CardSerializer, SubjectQuery
from healthcode.decisions.views import TAGS, acting_for, holder_id, queried_subject
from healthcode.passes import lists, rules
from healthcode.passes import serializers as shapes
from healthcode.passes.dcc import LatinName
from healthcode.passes.qr import svg
from healthcode.passes.queries import papers_of
from healthcode.passes.usecases.export_certificate import export_certificate, exportable
from healthcode.passes.usecases.grant_code import grant_code
from healthcode.passes.usecases.import_certificate import import_certificate
from healthcode.passes.usecases.mint_code import Minted, mint_code
from healthcode.passes.usecases.mint_specimen import mint_specimen
from healthcode.passes.usecases.revoke_passes import revoke_papers
from healthcode.passes.values import PassKind
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.subjects.answers import answer_privately
from healthcode.subjects.models import Subject

DEFAULT_MINUTES = 60
MAX_EXPORTS = 100


def _device_key(values: dict[str, Any]) -> ec.EllipticCurvePublicKey | None:
    jwk = values.get("device_public_key")
    return cast("ec.EllipticCurvePublicKey", from_jwk(jwk).public) if jwk else None


def _body(minted: Minted, *, with_svg: bool) -> dict[str, Any]:
    record = minted.record
    life = record.expires_at - record.issued_at
    refresh = max(life - rules.REFRESH_BEFORE_END, life / 2)
    return {
        **colour_badge(Colour(record.colour)),
        "code": minted.text,
        "kind": record.kind,
        "issued_at": record.issued_at,
        "expires_at": record.expires_at,
        "refresh_after_s": int(refresh.total_seconds()),
        "valid_until": minted.decision.valid_until,
        "device_id": record.device_id,
        "svg": svg(minted.text) if with_svg else None,
    }


class CodeGrants(APIView):
    """GB/T 38963, interface 4: call application."""

    @extend_schema(
        operation_id="grant_code",
        tags=TAGS,
        request=shapes.GrantRequest,
        responses={201: shapes.GrantSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Let an app call my code, for a purpose and a while."""
        values = read(shapes.GrantRequest, request.data)
        subject = subjects.subject_of(holder_id(request))

        def run() -> tuple[int, object]:
            grant = grant_code(
                subject=subject,
                app=values["app"],
                purpose=values["purpose"],
                minutes=values.get("minutes", DEFAULT_MINUTES),
            )
            return 201, dict(shapes.GrantSerializer(grant).data)

        return answer_privately(request, endpoint="health.code_grants", run=run)


class Codes(APIView):
    """GB/T 38963, interface 5: making a code."""

    @extend_schema(
        operation_id="mint_code",
        tags=TAGS,
        request=shapes.CodeRequest,
        responses={201: shapes.CodeSerializer},
    )
    def post(self, request: Request) -> Response:
        """Mint a code: for a device's key up to a day, otherwise for a minute.

        With `subject_id`, a dependent's: a proxy code that ends with the guardianship.
        """
        values = read(shapes.CodeRequest, request.data)
        subject = acting_for(request, values)
        guardian = subjects.subject_of(holder_id(request))
        guardianship = subjects.guardianship_over(guardian.id, subject.id, at=clock.now())
        minted = mint_code(
            subject=subject,
            device_key=_device_key(values),
            label=values.get("device_name", ""),
            device_id=values.get("device_id"),
            grant_id=values.get("grant_id"),
            kind=PassKind.PROXY if guardianship else PassKind.APP,
            guardianship=guardianship,
        )
        answer = _body(minted, with_svg=values.get("with_svg", False))
        return Response(shapes.CodeSerializer(answer).data, status=201)


class Specimen(APIView):
    """A code for posters, lessons and tests of gates."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_specimen", tags=TAGS, responses=shapes.SpecimenSerializer, auth=[]
    )
    def get(self, request: Request) -> Response:
        """A specimen: grey, signed, and refused by every verifier."""
        text, end = mint_specimen()
        answer = {
            **colour_badge(Colour.UNKNOWN),
            "code": text,
            "kind": "SPECIMEN",
            "expires_at": end,
            "svg": svg(text),
        }
        return Response(shapes.SpecimenSerializer(answer).data)


class Certificates(APIView):
    """Foreign certificates as evidence."""

    @extend_schema(
        operation_id="import_certificate",
        tags=TAGS,
        request=shapes.CertificateRequest,
        responses={201: CardSerializer},
    )
    def post(self, request: Request) -> Response:
        """Bring an EU, SMART Health Card or NZ certificate; answers the colour that follows."""
        body = read(shapes.CertificateRequest, request.data)
        subject = acting_for(request, body)
        decision = import_certificate(subject=subject, payload=body["payload"])
        card = card_of(subject, decision, at=clock.now())
        return Response(CardSerializer(card).data, status=201)


class CertificateExports(APIView):
    """My tests and vaccinations as European certificates."""

    names_subject = ("GET",)

    @extend_schema(
        operation_id="list_exportable_certificates",
        tags=TAGS,
        parameters=[SubjectQuery],
        responses=shapes.ExportableSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """What a certificate can be made of, newest first."""
        subject = queried_subject(request) or subjects.subject_of(holder_id(request))
        rows = exportable(subject)
        return Response(shapes.ExportableSerializer(rows[:MAX_EXPORTS], many=True).data)

    @extend_schema(
        operation_id="export_certificate",
        tags=TAGS,
        request=shapes.ExportRequest,
        responses={201: shapes.ExportSerializer},
    )
    def post(self, request: Request) -> Response:
        """A certificate (HC1) of one of them, signed by our document signer."""
        values = read(shapes.ExportRequest, request.data)
        latin = values.get("latin_name")
        text = export_certificate(
            subject=acting_for(request, values),
            evidence_id=values["evidence_id"],
            latin_name=LatinName(latin["surname"], latin.get("given", "")) if latin else None,
        )
        return Response(shapes.ExportSerializer({"certificate": text}).data, status=201)


class TrustList(APIView):
    """Whose passes to believe; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_trust_list", tags=TAGS, responses=shapes.TrustListSerializer, auth=[]
    )
    def get(self, request: Request) -> Response:
        """The signed trust list, good for a day."""
        return Response(shapes.TrustListSerializer(lists.trust_list(at=clock.now())).data)


class DenyList(APIView):
    """Which passes are not good any more; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_deny_list", tags=TAGS, responses=shapes.DenyListSerializer, auth=[]
    )
    def get(self, request: Request) -> Response:
        """The signed deny list, good for an hour."""
        return Response(shapes.DenyListSerializer(lists.deny_list(at=clock.now())).data)


class Revocations(APIView):
    """Which certificates of ours are not good any more; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_revocations",
        tags=TAGS,
        responses=shapes.RevocationsSerializer,
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Revoked certificates in the format of the EU's gateway, by hash."""
        batches = lists.revocation_batches(at=clock.now())
        return Response(shapes.RevocationsSerializer({"batches": batches}).data)


class Papers(APIView):
    """My codes on paper, or a dependent's (`?subject_id=`)."""

    names_subject = ("GET",)

    @extend_schema(
        operation_id="list_papers",
        tags=TAGS,
        parameters=[SubjectQuery],
        responses=shapes.PaperSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Those in force, newest first; there is one at most."""
        rows = papers_of(_named(request).id, at=clock.now())
        return Response(shapes.PaperSerializer(rows, many=True).data)


class PaperRevocation(APIView):
    """Paper that is lost, or that somebody else carries."""

    names_subject = ("POST",)

    @extend_schema(
        operation_id="revoke_papers",
        tags=TAGS,
        parameters=[SubjectQuery],
        request=None,
        responses=shapes.PapersRevokedSerializer,
    )
    def post(self, request: Request) -> Response:
        """Take my codes on paper out of force, or a dependent's; safe to repeat."""
        count = revoke_papers(subject_id=_named(request).id, actor="subject")
        return Response(shapes.PapersRevokedSerializer({"revoked": count}).data)


def _named(request: Request) -> Subject:
    return queried_subject(request) or subjects.subject_of(holder_id(request))
