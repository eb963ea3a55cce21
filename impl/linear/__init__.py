"""Linear regression: in closed form, step by step, and with penalties."""

from impl.linear.descent import LMS, GradientDescentRegression
from impl.linear.lasso import Lasso
from impl.linear.least_squares import LinearRegression, RankWarning, normal_equations
from impl.linear.ridge import Ridge
from impl.linear.simple import SimpleRegression
from impl.linear.subset import BestSubset

__all__ = [
    "LMS",
    "BestSubset",
    "GradientDescentRegression",
    "Lasso",
    "LinearRegression",
    "RankWarning",
    "Ridge",
    "SimpleRegression",
    "normal_equations",
]
