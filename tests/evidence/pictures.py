"""Harmless pictures that say more than their pixels: EXIF, XMP, comments, profiles, thumbnails."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

CANARY = b"CANARY-51.5007N-0.1246W"


def shapes(mode: str = "RGB", size: tuple[int, int] = (48, 40), seed: int = 1) -> Image.Image:
    """A few shapes on one colour."""
    image = Image.new("RGB", size, (seed * 37 % 256, 90, 160))
    draw = ImageDraw.Draw(image)
    draw.rectangle((5, 6, 25, 30), fill=(seed * 53 % 256, 20, 200))
    draw.ellipse((18, 12, 44, 36), fill=(240, seed * 91 % 256, 10))
    return image.convert(mode)


def exif() -> bytes:
    """Where, when and with what it was taken."""
    said = Image.Exif()
    said[0x010E] = CANARY.decode()  # ImageDescription
    said[0x0112] = 6  # Orientation
    said[0x8825] = {1: "N", 2: (51.0, 30.0, 2.5)}  # GPS
    return said.tobytes()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + CANARY


def jpeg(mode: str = "RGB", seed: int = 1, **more) -> bytes:
    """A JPEG with everything beside its pixels, and bytes after its end."""
    out = io.BytesIO()
    shapes(mode, seed=seed).save(
        out, "JPEG", exif=exif(), icc_profile=profile(), comment=CANARY, dpi=(72, 72), **more
    )
    data = out.getvalue()
    segments = b"".join(
        bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content
        for marker, content in (
            (0xE1, b"http://ns.adobe.com/xap/1.0/\0<x>" + CANARY + b"</x>"),
            (0xED, b"Photoshop 3.0\08BIM" + CANARY),
            (0xE0, b"JFXX\0\x10" + CANARY),
        )
    )
    return data[:2] + segments + data[2:] + b"\xff\xd8\xff\xe1" + CANARY


def png(mode: str = "RGB", seed: int = 1) -> bytes:
    """A PNG with texts, EXIF, a profile, a private chunk and bytes after its end."""
    said = PngInfo()
    said.add_text("Comment", CANARY.decode())
    said.add_text("Zipped", CANARY.decode(), zip=True)
    said.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    out = io.BytesIO()
    image = shapes(mode, seed=seed)
    more = {"transparency": 0} if mode == "P" else {}
    image.save(out, "PNG", pnginfo=said, exif=exif(), icc_profile=profile(), dpi=(72, 72), **more)
    data = out.getvalue()
    end = data.rindex(b"IEND") - 4
    return data[:end] + chunk(b"prVt", CANARY) + data[end:] + CANARY


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def gif(frames: int = 1, seed: int = 1) -> bytes:
    """A GIF with a comment, XMP and a text, and bytes after its end."""
    made = [shapes("P", seed=seed + n) for n in range(frames)]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": made[1:], "loop": 3, "duration": 80}
    made[0].save(out, "GIF", comment=CANARY, **(more if frames > 1 else {}))
    data = out.getvalue()
    told = b"\x21\xff\x0bXMP DataXMP" + bytes((len(CANARY),)) + CANARY + b"\0"
    text = b"\x21\x01\x0c" + bytes(12) + bytes((len(CANARY),)) + CANARY + b"\0"
    return data[:-1] + told + text + b"\x3b" + CANARY
