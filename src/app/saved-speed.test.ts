// What is kept of the choice of speed, and that forbidden storage is no error.
import { afterEach, expect, test, vi } from 'vitest';
import { savedSpeed, saveSpeed } from './saved-speed.ts';

afterEach(() => vi.unstubAllGlobals());

test('kept, forgotten, and never believed unseen', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  expect(savedSpeed()).toBeNull();
  saveSpeed('quick');
  expect(savedSpeed()).toBe('quick');
  kept.set('kindred:speed', 'warp');
  expect(savedSpeed()).toBeNull();
  saveSpeed(null);
  expect(kept.size).toBe(0);
});

test('a forbidden localStorage is no error', () => {
  const refuse = (): never => {
    throw new Error('SecurityError');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  expect(savedSpeed()).toBeNull();
  expect(() => saveSpeed('quick')).not.toThrow();
  expect(() => saveSpeed(null)).not.toThrow();
});
