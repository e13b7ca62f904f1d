"""Pictures as pure functions: values in, one safe SVG string out.

Each picture has ``role="img"``, a title and a description that says all of it in words;
colours come from ``currentColor`` and classes of the style sheet, never from a ``style``
attribute. Across, everything is given in percent and text in pixels, so that one
picture reads alike at 300 and at 1,200 pixels without being scaled.
"""
