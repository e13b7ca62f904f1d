"""Series of contents that show one child, and the agencies that are told of them."""
