"""Python reads this before anything else: the processes of a journey's site whose clock was turned live later.

Nothing of the product is changed: only what the machine's clock tells it (``Site.turn_clock``).
"""

import datetime as dt
import os
import sys

# time_machine would load pytest too, and then the product would think that it is being tested.
sys.modules["pytest"] = None  # type: ignore[assignment]
import time_machine  # noqa: E402

del sys.modules["pytest"]

AHEAD = dt.timedelta(seconds=float(os.environ["JOURNEY_SECONDS_AHEAD"]))
time_machine.travel(dt.datetime.now(dt.UTC) + AHEAD, tick=True).start()
