"""Exercise definitions and sheets."""
