"""What the shop knows about its customers, computed from the unified data in runs.

A run does the steps of `registry.STEPS` in order, tags what they write with its id, and is published by changing one
row (`Publication`) in one transaction: readers see all of the old run or all of the new. To add an analysis:

1. Make a table for its rows: a `Model` with the mixin `OfRun` (`models.py`), whose key begins with `run_id`. Give it to
   `crm_backend/models.py`, a migration, and `privacy/inventory.py`. Set `history = True` on one whose old rows stay.
2. Subclass `Step` (`steps.py`): `name`, `version` (raise it when the same input gives other rows), `reads` (frames),
   `after` (names of the steps whose rows it reads), `writes` (its tables), and `compute(work)`, which returns
   `{Table: DataFrame}` with the table's columns without `run_id`. Or subclass `PartitionedStep` for what is computed
   per customer: `summarise(work)` and `compute(work, fitted)` then see one partition of the customers at a time, and
   `fit(work, summary)` all their summaries; the same three run on one machine and on a cluster.
3. Add an instance to `registry.STEPS`.
4. Read what was published: `published.rows_run(session, STEP_NAME)` gives the run id to filter the table by, or None.

In `compute`, `work[ORDERS]` is a frame (`frames.py` says which there are and their columns; a step may define further
`Frame`s of its own), `work.rows(Table)` what an earlier step of this run gave, `work.published(Table)` what is
published now, `work.as_of` the instant to count from, `work.policies` the shop's rules; put what people should know of
a fit (data, split, scores) into `work.card`. Nothing may depend on the wall clock or on chance without a fixed seed:
the same input gives the same rows, or a step could not be skipped when its input is unchanged.

The runner does the rest: progress, resuming after a kill, skipping what has not changed, publication, pruning.
"""
