"""The log-sum-exp trick, first on paper and then in code."""

import numpy as np
from sympy import Symbol

from exercises.answers import Chain, Code, Derivation
from exercises.core import Exercise
from impl.softmax import log_softmax

ex = Exercise(
    "The log-sum-exp trick",
    claims=["CO-softmax-single", "CO-softmax-lossdef"],
    level=2,
    prerequisites=["softmax.stable_softmax"],
)
a, b = Symbol("a", real=True), Symbol("b", real=True)


@ex.variant
def draw(v):
    return {"k": v.integer(2, 5)}


@ex.part(points=4, answer=Derivation("log_sum_exp_trick", (a, b)))
def chain(k):
    r"""The exponentials of large logits overflow, the logarithm of their sum does not. Show, step
    by step, how to take one of them out of $\log(e^{ {{ k }} a} + e^b)$. At the end stands
    $\mathrm{softplus}(x) = \log(1 + e^x)$, which is harmless.
    """
    return Chain(
        (
            f"log(exp({k}*a) + exp(b))",
            f"log(exp({k}*a)*(1 + exp(b - {k}*a)))",
            f"log(exp({k}*a)) + log(1 + exp(b - {k}*a))",
            f"{k}*a + softplus(b - {k}*a)",
        )
    )


@chain.hint
def factor_out():
    "Factor one of the exponentials out of the sum. What is left of the other?"


@chain.hint
def logarithm_of_a_product():
    "A logarithm turns a product into a sum."


def inputs(rng):
    """One logit, ties, huge and tiny ones, many, and a strided view."""
    return [
        (np.array([float(rng.integers(2, 9))]),),
        (np.array([0.0, 0.0]),),
        (np.array([1000.0, 1000.0, 1000.0]),),
        (np.array([-1000.0, -1001.0]),),
        (rng.normal(size=6),),
        (rng.normal(scale=500.0, size=40),),
        (rng.normal(size=12)[::3],),
    ]


def _log_sum_exp(z):
    # log p_k = z_k - log-sum-exp, most exactly at the largest logit.
    k = int(np.argmax(z))
    return float(z[k] - log_softmax(z)[k])


@ex.part(points=3, answer=Code("log_sum_exp", inputs, parameters=("z",)))
def values():
    r"""Compute $\log \sum_k e^{z_k}$ for an array `z` of shape `(K,)`, as one number. It must hold
    for logits such as 1000 and such as $-1000$.
    """
    return _log_sum_exp


@values.mistake(credit=1, help="Right for moderate logits only; use what you have just shown.")
def overflows():
    def naive(z):
        with np.errstate(over="ignore", divide="ignore"):
            return float(np.log(np.exp(z).sum()))

    return naive


@values.mistake(credit=1, help="What was taken out has to come back in at the end.")
def never_added_back():
    return lambda z: float(np.log(np.exp(z - z.max()).sum()))


@values.hint
def which_one_to_take_out():
    "If every exponent is at most 0, nothing can overflow. Which logit does that?"
