"""Hidden Markov models with categorical emissions: likelihood, posteriors, decoding, learning."""

from impl.hmm.decoding import viterbi
from impl.hmm.inference import ForwardBackward, forward_backward, log_likelihood
from impl.hmm.model import HiddenMarkovModel

__all__ = [
    "ForwardBackward",
    "HiddenMarkovModel",
    "forward_backward",
    "log_likelihood",
    "viterbi",
]
