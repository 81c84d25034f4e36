r"""The Jacobian of the game that two small networks play.

With θ and ψ all weights of both networks, the field is
:math:`v = -(\nabla_\theta L_G, \nabla_\psi L_D)` on one fixed batch. Its
derivative has a row and a column for each weight. Automatic differentiation gives
the products :math:`J^{\mathsf T} u`, one for about the price of two training steps.
All unit vectors u give J; a few dozen u's give its leading eigenvalues, by Arnoldi's
method, without J.
"""

import numpy as np
from keras import ops
from scipy.sparse.linalg import LinearOperator, eigs

from ganbook import checks
from ganbook.autodiff import input_gradient
from ganbook.functional import called
from ganbook.training import GAN

LARGEST = 3000  # weights of both networks, for a Jacobian that is written out


class NeuralGame:
    """The field of a `ganbook.training.GAN` on one batch, of all its weights.

    Args:
        gan: none of `ganbook.variants`, without conditions, packs, instance noise,
            several discriminators or a loss that reads more than a logit.
        real: samples of the data, ``(batch, ...)``.
        latents: as many, ``(batch, latents)``.

    Raises:
        TypeError: if ``gan`` plays another game than `ganbook.training.GAN`.
        ValueError: if it has one of these.
    """

    def __init__(self, gan, real, latents):
        if type(gan) is not GAN:
            raise TypeError(f"gan: expected a plain GAN, got {type(gan).__name__}")
        several = len(gan.discriminators) > 1 or gan.packing > 1
        several |= getattr(gan.adversarial_loss, "outputs", 1) > 1
        if several or gan.conditional or gan.instance_noise is not None:
            raise ValueError(
                "gan: expected one discriminator of one logit, no packs, conditions or "
                "noise"
            )
        self.gan = gan
        self.real = ops.convert_to_tensor(real, "float32")
        self.latents = ops.convert_to_tensor(latents, "float32")
        self.players = [gan.generator, gan.discriminator]
        sizes = [
            sum(int(np.prod(v.shape)) for v in network.trainable_variables)
            for network in self.players
        ]
        self.split, self.size = sizes[0], sum(sizes)

    @property
    def weights(self):
        """All weights as one vector, the generator's first."""
        variables = [v for n in self.players for v in n.trainable_variables]
        return np.concatenate([np.ravel(ops.convert_to_numpy(v)) for v in variables])

    def slopes(self, weights):
        """Gradient of each player's loss for its own weights: minus the field."""
        theta, psi = weights[: self.split], weights[self.split :]
        return ops.concatenate(
            [
                input_gradient(lambda t: self._losses(t, psi)[0], theta),
                input_gradient(lambda p: self._losses(theta, p)[1], psi),
            ]
        )

    def pull(self, u):
        """J transposed times u, both vectors of all weights."""
        u = ops.convert_to_tensor(u, "float32")
        weights = ops.convert_to_tensor(self.weights)
        product = input_gradient(lambda w: -ops.sum(self.slopes(w) * u), weights)
        return ops.convert_to_numpy(product).astype(float)

    def jacobian(self):
        """J, ``(n, n)`` for n weights in all."""
        if self.size > LARGEST:
            raise ValueError(
                f"gan: expected at most {LARGEST} weights, got {self.size}; "
                "leading(k) needs no Jacobian"
            )
        return np.stack([self.pull(u) for u in np.eye(self.size)])

    def leading(self, k=6, which="LM", seed=0):
        """k eigenvalues, of largest modulus ("LM") or largest real part ("LR")."""
        operator = LinearOperator((self.size, self.size), matvec=self.pull)
        start = np.random.default_rng(seed).normal(size=self.size)
        return eigs(operator, checks.integer("k", k), which=which, v0=start)[0]

    def _losses(self, theta, psi):
        G, D = (called(n, w) for n, w in zip(self.players, (theta, psi), strict=True))
        fake = G(self.latents)
        logits = D(self.real), D(fake)
        loss = self.gan.adversarial_loss
        generator = ops.mean(loss.generator(*logits))
        discriminator = ops.mean(loss.discriminator(*logits))
        for penalty in self.gan.penalties:
            discriminator += ops.mean(penalty(D, self.real, fake, seed=0))
        return generator, discriminator
