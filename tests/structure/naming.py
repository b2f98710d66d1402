"""Names are the usual terms of the field, and each means one thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.structure.tree import PRODUCTION, Tree, words

# names that say nothing of what a module is for
_DRAWERS = re.compile(r"(^|/)(utils?|helpers?|common|misc|managers?|base|core|services?|handlers?)(\.py|/)")
# class → why two modules may each have one
REPEATED_CLASSES: dict[str, str] = {}
# words that cannot head the name of a module: pronouns and adverbs, irregular participles,
# and the metaphors that earlier versions of this project were written in
_NOT_NOUNS = """
    what which who whom whose it its he him she her they them theirs others other another each every any some none
    nothing anything everything something someone anybody everybody one ones this that these those mine ours such
    about above across again alone already along also always anew apart around away back before behind below beneath
    beside between beyond by down ever far forth here hence how inside later meanwhile near never next now off often
    once onward out outside over past soon still then there together under up upon when where why within yet
    begun bound broken brought built caught chosen come done drawn fed found given going_on gone got grown held hidden
    hung kept known laid left lent lost made meant met paid put read said seen sent set shown sold spent spoken
    stated stood struck taken taught thought told torn understood undone won worn written
    belonging arriving sending undoing folding vetting naming looking lacking existing verifying telling
    material pen press roll imprint furniture sign square desk twins joiner stick sticks home homes doubt doubts
"""
_NOT_A_NOUN = frozenset(_NOT_NOUNS.split())
# module whose name only looks like a participle → why it may stay
_MODULE_EXCEPTIONS = {"deferred": "a value that is filled in later, as in other libraries", "seed": "a noun"}
# identifier with the word "home" → what it means, where it is not a household
_HOME_EXCEPTIONS = {"Key_Home": "the key of the keyboard"}


def module_is_not_a_drawer(tree: Tree) -> Iterator[str]:
    for name in tree.files:
        if name.endswith(".py") and _DRAWERS.search(name):
            yield f"{name}: a module is named after what it is for (no utils, helpers, common, base …)"


def module_is_a_noun(tree: Tree) -> Iterator[str]:
    """No module or package is a pronoun, an adverb or a past participle; the last word of a compound decides."""
    seen = set()
    for name in tree.python(*PRODUCTION):
        path = PurePosixPath(name)
        for part in (*path.parts[:-1], path.stem):
            tail = part.rpartition("_")[2]
            participle = tail.endswith("ed") and len(tail) > 3 and tail not in _MODULE_EXCEPTIONS
            if (part in _NOT_A_NOUN or tail in _NOT_A_NOUN or participle) and part not in ("__init__", "__main__"):
                seen.add(f"{name.partition(part)[0]}{part}: “{tail}” is no noun of the field (docs/glossary.md)")
    yield from sorted(seen)


def class_name_is_unique(tree: Tree) -> Iterator[str]:
    places = defaultdict(list)
    for name in tree.python(*PRODUCTION):
        for node in ast.walk(tree.module(name)):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{name}:{node.lineno}")
    for class_name, found in sorted(places.items()):
        if len(found) > 1 and class_name not in REPEATED_CLASSES:
            yield f"{found[1]}: class {class_name} already names something in {found[0]}"


def household_is_not_a_home(tree: Tree) -> Iterator[str]:
    """The record is a household everywhere; “home” was a second word for it."""
    for name in tree.python(*PRODUCTION):
        for line, identifier in _identifiers(tree.module(name)):
            if {"home", "homes"} & set(words(identifier)) and identifier not in _HOME_EXCEPTIONS:
                yield f"{name}:{line}: {identifier}: call a household a household"


def _identifiers(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name that a module defines or uses, with its line."""
    for node in ast.walk(module):
        for attribute in ("id", "name", "attr", "arg"):
            value = getattr(node, attribute, None)
            if isinstance(value, str):
                yield getattr(node, "lineno", 1), value
