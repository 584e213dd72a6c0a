"""Datasets of HDF5 whose values are not all in the file: those never written have the fill value.

/usr/bin/python3 test/golden/hdf5_datasets.py
"""
import json
from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).parent
with h5py.File(here / "hdf5-datasets.h5", "w") as file:
    file.create_dataset("never", shape=(3,), dtype="f4", fillvalue=7.0)
    file.create_dataset("zeros", shape=(2, 2), dtype="f8")
    part = file.create_dataset("part", shape=(2, 4), chunks=(1, 3), dtype="f2", fillvalue=2.5)
    part[0, :2] = [0.5, -1]
    packed = file.create_dataset("packed", shape=(5,), chunks=(2,), dtype="i4", fillvalue=-3,
                                 compression="gzip", shuffle=True)
    packed[3:] = [8, 9]
    file["large"] = np.array([1, 2**60 + 1])
    file["whole"] = np.arange(6, dtype="f4").reshape(2, 3)
with h5py.File(here / "hdf5-datasets.h5", "r") as file:
    values = {name: file[name][()].ravel().tolist() for name in file if name != "large"}
(here / "hdf5-datasets.json").write_text(json.dumps(values) + "\n")
