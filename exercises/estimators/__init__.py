"""Questions on estimating a mean, a variance, or the parameter of a law."""
