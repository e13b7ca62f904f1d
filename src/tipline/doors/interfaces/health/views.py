"""Health, readiness and metrics. No personal values, no names."""

from __future__ import annotations

import ipaddress

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from tipline.ground.audit.queries import unsealed
from tipline.ground.foundation import jobs
from tipline.ground.foundation.errors import Unavailable
from tipline.ground.foundation.keys import store
from tipline.record.evidence.checking.queries import finding_count

get = require_http_methods(["GET", "HEAD"])


@get
def healthz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - anyone may ask
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@get
def readyz(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - anyone may ask
    """The database and the store can be used: 200, or 503 with what cannot."""
    missing = []
    try:
        connection.ensure_connection()
        jobs.counts()
    except DatabaseError:
        missing.append("database")
    try:
        store().exists("files/" + "0" * 32)
    except (OSError, Unavailable):
        missing.append("store")
    return JsonResponse({"ready": not missing, "missing": missing}, status=503 if missing else 200)


@get
def metrics(request: HttpRequest) -> HttpResponse:
    """What waits, for Prometheus. Only for this machine: put a proxy with access control before."""
    if not _from_this_machine(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry()
    by_state = Gauge("tipline_jobs", "Jobs by state", ["state"], registry=registry)
    counts = jobs.counts()
    for state in ("queued", "running", "dead"):
        by_state.labels(state).set(counts.get(state, 0))
    Gauge("tipline_ledger_unsealed", "Ledger entries not yet chained", registry=registry).set(
        unsealed()
    )
    Gauge("tipline_vault_findings", "Files with missing or damaged bytes", registry=registry).set(
        finding_count()
    )
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")


def _from_this_machine(request: HttpRequest) -> bool:
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback and "HTTP_X_FORWARDED_FOR" not in request.META
