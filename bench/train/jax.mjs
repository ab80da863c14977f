// jax-js as its documentation shows training: one `jit` function for the whole step, gradient and Adam included, over arrays
// that stay on the device; `.ref` where a value is used again.
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { flatten, tensorsOf } from './heads.mjs';

const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-8];

/** @param {'wasm' | 'webgpu'} device */
export async function createJax(device, { shape, set, initial, learningRate }) {
  const available = await init(device);
  if (!available.includes(device)) throw new Error(`jax-js has no '${device}' here, only ${available.join(', ')}.`);
  defaultDevice(device);
  const users = np.array(set.users).reshape([-1, shape.dimensions]);
  const items = np.array(set.items).reshape([-1, shape.dimensions]);
  const parts = tensorsOf(shape, initial);
  const names = parts.map(({ name }) => name);
  const make = (valuesOf) => parts.map((part) => np.array(valuesOf(part)).reshape(part.shape));
  let parameters = make(({ values }) => values);
  let means = make(({ values }) => new Float32Array(values.length));
  let squares = make(({ values }) => new Float32Array(values.length));

  const lossOf = (list, u, v, label) => {
    const y = LOGITS[shape.kind](Object.fromEntries(names.map((name, i) => [name, list[i]])), u, v);
    return np.mean(nn.softplus(y.ref).sub(label.mul(y)));
  };
  const lossAndGradient = valueAndGrad(lossOf);
  /** @param rates [2] learningRate / (1 − beta1^t) and 1 / (1 − beta2^t) */
  const step = jit((theta, m, s, rates, allUsers, allItems, userRows, itemRows, label) => {
    const [u, v] = [np.take(allUsers, userRows, 0), np.take(allItems, itemRows, 0)];
    const [loss, gradient] = lossAndGradient(
      theta.map((one) => one.ref),
      u,
      v,
      label,
    );
    const [rate, unbias] = np.split(rates, 2).map((one) => one.reshape([]));
    const next = theta.map((one, i) => {
      const mean = m[i].mul(BETA1).add(gradient[i].ref.mul(1 - BETA1));
      const square = s[i].mul(BETA2).add(np.square(gradient[i]).mul(1 - BETA2));
      const root = np.sqrt(square.ref.mul(unbias.ref)).add(EPSILON);
      return [one.sub(rate.ref.mul(mean.ref).div(root)), mean, square];
    });
    rate.dispose();
    unbias.dispose();
    return [next.map(([one]) => one), next.map(([, mean]) => mean), next.map(([, , square]) => square), loss];
  });

  let time = 0;
  return {
    async epoch(batches) {
      for (const { userRows, itemRows, labels } of batches) {
        time++;
        const rates = np.array(Float32Array.of(learningRate / (1 - BETA1 ** time), 1 / (1 - BETA2 ** time)));
        let loss;
        [parameters, means, squares, loss] = step(
          parameters,
          means,
          squares,
          rates,
          users.ref,
          items.ref,
          np.array(userRows),
          np.array(itemRows),
          np.array(labels),
        );
        loss.dispose();
      }
      await blockUntilReady(parameters.map((one) => one.ref));
    },
    async parameters() {
      return flatten(await Promise.all(parameters.map((one) => one.ref.data())));
    },
    dispose() {
      for (const one of [users, items, ...parameters, ...means, ...squares]) one.dispose();
      step.dispose?.();
    },
  };
}

const LOGITS = {
  dot: (p, u, v) => np.exp(p['log scale']).mul(u.mul(v).sum(1)).add(p.offset),
  bilinear(p, u, v) {
    const low = np.matmul(u.ref, p.A).mul(np.matmul(v.ref, p.B)).sum(1);
    return np.exp(p['log scale']).mul(u.mul(v).sum(1).add(low)).add(p.offset);
  },
  mlp(p, u, v) {
    const product = u.ref.mul(v.ref);
    const x = np.matmul(np.concatenate([u, v, product.ref], 1), p.W).add(p['hidden offsets']);
    const outer = np.matmul(nn.silu(x), p['output weights']).reshape([-1]);
    return np.exp(p['log scale']).mul(product.sum(1)).add(outer).add(p.offset);
  },
};
