"""What was found out about an office's list reaches a colleague, who need not find it out again."""

from pathlib import Path

from app.comparison.decision import decide, stored_lines
from app.comparison.stored_lines import save_comparison
from app.progress import run_to_completion
from app.sheets.list_comparison import compare_list
from tests.app.comparison.office_files import NUMBERS, fill, office_list
from tests.app.sync.peers import full_state, make_team, send


def test_decisions_travel_and_two_laptops_meet_at_one_line(tmp_path: Path) -> None:
    team = make_team(tmp_path, "甲", "乙")
    ours, theirs = team
    fill(ours, 张一={"dibao": True})
    send(ours, theirs)
    path = office_list(tmp_path, ("姓名", "身份证号", "低保证号"), ("李三", NUMBERS["李三"], "D1"))
    for book in team:
        run_to_completion(save_comparison(book, run_to_completion(compare_list(book, path)).compared))
    with ours.reading() as session:
        ids = {line.name: line.id for line in stored_lines(session)}
    decide(ours, [ids["李三"]], "verified", "已退出")
    send(ours, theirs)
    with theirs.reading() as session:
        lines = {line.name: line for line in stored_lines(session)}
    assert set(lines) == {"李三", "张一"}
    assert (lines["李三"].is_decided, lines["李三"].decided_by, lines["李三"].reason) == (True, "甲", "已退出")
    assert run_to_completion(compare_list(theirs, path)).standings == ("decided", "open")
    send(theirs, ours)
    assert full_state(ours) == full_state(theirs)
    for book in team:
        book.close()
