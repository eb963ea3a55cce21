"""Every claim of the notes holds, line by line."""

import pytest

from derivations.claims import shown
from derivations.discover import claims
from derivations.verify import verify


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: f"{claim.topic}.{claim.name}")
def test_claim(claim):
    failures = verify(claim).failures
    report = "\n".join(f"{shown(s.file)}:{s.line}: {s.row_id} {s.problem}" for s in failures)
    assert not failures, f"{claim.summary}\n{report}"
