"""Taking out of a picture what the gate keeps closed beside its pixels.

Owns the rules that drop EXIF, XMP, IPTC, comments, colour profiles and whatever else stands
beside the picture in JPEG, PNG and GIF files. Promises: the compressed pixels are copied byte
for byte and nothing is decoded; only parts that are known to carry pixels are kept; what
cannot be read to its end is refused with a reason, never handed on as it is. The hand-out of
files calls it (:mod:`tipline.record.evidence.hand_outs`).
"""
