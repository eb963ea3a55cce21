"""Algorithms as the notes print them where that is wrong, to be run and refuted."""
