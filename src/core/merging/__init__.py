"""Merging: a department's source as the sum of its units' sources (部门汇总).

    juesuan merge 本级.toml 中心.toml -o 部门.toml

`stated` is what a merged source says of its merging, `unit` what one source adds (read in worker
processes), `total` the sum, `transfers` what is eliminated, `writing` the sum as TOML, `merge` all
of that in a row, `tracing` the way back from a figure to the units.

A sum is a commutative monoid, whatever is in it: figures, half widths, flows between units, records
in the order of their files. So the order of the arguments does not matter, and the merge of merges
is the merge of all, to the byte; that is a property test.
"""
