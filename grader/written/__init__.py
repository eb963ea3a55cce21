"""Answers that are written, not programmed: Markdown, LaTeX, and the text cells of notebooks."""
