"""Template tags of the look; load them with ``{% load look %}``."""
