"""Questions on the line and the plane of least squares."""
