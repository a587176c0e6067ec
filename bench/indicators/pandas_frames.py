# The base cells and the 32 grouping sets in pandas, from columns that lie in memory as small integers.
# Arguments: folder. Prints seconds and the totals of every indicator.
import resource
import sys
import time

import numpy as np
import pandas as pd

folder = sys.argv[1]
keys, columns = [], {}
for line in open(f"{folder}/columns.tsv"):
    name, kind, role = line.rstrip("\n").split("\t")
    read = np.fromfile(f"{folder}/{name}.bin", dtype=kind)
    small = kind == "int16" and read.min() >= -128 and read.max() <= 127
    columns[name] = read.astype("int8") if small else read
    if role == "key":
        keys.append(name)
recipe = [line.rstrip("\n").split("\t") for line in open(f"{folder}/recipe.tsv")]


def cpu():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


started, began = time.perf_counter(), cpu()
# One number for the four keys, and the groups found once: pandas hashes it faster than four columns.
code = np.zeros(len(columns[keys[0]]), dtype="int64")
for key in keys:
    code = code * (int(columns[key].max()) + 2) + columns[key].astype("int64") + 1
groups = pd.Series(code).groupby(code, sort=True)
# pandas 3 knows it by another name.
grouper = groups._grouper if hasattr(groups, "_grouper") else groups.grouper
ready = time.perf_counter() - started

parts = []
batch = 4
for first in range(0, len(recipe), batch):
    measures = {}
    for id, asked, answered, cases, mean in recipe[first : first + batch]:
        in_asked = eval(asked, {}, columns)
        in_answered = in_asked & eval(answered, {}, columns) if answered else in_asked
        measures[f"{id} respondents"] = in_answered
        measures[f"{id} withoutAnswer"] = in_asked & ~in_answered
        if cases:
            measures[f"{id} cases"] = in_answered & eval(cases, {}, columns)
        if mean:
            measures[f"{id} numerator"] = np.where(in_answered, columns[mean], 0)
    parts.append(pd.DataFrame(measures, copy=False).groupby(grouper).sum())
base = pd.concat(parts, axis=1)
measured = time.perf_counter() - started - ready

rest = base.index.to_numpy()
levels = {}
base = base.copy()
for key in reversed(keys):
    size = int(columns[key].max()) + 2
    levels[key] = rest % size - 1
    rest = rest // size
for name, values in levels.items():
    base[name] = values
base["area2"] = base["area3"] // 10
base["area1"] = base["area3"] // 100
own = [name for part in parts for name in part.columns]
cells = 0
for areas in ([], ["area1"], ["area1", "area2"], ["area1", "area2", "area3"]):
    for inner in range(8):
        by = areas + [key for bit, key in enumerate(keys[1:]) if inner & (1 << bit)]
        cells += len(base.groupby(by, sort=False)[own].sum()) if by else 1
seconds, used = time.perf_counter() - started, cpu() - began
print(f"seconds\t{seconds}\ncpu\t{used}\nready\t{ready}\nmeasures\t{measured}\ncells\t{cells}")
print(f"mb\t{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}")
print(f"version\tpandas {pd.__version__}, numpy {np.__version__}")
for name, total in base[own].sum().items():
    if not name.endswith(" numerator"):
        print(f"total\t{name}\t{int(total)}")
