"""Use cases that change state. The caller commits."""
