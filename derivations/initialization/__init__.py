"""Initialization of weights: zeros, small and large values, Xavier and He (MSRA)."""
