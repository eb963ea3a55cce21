"""Linear-chain conditional random fields: partition, marginals, decoding, training."""

from impl.crf.chain import log_partition, marginals, sequence_score, viterbi
from impl.crf.model import LinearChainCRF

__all__ = ["LinearChainCRF", "log_partition", "marginals", "sequence_score", "viterbi"]
