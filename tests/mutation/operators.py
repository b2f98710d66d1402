"""Small faults that a programmer could have made, each as one replacement in a module's source.

Only what behaves is altered: annotations, docstrings, decorators, messages of errors and logs, reports of progress and
sizes on paper stay as they are.
"""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
CONDITIONS = {"where", "filter", "and_", "or_", "having", "order_by"}
SILENT = {"log", "logging"}  # what is told to a log
# what no test should hold to the digit: sizes on paper and in a sheet, the order of parts, sizes of caches and batches
SIZES = re.compile(r"COLUMNS|SHOWN_FIELDS|GRID|WIDTH|HEIGHT|STYLE|ORDER|BATCH|CHUNK|PAGE_SIZE|COLOU?R", re.IGNORECASE)
SIZED = {"Spacer", "TextStyle", "ImageCell", "LedgerColumn", "Table"}
SIZE_ARGUMENTS = {"width", "height", "min_height", "padding", "maxsize", "indent", "size", "shaded"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: bytes `start` to `end` of the source are replaced."""

    line: int
    start: int
    end: int
    before: str
    after: str

    def apply(self, source: str) -> str:
        """The source with this fault in it."""
        raw = source.encode()
        return (raw[: self.start] + self.after.encode() + raw[self.end :]).decode()


def mutants(source: str) -> list[Mutant]:
    """All faults that can be put into a module, in the order of its lines; each leaves it valid Python."""
    lines = source.encode().splitlines(keepends=True)
    starts = [0, *accumulate(len(line) for line in lines)]
    found = {}
    for node, after in _faults(ast.parse(source)):
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        before = source.encode()[start:end].decode()
        found[start, end, after] = Mutant(node.lineno, start, end, before, after)
    return [found[key] for key in sorted(found)]


def _faults(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Nodes below this one, each with what stands in its place."""
    if _is_silent(node):
        return
    if isinstance(node, ast.stmt):
        yield from ((node, after) for after in _statements(node))
    elif isinstance(node, ast.expr):
        yield from ((node, f"({ast.unparse(after)})") for after in _expressions(node))
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not isinstance(node.test, ast.Compare):
        yield node.test, f"(not ({ast.unparse(node.test)}))"
    if isinstance(node, ast.comprehension):
        yield from ((condition, "True") for condition in node.ifs)
    if isinstance(node, ast.JoinedStr):
        yield from ((node, after) for after in _texts(node))
        return
    for child in _children(node):
        yield from _faults(child)


def _texts(text: ast.JoinedStr) -> Iterator[str]:
    """An f-string with a fault in one of its parts, written anew: Python 3.11 does not know where the parts stand."""
    nodes = list(ast.walk(text))
    for part in text.values:
        for faulty, after in _faults(part):
            changed = copy.deepcopy(text)
            target = list(ast.walk(changed))[nodes.index(faulty)]
            target.__class__ = ast.Name  # type: ignore[assignment]
            target.__dict__.update(id=after, ctx=ast.Load())
            yield ast.unparse(changed)


def _is_silent(node: ast.AST) -> bool:
    match node:
        case ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.Expr(value=ast.Constant() | ast.Yield()):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in SILENT:
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name) | ast.Tuple(elts=[ast.Name(id=name), *_])]) if SIZES.search(name):
            return True
        case ast.FunctionDef(name="__repr__"):
            return True
        case ast.keyword(arg=name) if name in SIZE_ARGUMENTS:
            return True
        case ast.BinOp(right=ast.Name(id="MM")):
            return True
    return False


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What runs: no annotation, decorator, base class or message of an error."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None), *node.body)
        case ast.ClassDef():
            yield from node.body
        case ast.AnnAssign():
            yield from [node.value] if node.value is not None else []
        case ast.Raise():
            return
        case ast.Call(func=ast.Name(id=name)) if name in SIZED:
            yield from (child for child in ast.iter_child_nodes(node) if not _is_measure(child))
        case _:
            yield from ast.iter_child_nodes(node)


def _is_measure(node: ast.AST) -> bool:
    """A number, or numbers, and nothing else."""
    return all(
        isinstance(part, ast.Tuple | ast.List | ast.Constant | ast.BinOp | ast.expr_context | ast.operator)
        for part in ast.walk(node)
    )


def _statements(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.Raise() | ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield "pass"
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "return None"
        case ast.Continue():
            yield "break"
        case ast.Break():
            yield "continue"


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(ops=[operator]):
            for other in COMPARISONS[type(operator)]:
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
            for n in range(len(node.values)):
                rest = node.values[:n] + node.values[n + 1 :]
                yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            yield node.operand
        case ast.BinOp() if type(node.op) in ARITHMETIC and not _is_text(node):
            yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int() as number):
            yield ast.Constant(number + 1)
        case ast.IfExp():
            yield node.body
            yield node.orelse
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in CONDITIONS and not node.keywords:
            for n in range(len(node.args) if len(node.args) > 1 else 0):
                yield ast.Call(node.func, node.args[:n] + node.args[n + 1 :], [])
            if len(node.args) == 1 and isinstance(node.func, ast.Attribute) and name == "where":
                yield node.func.value


def _is_text(node: ast.BinOp) -> bool:
    """Texts, lists and dictionaries that are put together: another operator would fail at once."""
    literal = ast.JoinedStr | ast.List | ast.Tuple | ast.Dict
    return any(
        isinstance(side, literal) or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in (node.left, node.right)
    )
