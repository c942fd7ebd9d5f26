"""A network trained in PyTorch for dies that analoom measured: straight-through codes, noise, each die's own slopes.

python tests/examples/train_in_pytorch.py MEASURED.json NET.npz DATA OUT.npz [FAMILY [STEPS]]

MEASURED.json is what `analoom compile NET.npz --data DATA` wrote; OUT.npz gets the weights for its first die, as
compile takes them, and the folder OUT what stores them: bits or voltages. What training knows of dies is from the file
alone: its formula stands in `forward`. At the end the same dies are drawn again and judge the weights; exit code 1
where those of the own die are no better than another's, 2 where it could not run.
"""

import sys
from math import cos, pi
from pathlib import Path

try:
    import torch
except ModuleNotFoundError:
    print("error: PyTorch is not installed, and analoom does not need it\n  try: pip install torch", file=sys.stderr)
    sys.exit(2)

import numpy as np

from analoom import InputError, SpecError
from analoom.flows.compile import read_dataset, read_network
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.measured_file import read_measured
from analoom.flows.compile.same_dies import outputs_on, write_for
from analoom.flows.compile.training.trainer import Grid

RATE, RESTARTS, JUMP, BATCH, SEED = 0.15, 4, 2.0, 128, 1
LEAK, PULL = 0.1, 3.0
"""What is left of an output below 0, for its gradient; and what a sum beyond its bound costs."""


def forward(known, file, weights, noise, x):
    """(dies, points, outputs), and by what sums are beyond bounds; `weights`: codes (dies, rows, columns) a layer."""
    beyond = 0.0
    for k, codes in enumerate(weights):
        w = file.steps[k] * codes
        w = w + noise * file.steps[k] * codes.detach().abs().sqrt() * torch.randn_like(w)
        if "gain" in known:
            lost = known["lost"][k][:, :, None]
            counted = x - lost * (x > 0)
            for sign in (1, -1) if file.ranges.sums else ():
                own = torch.relu(sign * codes)
                sums = counted @ own[:, :-1] + (1 - lost) * own[:, -1:]
                beyond = beyond + torch.relu(sums - file.ranges.sums[k]).mean()
            z = counted @ w[:, :-1] + (1 - lost) * w[:, -1:]
            z = known["gain"][k][:, None, :] * z + known["offset"][k][:, None, :]
        else:
            paths = [p if p.ndim == 3 else p[:, :, None] for p in (known["positive"][k], known["negative"][k])]
            w = w * torch.where(codes > 0, paths[0], paths[1])
            z = x @ w[:, :-1] + w[:, -1:]
        last, end = k == len(weights) - 1, file.ranges.signals[k]
        x = torch.where(z > 0, z, LEAK * z) if last else torch.relu(z)
        x = x if end is None or last else x.clamp(max=end)
    return (x * known["output"][0][:, None, :] if "output" in known else x), beyond


