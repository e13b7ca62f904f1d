"""What a file is by its first bytes, whatever it is called: a picture, a video, or neither."""

from __future__ import annotations

#: So many bytes are enough.
LOOKED_AT = 192

_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF87a",
    b"GIF89a",
    b"BM",
    *(order + mark for order in (b"II", b"MM") for mark in (b"*\0", b"\0*", b"+\0", b"\0+")),
)
_VIDEOS = (
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"FLV\x01",
    b"\0\0\x01\xba",  # MPEG program stream
    b"\0\0\x01\xb3",
    b"0&\xb2u\x8ef\xcf\x11",  # ASF, WMV
    b"OggS",
)
# ISO media begin with a box; of those that name a brand, these are pictures of a kind that is
# not read here (HEIF, AVIF).
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free"})
_PICTURE_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
)
_PACKET = 188  # of an MPEG transport stream, each of which begins with the same byte


def is_picture(first: bytes) -> bool:
    """Of a format that is decoded here."""
    return first.startswith(_PICTURES) or (first.startswith(b"RIFF") and first[8:12] == b"WEBP")


def is_video(first: bytes) -> bool:
    """In a container that holds moving pictures, as a rule."""
    if first.startswith(_VIDEOS) or (first.startswith(b"RIFF") and first[8:12] == b"AVI "):
        return True
    if first[:1] == b"G" and first[_PACKET : _PACKET + 1] == b"G":
        return True
    return first[4:8] in _BOXES and first[8:12] not in _PICTURE_BRANDS
