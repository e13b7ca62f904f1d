"""Files by others are what they say they are, and carry their licence."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from tipline.doors.portals import look

STATIC = Path(look.__file__).parent / "static" / "look"
VENDOR = STATIC / "vendor"
FILES = tomllib.loads((VENDOR / "VENDOR.toml").read_text())["file"]


def digest(name: str) -> str:
    return hashlib.sha256((VENDOR / name).read_bytes()).hexdigest()


def test_digests_hold():
    for file in FILES:
        assert digest(file["path"]) == file["sha256"]
        assert digest(file["licence_file"]) == file["licence_sha256"]


def test_nothing_lies_there_unnamed():
    named = {"VENDOR.toml"} | {file[key] for file in FILES for key in ("path", "licence_file")}
    assert {path.name for path in VENDOR.iterdir()} == named


def test_each_says_version_licence_and_where_it_is_from():
    for file in FILES:
        assert file["version"]
        assert file["licence"] in (VENDOR / file["licence_file"]).read_text()
        assert file["source"]
        assert file["version"] in (VENDOR / file["path"]).read_text()[:200]


def test_our_style_sheet_fetches_nothing_from_elsewhere_and_no_data_pictures():
    css = (STATIC / "tipline.css").read_text()
    assert "//" not in css.replace("/*", "").replace("*/", "")
    assert "data:" not in css.replace("Pico's data: icons", "")
    assert css.count("url(") == 2
