from summarizer.domain.evidence import EvidencePack
from summarizer.verification.recent_packs import REMEMBERED, remembered
from tests.support.builders import a_pack, an_item


def packs(count):
    return [a_pack(an_item(f"a{n}", f"The mill closed on day {n}.")) for n in range(count)]


def counted():
    asked = []

    @remembered
    def result(pack):
        asked.append(pack)
        return object()

    return result, asked


def test_an_equal_pack_has_the_result_of_the_first():
    result, asked = counted()
    pack = packs(1)[0]
    stored = EvidencePack.model_validate_json(pack.model_dump_json())
    assert stored is not pack
    assert result(pack) is result(stored) is result(stored)
    assert len(asked) == 1


def test_another_pack_has_another_result():
    result, _ = counted()
    one, other = packs(2)
    assert result(one) is not result(other)


def test_the_oldest_pack_is_forgotten():
    result, asked = counted()
    every = packs(REMEMBERED + 1)
    for pack in (*every, every[0]):
        result(pack)
    assert len(asked) == len(every) + 1
