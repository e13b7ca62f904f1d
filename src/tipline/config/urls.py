"""Every address of the product."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("tipline.doors.portals.entrance.urls")),
    path("", include("tipline.doors.interfaces.health.urls")),
    path("desk/", include("tipline.doors.portals.desk.urls")),
    path("agency/", include("tipline.doors.portals.agency.urls")),
    path("esp/", include("tipline.doors.portals.esp.urls")),
    path("staff/", include("tipline.doors.portals.staff.urls")),
    path("report/", include("tipline.doors.portals.public.urls")),
    path("ispws/", include("tipline.doors.interfaces.ispws.urls")),
    path("hashes/", include("tipline.doors.interfaces.hash_exchange.urls")),
]

handler404 = "tipline.doors.portals.errors.not_found"
handler500 = "tipline.doors.portals.errors.fault"
