from collections.abc import Sequence

from evals.entailment_cache import Remembered


class Counting:
    """Supports a claim by its length, and keeps what it was asked."""

    name = "counting-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def support(self, pairs: Sequence[tuple[str, Sequence[str]]]) -> list[float]:
        self.asked += [claim for claim, _ in pairs]
        return [len(claim) / 10 for claim, _ in pairs]


def test_a_claim_with_the_same_sources_is_asked_once():
    counting = Counting()
    remembered = Remembered(counting)

    assert remembered.support([("abc", ["s"]), ("a", ["s"]), ("abc", ["s"])]) == [0.3, 0.1, 0.3]
    assert remembered.support([("a", ("s",)), ("abc", ["t"])]) == [0.1, 0.3]
    assert counting.asked == ["abc", "a", "abc"]
    assert remembered.name == "counting-1"
