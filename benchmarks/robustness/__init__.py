"""How well copies of public pictures are recognised, edit by edit, and how often wrongly."""
