from __future__ import annotations

from tests.filing import filed, world

__all__ = ["filed", "world"]
