"""Checks with h5py, and with Keras 3 where it is installed, the files that keras_reads.mjs, which runs this, wrote."""

import io
import json
import os
import pathlib
import sys
import zipfile
from importlib.util import find_spec

import h5py
import numpy

if find_spec("keras"):
    os.environ.setdefault("KERAS_BACKEND", "numpy")
    import keras
else:
    keras = None

for path in sorted(pathlib.Path(sys.argv[1]).glob("*.keras")):
    expected = json.loads(path.with_suffix(".json").read_text())
    archive = zipfile.ZipFile(path)
    assert archive.testzip() is None and archive.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
    found = {}
    with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
        file.visititems(lambda name, one: found.update({name: one[()]}) if isinstance(one, h5py.Dataset) else None)
        assert list(file["vars"]) == []
    assert sorted(found) == sorted(expected["weights"]), (sorted(found), sorted(expected["weights"]))
    for name, values in found.items():
        weight = expected["weights"][name]
        assert values.dtype == "<f4" and list(values.shape) == weight["shape"], (name, values.dtype, values.shape)
        assert numpy.array_equal(values.ravel(), numpy.array(weight["values"], "float32")), name
    said = f"h5py {h5py.__version__} reads {len(found)} weights"
    if keras:
        y = numpy.asarray(keras.saving.load_model(path)(numpy.array(expected["x"]))).ravel()
        difference = numpy.abs(y - expected["y"]).max() / max(1, numpy.abs(y).max())
        said += f", Keras {keras.__version__} computes {y.size} outputs, at most {difference:.1e} of the largest apart"
        assert y.size == len(expected["y"]) and difference < 2e-6, (path.name, difference)
    print(f"{path.stem}: {said}")
print("Keras is not installed: it did not load them" if keras is None else "all loaded by Keras")
