"""Files that somebody might send to hurt whoever opens them. Generated shapes and headers only.

By name the bytes, and the reason with which each is answered; ``fine`` where it is a picture
after all, whatever it is besides. Nothing here is fetched and nothing shows anything.
"""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from tests.hostile.broken import SCENE, cut_off
from tests.matching import hostile
from tests.matching.hostile import chunk, deflated, deflated_zeros, png_with
from tests.matching.made import encoded

NOT, CUT, BAD = "not_a_picture", "truncated", "undecodable"
CUT_OR_BAD = frozenset({CUT, BAD})
Corpus = dict[str, tuple[bytes, frozenset[str]]]


def corpus() -> Corpus:
    """All of them."""
    older = {name: (data, frozenset(right)) for name, (data, right) in _tried_on_the_child()}
    pieces = {
        name: (data, frozenset({"fine", CUT, BAD, NOT, "empty"}))
        for name, data in cut_off().items()
    }
    found = older | pieces
    for more in (_two_in_one(), _unfolding(), _looping(), _odd(), _no_pictures()):
        found |= {name: (data, _right(right)) for name, (data, right) in more.items()}
    return found


def _tried_on_the_child() -> list[tuple[str, tuple[bytes, set[str]]]]:
    return list(hostile.hostile_files().items())


def _right(right: str | frozenset[str]) -> frozenset[str]:
    return right if isinstance(right, frozenset) else frozenset({right})


Named = dict[str, tuple[bytes, str | frozenset[str]]]


def _two_in_one() -> Named:
    jpeg, png, gif = encoded(SCENE, "JPEG"), encoded(SCENE), encoded(SCENE, "GIF")
    html = b"<html><script>alert(1)</script></html>"
    pdf = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    return {
        "gif and zip": (gif + zipped({"a.txt": b"a"}), "fine"),
        "png and zip": (png + zipped({"a.txt": b"a"}), "fine"),
        "jpeg with html in a comment": (jpeg[:2] + segment(0xFE, html) + jpeg[2:], "fine"),
        "jpeg and html behind it": (jpeg + html, "fine"),
        "html before a jpeg": (html + jpeg, NOT),
        "pdf before a jpeg": (pdf + jpeg, NOT),
        "jpeg and pdf behind it": (jpeg + pdf, "fine"),
        "jpeg and program behind it": (jpeg + b"MZ" + bytes(500), "fine"),
        "two jpegs": (jpeg + jpeg, "fine"),
        "jpeg named as tiff inside": (b"II*\0" + jpeg, CUT_OR_BAD),
        "gif name before a png": (b"GIF89a" + png, CUT_OR_BAD | {"too_many_pixels"}),
        "bmp name before a gif": (b"BM" + gif, CUT_OR_BAD | {"too_many_pixels"}),
        "zip before a jpeg": (zipped({"a.txt": b"a"}) + jpeg, NOT),
    }


def _unfolding() -> Named:
    """Little that becomes much."""
    return {
        "png of 900 million pixels in full": (hostile.true_bomb(), "too_many_pixels"),
        "png with a profile of 400 MB": (
            png_with(b"iCCP", b"x\0\0" + deflated_zeros(400)),
            CUT_OR_BAD,
        ),
        "png with text of 400 MB": (png_with(b"zTXt", b"a\0\0" + deflated_zeros(400)), CUT_OR_BAD),
        "png with a hundred texts that unfold": (
            png_with(b"tEXt", b"a\0b", *[(b"zTXt", b"a\0\0" + deflated_zeros(1))] * 100),
            CUT_OR_BAD | {"fine"},
        ),
        "tiff deflated, 4 billion pixels": (deflated_tiff(65_000, 65_000), "too_many_pixels"),
        "tiff deflated, less than it says": (deflated_tiff(2_000, 2_000, rows=3), CUT_OR_BAD),
        "tiff deflated, more than it says": (
            deflated_tiff(300, 300, rows=40_000),
            CUT_OR_BAD | {"fine"},
        ),
        "gif of two thousand frames": (gif_of_frames(2_000), "fine"),
        "apng of two thousand frames": (apng_of_frames(2_000), "fine"),
        "webp that says thousands of frames": (webp_of_frames(4_000), CUT_OR_BAD | {"fine"}),
        "zip bomb": (zipped({"zeros": bytes(50_000_000)}), NOT),
        "zip in zip in zip": (nested_zip(12), NOT),
        "gzip bomb": (gzip.compress(bytes(50_000_000), 9), NOT),
        "xml that unfolds": (billion_laughs(), NOT),
        "svg that unfolds": (
            billion_laughs().replace(b"lolz>&", b"svg>&").replace(b"</lolz", b"</svg"),
            NOT,
        ),
    }


