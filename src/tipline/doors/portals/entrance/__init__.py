"""The way in: sign in, sign out, and each person's own desk."""
