"""Files made to hurt a decoder. Generated shapes and headers only; nothing is fetched."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import numpy as np
from PIL import Image, PngImagePlugin
from tests.matching.made import encoded, picture

SMALL = picture("scene", 60, 80)
BOMBS = {"too_many_pixels"}
CUT = {"truncated", "undecodable"}
# Not read, or where they are, broken.
FILMS = {"video", "undecodable"}
REFUSED = {"undecodable", "truncated", "not_a_picture", "too_many_pixels"}


def hostile_files() -> dict[str, tuple[bytes, set[str]]]:
    """By name: the bytes, and the reasons that are right answers (``fine``: a fingerprint)."""
    jpeg, png = encoded(SMALL, "JPEG"), encoded(SMALL)
    return {
        "png of 900 million pixels": (png_of(30_000, 30_000), BOMBS),
        "png of 100 million pixels": (png_of(10_000, 10_000), BOMBS),
        "png of 4 billion pixels wide": (png_of(2**31 - 1, 2), BOMBS),
        "png of no width": (png_of(0, 10), REFUSED),
        "png with a bad checksum": (png[:-30] + bytes([png[-30] ^ 1]) + png[-29:], REFUSED),
        "png without pixels": (png[:33] + chunk(b"IEND", b""), REFUSED),
        "png whose pixels are no stream": (
            png[:33] + chunk(b"IDAT", b"not deflated") + chunk(b"IEND", b""),
            REFUSED,
        ),
        "png of an unknown depth": (png_of(10, 10, depth=7), REFUSED),
        "png icc bomb": (png_with(b"iCCP", b"x\0\0" + deflated_zeros()), REFUSED),
        "png compressed text bomb": (png_with(b"zTXt", b"a\0\0" + deflated_zeros()), REFUSED),
        "png international text bomb": (
            png_with(b"iTXt", b"a\0\1\0\0\0" + deflated_zeros()),
            REFUSED,
        ),
        "png with 5 MB of plain text": (png_with(b"tEXt", b"a\0" + b"b" * 5_000_000), {"fine"}),
        "png cut off": (png[: len(png) // 2], CUT),
        "png header alone": (png[:8], CUT),
        "jpeg cut off": (jpeg[: len(jpeg) // 2], {"truncated"}),
        "jpeg header alone": (jpeg[:3], CUT),
        "jpeg of 65535 x 65535": (resized_jpeg(jpeg, 65_535, 65_535), BOMBS),
        "jpeg larger than its data": (resized_jpeg(jpeg, 3_000, 2_000), {"truncated", "fine"}),
        "jpeg with a broken exif block": (jpeg_with_exif(jpeg, b"II*\0" + b"\xff" * 60), {"fine"}),
        "gif with a huge canvas": (gif_of(65_535, 65_535), BOMBS),
        "gif with a frame beyond its canvas": (gif_of(10, 10, frame=(65_535, 65_535)), REFUSED),
        "gif cut off": (encoded(SMALL, "GIF")[:2_000], CUT),
        "gif without an end": (encoded(SMALL, "GIF")[:-1], {"fine"}),
        "tiff with a directory loop": (tiff(next_at=8), {"fine"}),
        "tiff with two directories in a loop": (looping_tiff(), {"fine"}),
        "tiff of 60000 x 60000": (tiff(width=60_000, height=60_000), BOMBS),
        "tiff with a directory of 65535 entries": (tiff()[:8] + b"\xff\xff" + b"\1" * 500, REFUSED),
        "tiff directory beyond the end": (b"II*\0" + struct.pack("<I", 1 << 30), REFUSED),
        "tiff of no strip": (tiff(strips=False), REFUSED),
        "bmp of 40000 x 40000": (bmp_of(40_000, 40_000), BOMBS),
        "bmp of a negative width": (bmp_of(-5, 5), REFUSED),
        "bmp cut off": (encoded(SMALL, "BMP")[:3_000], CUT),
        "webp cut off": (encoded(SMALL, "WEBP")[:900], CUT),
        "webp with a canvas of 16384 x 16384": (webp_of(16_384, 16_384), REFUSED),
        "webp header before a film": (b"RIFF\xff\xff\0\0WEBP" + b"AVI LIST" * 9, REFUSED),
        "riff film": (b"RIFF\xff\xff\0\0AVI LIST" + b"\0" * 500, FILMS),
        "mp4 film": (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + b"\0" * 500, FILMS),
        "jpeg and zip in one": (jpeg + zipped(), {"fine"}),
        "gif and script in one": (encoded(SMALL, "GIF") + b"*/=1;alert(1)//", {"fine"}),
        "png name before a jpeg": (png[:8] + jpeg, REFUSED),
        "empty": (b"", {"empty"}),
        "one byte": (b"\xff", {"not_a_picture"}),
        "zeros": (bytes(5_000), {"not_a_picture"}),
        "random bytes": (np.random.default_rng(1).bytes(5_000), {"not_a_picture"}),
        "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", {"not_a_picture"}),
        "vector drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"not_a_picture"}),
        "program": (b"\x7fELF\2\1\1" + bytes(200), {"not_a_picture"}),
        "archive": (zipped(), {"not_a_picture"}),
        "other picture format": (encoded(SMALL, "ICO"), {"not_a_picture"}),
        "jpeg 2000": (encoded(SMALL, "JPEG2000"), {"not_a_picture"}),
        "avif": (encoded(SMALL, "AVIF"), {"not_a_picture"}),
        "animated gif": (animated("GIF"), {"fine"}),
        "animated png": (animated("PNG"), {"fine"}),
        "animated webp": (animated("WEBP"), {"fine"}),
        "many pages": (animated("TIFF"), {"fine"}),
    }


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, depth: int = 1) -> bytes:
    """Grey, one bit a pixel, and truly as long as its header says while that is cheap."""
    header = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    packer = zlib.compressobj(1)
    rows = min(height, 4_000_000 // (width // 8 + 1) + 1)
    data = packer.compress(bytes(width // 8 + 1) * min(rows, 64)) + packer.flush()
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def true_bomb() -> bytes:
    """900 million pixels in full: some 110 KB that unfold to 112 MB."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    data = deflated(3_751 * 30_000)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def deflated_zeros(megabytes: int = 150) -> bytes:
    return deflated(megabytes << 20)


