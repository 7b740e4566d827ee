"""Write the kill matrix to the file that is named."""

from __future__ import annotations

import sys
from pathlib import Path

from contract_tests.tests.gallery.matrix import measured
from contract_tests.tests.gallery.page import page
from contract_tests.tests.gallery.rooms import all_broken

if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(measured(all_broken())), encoding="utf-8")
