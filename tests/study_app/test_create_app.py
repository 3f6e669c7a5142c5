"""What the app is made of."""

import subprocess
import sys

from tests.lab import ROOT


def test_the_app_loads_no_machine_learning_library():
    code = "import sys, study_app; print(*({'torch', 'numpy', 'pandas'} & sys.modules.keys()))"
    command = [sys.executable, "-c", code]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout == "\n"