def deflated(zeros: int) -> bytes:
    """A stream of zlib that unfolds to so many zero bytes, gigabytes of them at once.

    A full flush makes a piece that knows nothing of those before it: it is compressed once and
    repeated. Of zeros the checksum (Adler-32) is their number modulo 65521, and a one.
    """
    pieces, rest = divmod(zeros, 1 << 20)
    head = zlib.compressobj(9)
    stream = head.compress(bytes(rest)) + head.flush(zlib.Z_FULL_FLUSH)
    if pieces:
        piece = zlib.compressobj(9, wbits=-15)
        stream += (piece.compress(bytes(1 << 20)) + piece.flush(zlib.Z_FULL_FLUSH)) * pieces
    end = zlib.compressobj(9, wbits=-15).flush()
    return stream + end + struct.pack(">HH", zeros % 65_521, 1)


def png_with(kind: bytes, data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A small PNG with such a chunk, and more, before its pixels."""
    png = encoded(SMALL)
    added = b"".join(chunk(*one) for one in ((kind, data), *more))
    return png[:33] + added + png[33:]


def resized_jpeg(jpeg: bytes, width: int, height: int) -> bytes:
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def jpeg_with_exif(jpeg: bytes, exif: bytes) -> bytes:
    data = b"Exif\0\0" + exif
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data + jpeg[2:]


def gif_of(width: int, height: int, frame: tuple[int, int] = (1, 1)) -> bytes:
    screen = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0" + bytes(6)
    return screen + b"," + struct.pack("<HHHH", 0, 0, *frame) + b"\0\2\2\x4c\1\0;"


def tiff(width: int = 20, height: int = 20, *, next_at: int = 0, strips: bool = True) -> bytes:
    """Grey, uncompressed, one strip, little endian; the directory stands at 8."""
    entries = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        *([(273, 4, 200), (278, 4, height), (279, 4, width * height)] if strips else []),
    ]
    rows = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    head = b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + rows
    pixels = bytes(index * 7 % 256 for index in range(400))
    return (head + struct.pack("<I", next_at)).ljust(200, b"\0") + pixels


def looping_tiff() -> bytes:
    first = tiff(next_at=600)
    second = first[8:200].replace(struct.pack("<I", 600), struct.pack("<I", 8))
    return first + second


def bmp_of(width: int, height: int) -> bytes:
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 1_100, 0, 0, 1_078) + info + bytes(1_024) + b"\0\1"


def bmp_head(width: int, height: int) -> bytes:
    """What comes before the pixels of an RGB bitmap without row padding."""
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + info


def webp_of(width: int, height: int) -> bytes:
    canvas = bytes([0, 0, 0, 0]) + (width - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body)) + body


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inside.txt", "text")
    return out.getvalue()


def animated(kind: str) -> bytes:
    frames = [Image.fromarray(picture("scene", 60, 80, seed)) for seed in (1, 2, 3)]
    out = io.BytesIO()
    options = {"lossless": True} if kind == "WEBP" else {}
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], **options)
    return out.getvalue()


def scan_bomb() -> bytes:
    """A progressive JPEG that repeats its last scan 3,000 times over 16 million pixels."""
    out = io.BytesIO()
    Image.new("L", (4_000, 4_000), 90).save(out, "JPEG", progressive=True, quality=50)
    jpeg = out.getvalue()
    last = jpeg.rindex(b"\xff\xda")
    return jpeg[:-2] + jpeg[last:-2] * 3_000 + b"\xff\xd9"


def exif_flood() -> bytes:
    """A picture with many, long and strange EXIF values."""
    exif = Image.Exif()
    exif[0x010F] = "Maker \n\x07 of things " * 400
    exif[0x9286] = b"\xff\x00\x01" * 400
    for tag in range(40_000, 40_600):
        exif[tag] = f"value {tag}"
    gps = exif.get_ifd(0x8825)
    gps[2] = (51.0, 30.0, 12.5)
    return encoded(SMALL, "JPEG", exif=exif)


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("secret", "canary-in-the-text")
    return info
