"""A safetensors file of every number type, its half-precision numbers rounded by torch from the same float32 ones."""

import torch

from safetensors_file import write_safetensors

torch.manual_seed(7)
edges = [0.0, -0.0, 1.0, -1.0, 65504.0, 65519.0, 65520.0, 1e30, -1e30, 6.1e-5, 6.0e-5, 5.96e-8, 2.98e-8, 2.99e-8, 1e-40,
         2049.0, 2051.0, 1.00390625, 1.01171875, float("inf"), float("-inf")]
scales = 10 ** torch.linspace(-9, 6, 200)
source = torch.cat([torch.tensor(edges), torch.randn(200) * scales]).float()

write_safetensors("number-types.safetensors", {
    "float32": source,
    "float16": source.to(torch.float16),
    "bfloat16": source.to(torch.bfloat16),
    "float64": torch.tensor([[1 / 3, -2.5e300], [5e-324, 0.1]], dtype=torch.float64),
    "int64": torch.tensor([-(2**63), 2**63 - 1, 0], dtype=torch.int64),
    "int32": torch.tensor([[-(2**31)], [2**31 - 1]], dtype=torch.int32),
    "uint8": torch.tensor(200, dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
    "empty": torch.zeros(3, 0),
}, {"made by": "torch", "sign": "∇"})
