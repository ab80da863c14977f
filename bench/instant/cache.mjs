// Vectors that cost minutes are kept in .cache/, one line a text, so that a second run only measures.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';

const BLOCK = 50;

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 24);

/**
 * @param {{fingerprint: string, dimensions: number}} encoder
 * @param {(texts: string[]) => Promise<number[][]>} encode
 * @returns {Promise<Float32Array>} [texts × dimensions]
 */
export async function cachedVectors(root, { fingerprint, dimensions }, texts, encode) {
  mkdirSync(`${root}.cache/bench-instant`, { recursive: true });
  const path = `${root}.cache/bench-instant/${hash(fingerprint)}.txt`;
  const known = new Map();
  if (existsSync(path)) {
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const [key, data] = line.split(' ');
      known.set(key, new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer));
    }
  }
  const missing = [...new Set(texts)].filter((text) => !known.has(hash(text))).sort((a, b) => a.length - b.length);
  for (let start = 0; start < missing.length; start += BLOCK) {
    const block = missing.slice(start, start + BLOCK);
    (await encode(block)).forEach((vector, i) => {
      const values = Float32Array.from(vector);
      known.set(hash(block[i]), values);
      appendFileSync(path, `${hash(block[i])} ${Buffer.from(values.buffer).toString('base64')}\n`);
    });
    console.log(`${fingerprint.split('/')[0]}: ${Math.min(start + BLOCK, missing.length)} of ${missing.length} texts`);
  }
  const out = new Float32Array(texts.length * dimensions);
  for (const [i, text] of texts.entries()) out.set(known.get(hash(text)), i * dimensions);
  return out;
}
