"""Columns that tables of several sections show alike."""

from analysis.report.listing import Shown

CONDITION = Shown(column="condition", header="Condition")
CLASSIFIER = Shown(column="classifier", header="Classifier")
AI_RIGHT = Shown(column="ai_right", header="AI", words=((True, "right"), (False, "wrong")))
BIN = Shown(column="bin", header="Bin")
TRIALS = Shown(column="n_trials", header="Trials")
RIGHT = Shown(column="n_right", header="Right")
ACCURACY = Shown(column="accuracy_percent", header="Accuracy, %", digits=1)
INTERVAL = Shown(column="low_percent", to="high_percent", header="95 % interval", digits=1)
