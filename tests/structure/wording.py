"""Words that the program no longer uses: one word for one thing, in window, manual, commands, sheets and on paper."""

import re
from collections.abc import Iterator
from tomllib import loads

from tests.structure.tree import Tree, string_constants

# a pattern → what is said instead
RETIRED = {
    r"本册|这本工作簿|这本册子": "工作簿, 本工作簿",
    r"写得不同|不一样": "不一致, 内容不一致",
    r"^好了|“好了|\*\*好了": "完成",
    r"知道了": "确定",
    r"一格(?!式)": "一项, 单元格",
    r"不行。": "不符合要求",
    r"认不出": "无法识别, 无法确定",
    r"交给谁帮扶": "请选择帮扶联系人",
    r"安排帮扶(?!联系人)": "安排帮扶联系人",
    r"应有帮扶人而没有": "尚未落实帮扶联系人",
    r"多少分钟后|多少天未|多少兆": "周期（天）, 时间（分钟）, 上限（MB）",
    r"的叫法": "称谓",
    r"不印“草稿”的理由": "免印“草稿”说明",
    r"空着就|就空着": "不填则, 可不填",
    r"接着打印|不再打印|没有印完": "继续打印, 取消打印, 尚未打印完成",
    r"从发现那天": "自发现之日起",
    r"他来的包|给他的包": "收到的数据包, 发出的数据包",
    r"填写第三种|保存第三种": "另行填写, 保存",
    r"谁也补不|一并填对": "无法补办, 准确填写",
    r"看起来是同一户": "疑似重复登记",
    r"已遮盖": "部分隐藏",
    r"等于钥匙": "等同工作簿密钥",
    r"拆出去": "拆分",
    r"不认识(的列|这一列)": "无对应栏目",
    r"U盘": "U 盘",
    r"卡上(现在|金额)": "户档现值, 户档金额",
}
_ANY = re.compile("|".join(RETIRED))


def wording_is_current(tree: Tree) -> Iterator[str]:
    """No text that an officer reads uses a retired word.

    Values of options are stored in workbooks that are there and cannot be reworded; their labels can.
    """
    for name, line, text in _visible_texts(tree):
        if _ANY.search(text):
            for pattern, better in RETIRED.items():
                if found := re.search(pattern, text):
                    yield f"{name}:{line}: “{found[0]}” is no longer said; say {better}"


def _visible_texts(tree: Tree) -> Iterator[tuple[str, int, str]]:
    for name in tree.handwritten():
        yield from ((name, line, text) for line, text in string_constants(tree.module(name)))
    for name in tree.files:
        if name.startswith("docs/manual/") or name in ("README.md", "CHANGELOG.md"):
            yield from ((name, n, line) for n, line in enumerate(tree.text(name).splitlines(), 1))
        elif name.startswith("resources/") and name.endswith(".toml"):
            yield from ((name, 0, text) for text in _toml_texts(loads(tree.text(name))))


def _toml_texts(raw: object) -> Iterator[str]:
    if isinstance(raw, str):
        yield raw
    elif isinstance(raw, dict):
        for key, value in raw.items():
            if key != "value":
                yield from _toml_texts(value)
    elif isinstance(raw, list):
        for value in raw:
            yield from _toml_texts(value)