def train(known, file, start, data, steps):
    """Codes (dies, rows, columns) a layer, of all restarts those with the least loss on the training set."""
    torch.manual_seed(SEED)
    dies = len(next(iter(known.values()))[0])
    many = {name: [p.repeat((RESTARTS,) + (1,) * (p.ndim - 1)) for p in parts] for name, parts in known.items()}
    real = []
    for w in start:
        moves = JUMP * torch.randn(RESTARTS, dies, *w.shape)
        moves[0] = 0
        moved = (torch.tensor(w, dtype=torch.float32) + moves).flatten(0, 1)
        real.append(moved.clamp(-file.most, file.most).requires_grad_())
    x, y = torch.tensor(data.x_train, dtype=torch.float32), torch.tensor(data.y_train)
    with torch.no_grad():
        first, _ = forward(many, file, [w.round() for w in real], 0.0, x)
    sharp = (4 / first.std(dim=(1, 2)).clamp(min=1e-3)).log().requires_grad_()
    moves = torch.optim.Adam([*real, sharp], lr=RATE)
    least, best = torch.full((RESTARTS * dies,), torch.inf), [w.detach().round() for w in real]
    for k in range(steps + 1):
        if 2 * k >= steps and (steps - k) % max(steps // 24, 1) == 0:
            codes = [w.detach().round() for w in real]
            with torch.no_grad():
                value = losses(forward(many, file, codes, 0.0, x)[0], y, sharp)
            better = value < least
            least = torch.where(better, value, least)
            best = [torch.where(better[:, None, None], c, b) for c, b in zip(codes, best, strict=True)]
        at = torch.randperm(len(y))[:BATCH]
        rounded = [w + (w.round() - w).detach() for w in real]  # straight through: arXiv 1308.3432
        outputs, beyond = forward(many, file, rounded, file.noise.sigma, x[at])
        moves.param_groups[0]["lr"] = RATE * 0.5 * (1 + cos(pi * k / (steps + 1)))
        moves.zero_grad()
        (losses(outputs, y[at], sharp).sum() + PULL * beyond).backward()
        moves.step()
        with torch.no_grad():
            for w in real:
                w.clamp_(-file.most, file.most)
    first = least.reshape(RESTARTS, dies).argmin(dim=0)
    each = torch.arange(dies)
    return [b.reshape(RESTARTS, dies, *b.shape[1:])[first, each].numpy().astype(np.int8) for b in best]


def losses(outputs, y, sharp):
    """Cross-entropy by die; outputs have a size of their own, and `sharp` the logarithm of a factor a die."""
    scaled = (sharp.exp()[:, None, None] * outputs).log_softmax(dim=2)
    return -scaled[:, torch.arange(len(y)), y].mean(dim=1)


def main(measured, net, data, out, family="binned", steps="600"):
    """Trains for any die and for each, judges both on the dies drawn again, and writes OUT; whether it was of use."""
    file, network, points = read_measured(Path(measured)), read_network(Path(net))[0], read_dataset(data)[0]
    start = map_network(network, Grid(file.most, file.steps[0]), points.x_train).real
    own = {n: [torch.tensor(p, dtype=torch.float32) for p in v] for n, v in file.arrays(family).items() if n != "codes"}
    one = {n: [torch.tensor(p, dtype=torch.float32) for p in v] for n, v in file.as_designed().items()}
    codes = {"any die": train(one, file, start, points, int(steps))}
    codes["this die"] = train(own, file, start, points, int(steps))
    codes["another die"] = [np.roll(c, 1, axis=0) for c in codes["this die"]]
    codes["this die, by analoom"] = [c.astype(np.int8) for c in file.arrays(family)["codes"]]
    dies, means = len(codes["this die"][0]), {}
    for kind, weights in codes.items():
        weights = [np.broadcast_to(c, (dies, *c.shape[-2:])) for c in weights]
        right = (outputs_on(file, family, weights, points.x_test).argmax(-1) == points.y_test).mean(-1)
        means[kind] = right.mean()
        said = f"{right.mean():6.1%} of {dies} dies, the worst {right.min():.1%}"
        print(f"{file.target}, {family}, weights for {kind:21} {said}", flush=True)
    layers = [step * c[0].T.astype(float) for step, c in zip(file.steps, codes["this die"], strict=True)]
    named = {f"w{k}": w[:, :-1] for k, w in enumerate(layers, 1)} | {f"b{k}": w[:, -1] for k, w in enumerate(layers, 1)}
    np.savez(out, **named)
    stored = write_for(file, [c[0] for c in codes["this die"]], Path(out).with_suffix(""))
    print(f"the first die's weights: {out}, {', '.join(stored.values())}")
    return means["this die"] > means["another die"]


if __name__ == "__main__":
    if not 5 <= len(sys.argv) <= 7:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(0 if main(*sys.argv[1:]) else 1)
    except (InputError, SpecError) as error:
        print(f"error: {error.message}\n  try: {error.remedy}", file=sys.stderr)
        sys.exit(2)
