"""How two rows of one person become one.

A merge is planned first, from what is stored, and nothing is written: the plan is shown to whoever
decides. `people.services.merging` plans again with the rows locked, writes the plan's moves and
keeps them as the journal by which the merge is undone. Each room plans for its own rows, told by
`people.signals.people_merging`.
"""
