"""One page as a printer sees it: words and ruled lines, each at its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

#: Two words stand apart when the gap between them is wider than this part of the letter size …
GAP = 0.15
#: … or, where the file says that there is a blank, wider than this: some files put blanks between parts of one word.
SPACED_GAP = 0.04

#: Bullets of symbol fonts, which have no letter of their own in Unicode.
_SYMBOLS = frozenset(map(chr, range(0xF020, 0xF100)))


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a gap. Places count points (1/72 inch) from the top left corner of the page as it is read."""

    text: str
    left: float
    right: float
    #: The line the letters stand on.
    base: float
    size: float
    bold: bool = False
    #: The file itself has a blank before it.
    spaced: bool = False
    #: A mark of a footnote: small, and above the line.
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight ruled line along one axis; `at` is its place on the other axis."""

    upright: bool
    at: float
    start: float
    end: float


@dataclass(slots=True)
class Sheet:
    """One page."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    #: Words that no reader of the page sees.
    hidden: list[str] = field(default_factory=list)
    #: Words across the page or up its edge: water marks, stamps.
    slanted: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """Words that stand side by side, from left to right."""

    words: list[Word]
    page: int

    @property
    def left(self) -> float:
        """Where its first word begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where its last word ends."""
        return max(word.right for word in self.words)

    @property
    def size(self) -> float:
        """The size that most of its letters have."""
        letters: dict[float, int] = {}
        for word in self.words:
            size = round(word.size * 2) / 2
            letters[size] = letters.get(size, 0) + len(word.text)
        return max(letters, key=lambda size: (letters[size], size))

    @property
    def base(self) -> float:
        """The line its largest letters stand on."""
        return max(self.words, key=lambda word: (not word.raised, word.size)).base

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(word.bold for word in self.words if not word.raised)

    @property
    def text(self) -> str:
        """Its words with one blank where they stand apart."""
        printed = ""
        before: Word | None = None
        for word in self.words:
            if before is not None:
                gap = (word.left - before.right) / max(min(before.size, word.size), 1)
                if not word.raised and gap > (SPACED_GAP if word.spaced else GAP):
                    printed += " "
            printed += word.text
            before = word
        return printed


def lines_of(words: Iterable[Word], page: int) -> list[Line]:
    """Gather words into lines, from top to bottom; a small raised word belongs to the line it hangs over."""
    lines: list[_Growing] = []
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        home = max(lines[-6:], key=lambda line: line.overlap(word), default=None)
        if home is None or home.overlap(word) < 0.5:
            lines.append(_Growing([word], *_extent(word)))
        else:
            home.take(word)
    lines.sort(key=lambda line: line.bottom)
    return [Line(_marked(sorted(line.words, key=lambda word: word.left)), page) for line in lines]


@dataclass(slots=True)
class _Growing:
    words: list[Word]
    top: float
    bottom: float

    def overlap(self, word: Word) -> float:
        top, bottom = _extent(word)
        return (min(bottom, self.bottom) - max(top, self.top)) / max(min(bottom - top, self.bottom - self.top), 0.1)

    def take(self, word: Word) -> None:
        top, bottom = _extent(word)
        if bottom - top > self.bottom - self.top + 0.5:
            self.top, self.bottom = top, bottom
        self.words.append(word)


def _extent(word: Word) -> tuple[float, float]:
    return word.base - 0.75 * word.size, word.base + 0.15 * word.size


def _marked(words: list[Word]) -> list[Word]:
    """Tell the marks of footnotes from the words they hang on; a bullet out of a symbol font becomes a dash."""
    if words[0].text in _SYMBOLS:
        words[0] = replace(words[0], text="-")
    main = max(words, key=lambda word: word.size)
    return [replace(word, raised=True) if _hangs(word, main) else word for word in words]


def _hangs(word: Word, main: Word) -> bool:
    number = word.text.strip("[]()").isdigit()
    return number and word.size < 0.8 * main.size and main.base - word.base > 0.15 * main.size
