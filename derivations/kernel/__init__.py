"""The equality kernel: one public door, `decide`, and what it answers with."""

from derivations.kernel.ladder import decide
from derivations.kernel.verdict import Verdict, Witness

__all__ = ["Verdict", "Witness", "decide"]
