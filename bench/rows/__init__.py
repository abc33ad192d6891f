"""What is measured, in the order of the limits table. A new part of the application adds one module to ``ALL``.

A module has ``measure(bench) -> Iterable[Row]``. What it needs of the database it takes from ``bench.large`` and
``bench.small``; how often it may repeat itself from ``bench.rounds``. What cannot be measured gives a row that says
why (``limits.not_measured``).
"""

from bench.rows import figures, finding, later, pages, policies, processes, refer, reminders, reports, statements

ALL = (statements, pages, policies, refer, processes, figures, reports, finding, reminders, later)
