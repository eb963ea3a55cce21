"""Batch normalization: covariate shift, the forward pass and its statistics, the gradients."""
