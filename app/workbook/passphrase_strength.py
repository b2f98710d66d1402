"""How hard a new passphrase is to guess by somebody who has the file and a lot of time.

The estimate is zxcvbn's (D. Wheeler, USENIX Security 2016): names, dates, keyboard rows, common words. It knows no
Chinese and counts a character as one of ten, so that each different Chinese character is counted as one of a hundred:
about ten thousand words of two characters are in use.
"""

from collections.abc import Sequence
from typing import Literal

from app.errors import UserError

MIN_LENGTH = 8  # a Chinese character counts as two
_MIN_GUESSES_LOG10 = 8.0  # at a fifth of a second a guess: more than half a year of one core
_STRONG_GUESSES_LOG10 = 11.0
_MAX_JUDGED = 72  # characters; the estimate's time grows with the square
Rating = Literal["短", "弱", "中", "强"]


def check_passphrase(passphrase: str, known_words: Sequence[str] = ()) -> None:
    """Refuse a passphrase that is easily guessed.

    Args:
        known_words: what everybody knows of this workbook: names of the operator and the village

    Raises:
        UserError: too short or too easily guessed, with a better way
    """
    rating = rate_passphrase(passphrase, known_words)
    if rating == "短":
        raise UserError(f"口令至少 {MIN_LENGTH} 个字符（一个汉字算两个），建议用一句自己记得住的话。")
    if rating == "弱":
        raise UserError(
            "这个口令容易被猜到（如连续数字、生日、电话、姓名拼音、常用词）。请换一句自己记得住、别人想不到的话，"
            "例如几个互不相关的词。"
        )


def rate_passphrase(passphrase: str, known_words: Sequence[str] = ()) -> Rating:
    """ "短" and "弱" are refused by `check_passphrase`."""
    if length_of(passphrase) < MIN_LENGTH:
        return "短"
    guesses = _guesses_log10(passphrase[:_MAX_JUDGED], known_words)
    return "弱" if guesses < _MIN_GUESSES_LOG10 else "中" if guesses < _STRONG_GUESSES_LOG10 else "强"


def length_of(passphrase: str) -> int:
    """In characters, a Chinese one as two."""
    return len(passphrase) + sum(map(_is_chinese, passphrase))


def _is_chinese(character: str) -> bool:
    return character >= "\u3400"


def _guesses_log10(passphrase: str, known_words: Sequence[str]) -> float:
    from pypinyin import lazy_pinyin
    from zxcvbn import zxcvbn

    words = [spelling for word in known_words if word for spelling in (word, "".join(lazy_pinyin(word)))]
    estimate = float(zxcvbn(passphrase, user_inputs=words)["guesses_log10"])
    own_characters = set(passphrase) - set("".join(known_words))
    return estimate + sum(map(_is_chinese, own_characters))
