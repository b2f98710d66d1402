"""In a sentence what writing a roster would do."""

from app.sheets.import_preview import COUNT_NAMES, ImportPreview

_UNITS = {
    "household": "户",
    "member": "人",
    "helper": "名帮扶联系人",
    "assignment": "条结对",
    "monitoring": "条监测",
    "measure": "条措施",
}


def preview_message(roster_preview: ImportPreview) -> str:
    """One sentence: what writing would do."""
    refused = f"拒收 {len(roster_preview.rejected)} 行。" if roster_preview.rejected else ""
    changes = changes_text(roster_preview)
    if changes:
        return f"写入后：{changes}。{refused}"
    if roster_preview.listed.news:
        return (
            f"名册与本工作簿一致；全国系统 {roster_preview.listed.news} 户的数据还没有记下，写入时一并记下。{refused}"
        )
    return f"名册与本工作簿一致，没有要写入的。{refused}"


def changes_text(roster_preview: ImportPreview) -> str:
    """What is new and what changes, with numbers, "" where nothing is."""
    counts, parts = roster_preview.counts(), []
    for state, verb in (("new", "新增"), ("changed", "改动")):
        numbers = {table: _count(counts[name], state) for table, name in COUNT_NAMES.items()}
        texts = [f"{numbers[table]} {unit}" for table, unit in _UNITS.items() if numbers[table]]
        other_count = sum(number for table, number in numbers.items() if table not in _UNITS)
        if other_count:
            texts.append(f"{other_count} 条收入和生产生活条件")
        if texts:
            parts.append(f"{verb} {'、'.join(texts)}")
    return "；".join(parts)


def _count(counts: dict[str, int] | int, state: str) -> int:
    return counts[state] if isinstance(counts, dict) else counts
