"""指标: the figures of the village, each declared once with its name, its unit, its query and the records it counts.

A figure is read over a period. Reports keep it as it stood on a day (frozen_report.py) and compare it with another
report and with today (comparison.py); 村情, 年度任务, 出列验收 and 考核记分 are proposed from it (proposals.py).
"""
