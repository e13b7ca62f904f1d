"""A report by hand as a person fills it in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

#: The reader refuses incidents in the future, so the day hangs on today.
DAY = (datetime.now(UTC) - timedelta(days=20)).date().isoformat()
FACTS = {
    "incident_type": "enticement",
    "incident_day": DAY,
    "incident_time": "10:00:00",
    "incident_zone": "-08:00",
    "incident_about": "first message",
    "annotations": ["sextortion"],
    "platform": "Kites",
    "urls": "https://kites.example/a\nhttps://kites.example/b\n",
    "chat": "hello & <welcome>\r\nsecond line",
    "escalate": "",
    "user_id": "user-1001",
    "screen_name": "blue.kite",
    "email": "subject@example.org",
    "phone": "+14155550100",
    "ip": "169.229.216.200",
    "ip_port": "50123",
    "ip_event": "Upload",
    "ip_day": DAY,
    "ip_time": "09:58:00",
    "ip_zone": "Z",
    "narrative": "He asked for more.",
    "contact_first": "Enzo",
    "contact_last": "",
    "contact_email": "safety@harborline.example",
}
SAID = {
    "viewed": "yes",
    "exif_viewed": "no",
    "public": "",
    "annotations": ["viral"],
    "classification": "B2",
    "relevance": "Reported",
    "original_name": "holiday.png",
    "uploaded_day": DAY,
    "uploaded_time": "09:57:00",
    "uploaded_zone": "Z",
    "location": "https://kites.example/a.png",
    "narrative": "sent in the chat",
}


def token_of(html: str) -> str:
    return re.search(r'name="token" value="([^"]+)"', html)[1]


def start(client, **changes):
    """Step 1: the number of the report that the facts open."""
    token = token_of(client.get("/esp/new/").content.decode())
    answer = client.post("/esp/new/", {**FACTS, "token": token, **changes})
    assert answer.status_code == 303, answer.content.decode()
    return int(re.search(r"/reports/(\d+)/files/", answer["Location"])[1])


def upload_url(client, number: int) -> str:
    html = client.get(f"/esp/reports/{number}/files/").content.decode()
    return re.search(r'action="([^"]+/upload/[^"]+)"', html)[1]


def send(client, url: str, content: bytes, name: str = "one.png"):
    """Step 2: one file."""
    file = SimpleUploadedFile(name, content, "image/png")
    return client.post(url, {"file": file})
