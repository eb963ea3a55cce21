"""Optimizers and the training of networks."""

from itertools import pairwise

import numpy as np

from impl.nets.mlp import MLPClassifier
from impl.optimizers import SGD, Adam
from tests.benchmarks.cases.case import Sides, case, relative, torch_here

BOTH = ("float64", "float32")


def adam_step(size, dtype):
    rng = np.random.default_rng(0)
    start, g = rng.normal(size=(2, size)).astype(dtype)
    theta = start.copy()
    optimizer = Adam(0.001)

    def ours():
        optimizer.step([theta], [g])
        return theta[:1000].copy()

    def torch(**options):
        def prepare():
            lib = torch_here()
            parameter = lib.from_numpy(start.copy()).requires_grad_()
            parameter.grad = lib.from_numpy(g)
            theirs = lib.optim.Adam([parameter], lr=0.001, eps=1e-7, **options)

            def step():
                theirs.step()
                return parameter.detach()[:1000].clone()

            return step

        return prepare

    libraries = {"torch fused": torch(fused=True), "torch default": torch()}
    return Sides(ours, libraries, relative, 1e-5)


@case("Adam, one step of 10M parameters", BOTH)
def adam(dtype):
    return adam_step(10_000_000, dtype)


@case("Adam, one step of 1,000 parameters", BOTH, (1,), "layers")
def adam_small(dtype):
    return adam_step(1000, dtype)


def epoch(n, sizes, batch, dtype):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, sizes[0])).astype(dtype)
    y = (X @ rng.normal(size=(sizes[0], sizes[-1])).astype(dtype)).argmax(axis=1)

    def ours():
        rng = np.random.default_rng(0)
        model = MLPClassifier(
            sizes[1:-1], epochs=1, batch_size=batch, optimizer=SGD(0.01), rng=rng
        ).fit(X, y)
        return model.loss_curve_[0]

    def torch():
        lib = torch_here()
        data, labels = lib.from_numpy(X), lib.from_numpy(y)

        def run():
            layers = []
            for fan_in, fan_out in pairwise(sizes):
                layers += [lib.nn.Linear(fan_in, fan_out, dtype=data.dtype), lib.nn.ReLU()]
                lib.nn.init.kaiming_normal_(layers[-2].weight)
                lib.nn.init.zeros_(layers[-2].bias)
            net = lib.nn.Sequential(*layers[:-1])
            optimizer = lib.optim.SGD(net.parameters(), lr=0.01)
            order, total = lib.randperm(n), 0.0
            for at in range(0, n, batch):
                rows = order[at : at + batch]
                optimizer.zero_grad()
                loss = lib.nn.functional.cross_entropy(net(data[rows]), labels[rows])
                loss.backward()
                optimizer.step()
                total += float(loss.detach()) * len(rows)
            return total / n

        return run

    def sklearn():
        from sklearn.neural_network import MLPClassifier as Theirs

        options = {"batch_size": batch, "max_iter": 1, "solver": "sgd", "alpha": 0.0}
        options |= {"momentum": 0.0, "learning_rate_init": 0.01, "random_state": 0}
        return lambda: Theirs(sizes[1:-1], **options).fit(X, y).loss_

    # Starting weights and the order of examples are drawn by each side for itself, and
    # scikit-learn draws smaller weights.
    return Sides(ours, {"torch": torch, "scikit-learn": sklearn}, lambda a, b: abs(a - b) / b, 0.35)


@case("MLP 784-256-128-10, one epoch of 60k, batches of 128", BOTH)
def mlp_epoch(dtype):
    return epoch(60_000, (784, 256, 128, 10), 128, dtype)


@case("MLP 8-16-16-4, one epoch of 800, batches of 8", BOTH, (1,))
def mlp_small(dtype):
    return epoch(800, (8, 16, 16, 4), 8, dtype)
