"""``python -m benchmarks NAME``, which ``./tipline bench NAME`` starts."""

from __future__ import annotations

import sys

from benchmarks.command import main

sys.exit(main())
