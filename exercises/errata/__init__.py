"""Exercises on real misprints of lecture notes: find the wrong line and mend it."""
