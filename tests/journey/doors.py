"""The same event, told at four doors; each gives the number of the report that it filed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from tests.ispws.strict_client import Ordered
from tests.ispws.transports import InProcess
from tests.ispws.wire import details
from tests.journey.browsing import Browser, signed_in

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report><incidentSummary>
<incidentType>Online Enticement of Children for Sexual Acts</incidentType>
<incidentDateTime>2026-11-20T10:00:00Z</incidentDateTime></incidentSummary>
<internetDetails><chatImIncident><chatClient>Kites</chatClient></chatImIncident></internetDetails>
<reporter><reportingPerson><email>safety@harborline.example</email></reportingPerson></reporter>
<personOrUserReported><personOrUserReportedPerson><email>subject@example.org</email>
<address><city>Fresno</city><state>CA</state><country>US</country></address>
</personOrUserReportedPerson><espIdentifier>user-1001</espIdentifier>
<screenName>blue.kite</screenName><ipCaptureEvent><ipAddress>169.229.216.200</ipAddress>
<eventName>Upload</eventName><dateTime>2026-11-20T09:58:00Z</dateTime><port>50123</port>
</ipCaptureEvent></personOrUserReported></report>"""
VIEWED = "<originalFileName>kite.png</originalFileName><fileViewedByEsp>true</fileViewedByEsp>"


def picture() -> bytes:
    """A harmless picture: a kite of two triangles."""
    image = Image.new("RGB", (320, 240), (200, 220, 255))
    ImageDraw.Draw(image).polygon(
        [(160, 20), (220, 110), (160, 200), (100, 110)], fill=(40, 80, 200)
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def by_api() -> int:
    """Harborline's own client speaks to the reporting API."""
    client = Ordered(InProcess("harborline"))
    number = client.submit(REPORT.encode()).report_id
    file_id = client.upload(number, picture(), "kite.png").file_id
    client.fileinfo(details(number, file_id, VIEWED))
    assert client.finish(number).files == (file_id,)
    return number


def by_hand() -> int:
    """Enzo of Harborline fills in the ESP's form, with the picture."""
    enzo = signed_in("enzo")
    enzo.open("/esp/new/")
    enzo.press(
        "/esp/new/",
        incident_type="enticement",
        incident_day="2026-11-20",
        incident_time="10:00",
        incident_zone="Z",
        platform="Kites",
        user_id="user-1001",
        screen_name="blue.kite",
        email="subject@example.org",
        ip="169.229.216.200",
        ip_port="50123",
        ip_event="Upload",
        ip_day="2026-11-20",
        ip_time="09:58",
        ip_zone="Z",
        contact_email="safety@harborline.example",
    )
    number = int(re.search(r"/esp/reports/(\d+)/", enzo.address)[1])
    enzo.press("/upload/", files={"file": SimpleUploadedFile("kite.png", picture(), "image/png")})
    enzo.press(enzo.address, viewed="yes", original_name="kite.png")
    enzo.press(f"/esp/reports/{number}/finish/")
    return number


PAGES = (
    {"danger": "no"},
    {"what": "enticement"},
    {"day": "2026-11-20", "time": "21:30", "zone": "America/Los_Angeles"},
    {"service": "Kites", "account": "blue.kite"},
    {"first_name": "Robin", "city": "Fresno", "state": "CA", "country": "US"},
    {"age": "12", "state": "CA", "country": "US"},
    {"words": "He asked for pictures."},
    {"contact": "contact", "first_name": "Noor", "email": "noor@example.com"},
)


def by_public_form() -> int:
    """Noor tells what she knows, page by page, and keeps the receipt."""
    noor = Browser()
    noor.open("/report/")
    for said in PAGES:
        noor.press("/report/", button="next", **said)
    noor.press("/report/", button="send")
    return int(re.search(r'class="receipt"><strong>(\d+)<', noor.html)[1])


def by_call() -> int:
    """A mother calls; Ana writes down what she says."""
    ana = signed_in("ana")
    ana.open("/desk/call/")
    ana.press(
        "/desk/call/",
        danger="no",
        incident_type="enticement",
        told="A stranger asked my daughter for pictures.",
        when_day="2026-11-20",
        who_account="blue.kite",
        who_service="Kites",
        child_age="12",
        child_state="CA",
        child_country="US",
        caller_last_name="Amberley",
        caller_phone="+1 559 555 0188",
    )
    return int(re.search(r"/desk/call/(\d+)/", ana.address)[1])


DOORS: dict[str, Callable[[], int]] = {
    "ispws": by_api,
    "esp-desk": by_hand,
    "public": by_public_form,
    "phone": by_call,
}
HAS_FILE = {"ispws", "esp-desk"}
