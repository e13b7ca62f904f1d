"""What Splink was given of a model: the worth of its levels, and nothing else of the file."""

from __future__ import annotations

import hashlib
import json

from tipline.insight.entities.scoring.rules_model import LinkModel


def worth_digest(model: LinkModel) -> str:
    """SHA-256 of every level's m and u: caps and priors are none of Splink's business here."""
    worth = {
        name: {level: [weight.m, weight.u] for level, weight in comparison.weights.items()}
        for name, comparison in model.comparisons.items()
    }
    return hashlib.sha256(json.dumps(worth, sort_keys=True).encode()).hexdigest()