def _looping() -> Named:
    jpeg = encoded(SCENE, "JPEG")
    loop = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + bytes(4)
    deep = b"II*\0" + b"".join(
        struct.pack("<I", 8) if n == 0 else struct.pack("<HHHIII", 1, 0x8769, 4, 1, 8 + 18 * n, 0)
        for n in range(200)
    )
    return {
        "exif that points to itself": (hostile.jpeg_with_exif(jpeg, loop), "fine"),
        "exif two hundred deep": (hostile.jpeg_with_exif(jpeg, deep), "fine"),
        "exif flood": (hostile.exif_flood(), "fine"),
        "jpeg of ten thousand comments": (
            jpeg[:2] + segment(0xFE, b"x") * 10_000 + jpeg[2:],
            "fine",
        ),
        "jpeg of empty segments": (jpeg[:2] + b"\xff\xfe\0\2" * 10_000 + jpeg[2:], "fine"),
        "jpeg with a segment of no length": (
            jpeg[:2] + b"\xff\xfe\0\0" + jpeg[2:],
            CUT_OR_BAD | {"fine"},
        ),
        "png of ten thousand chunks": (
            png_with(b"teSt", b"", *[(b"teSt", b"")] * 10_000),
            "fine",
        ),
        "tiff whose directory is itself": (hostile.tiff(next_at=8), "fine"),
        "tiff whose pixels are its header": (
            hostile.tiff().replace(struct.pack("<I", 200), struct.pack("<I", 0), 1),
            "fine",
        ),
    }


def _odd() -> Named:
    jpeg, png, bmp = encoded(SCENE, "JPEG"), encoded(SCENE), encoded(SCENE, "BMP")
    sof = jpeg.index(b"\xff\xc0")
    return {
        "jpeg of no height": (hostile.resized_jpeg(jpeg, 120, 0), CUT_OR_BAD),
        "jpeg of no width": (hostile.resized_jpeg(jpeg, 0, 90), CUT_OR_BAD),
        "jpeg of twelve bits": (jpeg[: sof + 4] + b"\x0c" + jpeg[sof + 5 :], CUT_OR_BAD),
        "jpeg of seventeen colours": (jpeg[: sof + 9] + b"\x11" + jpeg[sof + 10 :], CUT_OR_BAD),
        "jpeg without tables": (
            b"".join(part for part in segments(jpeg) if part[:2] != b"\xff\xdb"),
            CUT_OR_BAD,
        ),
        "jpeg of noise after its head": (
            jpeg[: jpeg.index(b"\xff\xda") + 14] + bytes(range(256)) * 40,
            CUT_OR_BAD | {"fine"},
        ),
        "png upside down": (png[::-1], NOT),
        "png with its end first": (png[:8] + png[-12:] + png[8:-12], CUT_OR_BAD),
        "png twice its head": (png[:33] + png[8:33] + png[33:], CUT_OR_BAD | {"fine"}),
        "png with a palette of nothing": (png[:33] + chunk(b"PLTE", b"") + png[33:], "fine"),
        "png of a colour type that is none": (
            png[:16] + _png_head(120, 90, colour=5) + png[33:],
            CUT_OR_BAD,
        ),
        "bmp with a palette beyond its end": (
            bmp[:46] + struct.pack("<I", 0x7FFFFFFF) + bmp[50:],
            CUT_OR_BAD | {"fine"},
        ),
        "bmp with pixels beyond its end": (
            bmp[:10] + struct.pack("<I", 0x7FFFFFFF) + bmp[14:],
            CUT_OR_BAD,
        ),
        "bmp with a header of no length": (bmp[:14] + bytes(4) + bmp[18:], CUT_OR_BAD),
        "bmp packed, with endless runs": (packed_bmp(), CUT_OR_BAD | {"fine"}),
        "gif of a code size that is none": (
            hostile.gif_of(20, 20, frame=(20, 20)).replace(
                b"\0\2\2\x4c\1\0;", b"\0\x0d\2\x4c\1\0;"
            ),
            CUT_OR_BAD,
        ),
        "webp of 16383 x 16383 lossless": (webp_lossless(16_383, 16_383), CUT_OR_BAD),
        "webp with a chunk of no length": (
            b"RIFF\x1c\0\0\0WEBPVP8X" + bytes(4) + b"VP8 " + bytes(8),
            CUT_OR_BAD,
        ),
    }


