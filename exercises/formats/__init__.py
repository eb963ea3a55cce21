"""Sheets in every format: one file a format."""
