"""`./run bench-data` and `./run bench`: the limits of the application, each measured beside its floor in the same run.

Not part of the product: nothing of the product imports it, and the image for production leaves it out.

- plan, tables, load: a database of any size, from a fixed seed
- stage, floor, clock: a database opened for measuring, bare views to measure against, interleaved rounds
- rows: one small module for each group of rows of the limits table; its registry says what comes when
- report: prints the rows, and writes them in docs/performance.md
"""
