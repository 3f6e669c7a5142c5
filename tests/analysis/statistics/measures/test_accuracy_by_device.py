import pandas as pd

from analysis.statistics.measures.accuracy_by_device import accuracy_by_device


def test_devices_that_somebody_has_are_rows_in_a_fixed_order() -> None:
    names = ["p0", "p1", "p2", "p3"]
    users = pd.DataFrame({"participant_id": names, "accuracy_percent": [50.0, 70.0, 90.0, 10.0]})
    screens = pd.DataFrame(
        {"participant_id": names, "viewport_w": [390, 400, 1600, 800], "pixel_ratio": [3, 2, 1, 1]}
    )
    devices = pd.Series({"p0": "phone", "p1": "phone", "p2": "computer"})
    in_view = pd.Series({"p0": 0.5, "p1": 1.0, "p2": 1.0, "p3": 1.0})
    table = accuracy_by_device(users, devices, in_view, screens).set_index("device")
    assert list(table.index) == ["computer", "phone"]
    columns = ["n_people", "mean_percent", "in_view_percent", "window_w", "pixel_ratio"]
    assert table.loc["phone", columns].tolist() == [2, 60, 75, 395, 2.5]
    assert table.loc["computer", columns].tolist() == [1, 90, 100, 1600, 1]
