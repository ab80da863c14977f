// TensorFlow.js as its documentation shows a custom training loop: variables, tensors that stay on the backend,
// `optimizer.minimize`, which tidies up after itself. Cross-entropy on logits is softplus(y) − label · y.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgpu';
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainUrl from '../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdUrl from '../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { flatten, tensorsOf } from './heads.mjs';

/** @param {'wasm' | 'cpu' | 'webgpu'} backend */
export async function createTfjs(backend, { shape, set, initial, learningRate }) {
  if (backend === 'wasm') {
    setWasmPaths({
      'tfjs-backend-wasm.wasm': plainUrl,
      'tfjs-backend-wasm-simd.wasm': simdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
    });
    // Read only where threads are to be had, which is where the page is cross-origin isolated.
    setThreadsCount(navigator.hardwareConcurrency);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend '${backend}' here.`);
  const users = tf.tensor2d(set.users, [set.users.length / shape.dimensions, shape.dimensions]);
  const items = tf.tensor2d(set.items, [set.items.length / shape.dimensions, shape.dimensions]);
  const variables = tensorsOf(shape, initial).map(({ name, shape: size, values }) => [name, tf.variable(tf.tensor(values, size))]);
  const list = variables.map(([, variable]) => variable);
  const logitsOf = LOGITS[shape.kind];
  const byName = Object.fromEntries(variables);
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8);
  return {
    async epoch(batches) {
      await tf.setBackend(backend);
      for (const { userRows, itemRows, labels } of batches) {
        const [userIndex, itemIndex, label] = [tf.tensor1d(userRows, 'int32'), tf.tensor1d(itemRows, 'int32'), tf.tensor1d(labels)];
        optimizer.minimize(
          () => {
            const y = logitsOf(byName, tf.gather(users, userIndex), tf.gather(items, itemIndex));
            return tf.mean(tf.sub(tf.softplus(y), tf.mul(label, y)));
          },
          false,
          list,
        );
        tf.dispose([userIndex, itemIndex, label]);
      }
      await list[0].data(); // all work is done
    },
    async parameters() {
      await tf.setBackend(backend);
      return flatten(await Promise.all(list.map((variable) => variable.data())));
    },
    dispose: () => tf.dispose([users, items, ...list]),
  };
}

/** How many threads the WASM backend uses. */
export const threadsOfTfjs = () => (globalThis.crossOriginIsolated ? getThreadsCount() : 1);

const cosine = (u, v) => tf.sum(tf.mul(u, v), 1);

const LOGITS = {
  dot: ({ 'log scale': logScale, offset }, u, v) => tf.add(tf.mul(tf.exp(logScale), cosine(u, v)), offset),
  bilinear: ({ A, B, 'log scale': logScale, offset }, u, v) =>
    tf.add(tf.mul(tf.exp(logScale), tf.add(cosine(u, v), cosine(tf.matMul(u, A), tf.matMul(v, B)))), offset),
  mlp: ({ W, 'hidden offsets': b, 'output weights': w, 'log scale': logScale, offset }, u, v) => {
    const x = tf.add(tf.matMul(tf.concat([u, v, tf.mul(u, v)], 1), W), b);
    const hidden = tf.mul(x, tf.sigmoid(x));
    return tf.add(tf.add(tf.mul(tf.exp(logScale), cosine(u, v)), tf.squeeze(tf.matMul(hidden, w), [1])), offset);
  },
};
