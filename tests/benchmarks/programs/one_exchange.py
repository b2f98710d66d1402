"""Export to a colleague, or import a package, and print what it took as JSON.

Arguments: export or import, the workbook, the colleague's key, the package's path.
"""

import json
import re
import sys
import time
from pathlib import Path

from app.progress import run_to_completion
from app.sync import package_export, package_import
from app.workbook.access import unlock
from tests.builders import PASSPHRASE

what, book, other, path = sys.argv[1], unlock(Path(sys.argv[2]), PASSPHRASE), sys.argv[3], Path(sys.argv[4])
start = time.perf_counter()
if what == "export":
    changes = run_to_completion(package_export.write_package(book, other, path, full=True)).changes
else:
    changes = run_to_completion(package_import.import_package(book, path)).new_changes
seconds = time.perf_counter() - start
peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
assert peak is not None
book.close()
print(json.dumps({"changes": changes, "seconds": seconds, "MB": int(peak[1]) / 1024, "size": path.stat().st_size}))
