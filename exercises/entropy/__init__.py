"""Questions on entropy, cross-entropy and the distance between distributions."""
