"""Questions on classifying by counts and Bayes' rule."""
