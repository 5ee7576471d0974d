"""Is a word a Vietnamese syllable? The measure by which encodings are told apart; needs no dictionary."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RHYME_LIST = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uynh
    uyt uyu ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu y yêm yên yêng yêt yêu
"""
_ONSETS = frozenset(_ONSET_LIST.split()) | {""}
_RHYMES = frozenset(_RHYME_LIST.split())
#: Grave, acute, tilde, hook above, dot below.
TONES = "\u0300\u0301\u0303\u0309\u0323"
_STOPS = ("c", "ch", "p", "t")
#: Before these vowels stand k, gh, ngh and never c, g, ng.
_FRONT = ("e", "ê", "i", "y")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Tell whether a word (any case, NFC or NFD) is built as a Vietnamese syllable: onset, rhyme, a tone that fits."""
    spelt = unicodedata.normalize("NFD", word.lower())
    tones = [letter for letter in spelt if letter in TONES]
    plain = unicodedata.normalize("NFC", "".join(letter for letter in spelt if letter not in TONES))
    if len(tones) > 1 or len(plain) > 7:
        return False
    return any(
        plain[:cut] in _ONSETS and _fits(plain[:cut], plain[cut:], tones[0] if tones else "") for cut in range(4)
    )


def _fits(onset: str, rhyme: str, tone: str) -> bool:
    if rhyme not in _RHYMES or (rhyme.endswith(_STOPS) and tone and tone not in "\u0301\u0323"):
        return False
    front = rhyme.startswith(_FRONT)
    if onset in ("c", "ng"):
        return not front
    if onset == "g":
        return not front or rhyme.startswith("i")
    return front or onset not in ("k", "gh", "ngh")
