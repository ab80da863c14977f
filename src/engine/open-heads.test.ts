import { expect, test } from 'vitest';
import { basisId } from './open-heads.ts';

const basis = (...values: number[]) => basisId({ method: 'lda', dimensions: 2, projection: Float32Array.of(...values) });

test('a basis is told from another one, and known again when it comes from the store', () => {
  expect(basis(1, 0, 0, 1)).toBe(basis(1, 0, 0, 1));
  const turned = [basis(1, 0, 0, 1), basis(0, 1, 1, 0), basis(-1, 0, 0, 1), basis(1, 0, 0, 0.9999999)];
  expect(new Set(turned).size).toBe(turned.length);
  const plain = { dimensions: 2, projection: undefined };
  expect(basisId({ ...plain, method: 'centre' })).not.toBe(basisId({ ...plain, method: 'shift' }));
});
