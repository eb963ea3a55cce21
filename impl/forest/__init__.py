"""Decision trees by Gini impurity or entropy, and forests of them on bootstrap samples."""

from impl.forest.forest import RandomForest
from impl.forest.impurity import entropy, gini
from impl.forest.tree import DecisionTree

__all__ = ["DecisionTree", "RandomForest", "entropy", "gini"]