def _no_pictures() -> Named:
    brands = ("heic", "heix", "mif1", "avif", "avis")
    found: Named = {f"box of brand {brand}": (box(brand), NOT) for brand in brands}
    films = {f"box of brand {brand}": box(brand) for brand in ("isom", "qt  ", "mp42", "3gp5")}
    films |= {
        "matroska": b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01",
        "flash film": b"FLV\x01\x05\0\0\0\x09",
        "mpeg stream": b"\x00\x00\x01\xba\x44\x00\x04",
        "transport stream": b"G@\0\x10" * 94,
        "windows film": b"0&\xb2u\x8ef\xcf\x11\xa6\xd9\x00\xaa\x00b\xcel",
        "ogg": b"OggS\0\x02" + bytes(20),
        "empty box": struct.pack(">I", 0) + b"ftyp",
    }
    heads = {
        "flash": b"CWS\x0a\xff\xff\xff\x7f",
        "svg with a script": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "svg that includes a file": (
            b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            b"<svg>&x;</svg>"
        ),
        "pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n",
        "rtf": b"{\\rtf1{\\object\\objdata 00}}",
        "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "windows program": b"MZ\x90\0" + bytes(600),
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "photoshop": b"8BPS\0\x01"
        + bytes(6)
        + b"\0\x03\x7f\xff\xff\xff\x7f\xff\xff\xff\0\x08\0\x03",
        "icon": b"\0\0\1\0\xff\xff" + bytes(40),
        "direct draw surface": b"DDS |\0\0\0" + b"\xff" * 120,
        "jpeg xl": b"\xff\x0a" + bytes(50),
        "windows metafile": b"\xd7\xcd\xc6\x9a" + bytes(60),
        "raw of a camera": b"FUJIFILMCCD-RAW 0201" + bytes(80),
        "portable pixmap": b"P6 999999999 999999999 255\n",
        "silence": b"RIFF\xff\xff\xff\xffWAVEfmt ",
    }
    found |= {name: (head, NOT) for name, head in heads.items()}
    found |= {name: (head, frozenset(hostile.FILMS)) for name, head in films.items()}
    found["tar with a way out"] = (tar_with_a_way_out(), NOT)
    found["zip with a way out"] = (zipped({"../../../etc/cron.d/x": b"* * * * * root true"}), NOT)
    return found


# --- how they are made


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def nested_zip(depth: int) -> bytes:
    data = b"the end"
    for _ in range(depth):
        data = zipped({"again.zip": data})
    return data


def tar_with_a_way_out() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("../../etc/passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def billion_laughs() -> bytes:
    entities = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    return b'<?xml version="1.0"?><!DOCTYPE lolz [' + entities + b"]><lolz>&l9;</lolz>"


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def segments(jpeg: bytes) -> list[bytes]:
    """The parts of a JPEG; its scan, with all that follows, is the last."""
    parts, at = [jpeg[:2]], 2
    while jpeg[at + 1] != 0xDA:
        following = at + 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        parts.append(jpeg[at:following])
        at = following
    return [*parts, jpeg[at:]]


def _png_head(width: int, height: int, colour: int) -> bytes:
    data = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return data + struct.pack(">I", zlib.crc32(b"IHDR" + data))


def deflated_tiff(width: int, height: int, rows: int | None = None) -> bytes:
    """Grey, one strip of deflated zeros; ``rows`` of them where it is not as it says."""
    strip = deflated(width * min(rows or height, 40_000))
    entries = [
        (256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 8), (262, 3, 1),
        (273, 4, 200), (278, 4, height), (279, 4, len(strip)),
    ]  # fmt: skip
    rows_of = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    head = b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows_of + bytes(4)
    return head.ljust(200, b"\0") + strip


def gif_of_frames(frames: int) -> bytes:
    screen = b"GIF89a" + struct.pack("<HH", 40, 40) + b"\x80\0\0" + bytes(6)
    frame = b"\x21\xf9\x04\0\1\0\0\0" + b"," + struct.pack("<HHHH", 0, 0, 1, 1) + b"\0\2\2\x44\1\0"
    return screen + frame * frames + b";"


def apng_of_frames(frames: int) -> bytes:
    png = encoded(SCENE)
    control = struct.pack(">IIIIIHHBB", 0, 120, 90, 0, 0, 1, 10, 0, 0)
    pixels = zlib.compress(bytes((120 * 3 + 1) * 90))
    more = b"".join(
        chunk(b"fcTL", struct.pack(">I", 2 * n + 1) + control[4:])
        + chunk(b"fdAT", struct.pack(">I", 2 * n + 2) + pixels)
        for n in range(frames - 1)
    )
    head = chunk(b"acTL", struct.pack(">II", frames, 0)) + chunk(b"fcTL", control)
    return png[:33] + head + png[33:-12] + more + png[-12:]


def webp_of_frames(frames: int) -> bytes:
    """Says that it moves, with thousands of frames of nothing."""
    canvas = b"\x02\0\0\0" + (39).to_bytes(3, "little") * 2
    frame = b"ANMF" + struct.pack("<I", 16) + bytes(16)
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    body += b"ANIM" + struct.pack("<I", 6) + bytes(6) + frame * frames
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_lossless(width: int, height: int) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    data = b"\x2f" + struct.pack("<I", bits) + bytes(20)
    body = b"WEBPVP8L" + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def packed_bmp() -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, 400, 400, 1, 8, 1, 0, 0, 0, 0, 0)
    head = b"BM" + struct.pack("<IHHI", 0, 0, 0, 1_078) + info + bytes(1_024)
    return head + b"\0\2\xff\xff" * 20_000


def box(brand: str) -> bytes:
    name = brand.encode()
    return b"\0\0\0\x18ftyp" + name + b"\0\0\0\0" + name + b"mif1" + b"\xff\xff\xff\xffmeta"
