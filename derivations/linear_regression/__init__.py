"""Linear regression: the line, least squares and the normal equations."""
