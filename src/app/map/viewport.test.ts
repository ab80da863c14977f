import { expect, test } from 'vitest';
import { moved, nearestPoint, toScreen, WHOLE, zoomed } from './viewport.ts';

const [WIDTH, HEIGHT] = [400, 300];

test('the whole map fits, its middle in the middle, up is up', () => {
  expect(toScreen(WHOLE, WIDTH, HEIGHT, 0, 0)).toEqual({ left: 200, top: 150 });
  const corner = toScreen(WHOLE, WIDTH, HEIGHT, 1, 1);
  expect(corner.left).toBeCloseTo(341, 5);
  expect(corner.top).toBeCloseTo(9, 5);
});

test('zooming keeps what is under the pointer', () => {
  const place = toScreen(WHOLE, WIDTH, HEIGHT, 0.3, -0.2);
  const view = zoomed(WHOLE, 2.5, WIDTH, HEIGHT, place.left, place.top);
  const after = toScreen(view, WIDTH, HEIGHT, 0.3, -0.2);
  expect(after.left).toBeCloseTo(place.left, 6);
  expect(after.top).toBeCloseTo(place.top, 6);
});

test('zoom has its limits, and the map cannot be lost', () => {
  expect(zoomed(WHOLE, 0.1, WIDTH, HEIGHT)).toEqual(WHOLE);
  expect(zoomed(WHOLE, 1e6, WIDTH, HEIGHT).zoom).toBe(64);
  const far = moved(zoomed(WHOLE, 4, WIDTH, HEIGHT), -1e6, 1e6, WIDTH, HEIGHT);
  expect(far).toEqual({ x: 0.75, y: 0.75, zoom: 4 });
});

test('a drag moves the picture with the pointer', () => {
  const view = zoomed(WHOLE, 4, WIDTH, HEIGHT);
  const before = toScreen(view, WIDTH, HEIGHT, 0.1, 0.1);
  const after = toScreen(moved(view, 30, -20, WIDTH, HEIGHT), WIDTH, HEIGHT, 0.1, 0.1);
  expect(after.left - before.left).toBeCloseTo(30, 6);
  expect(after.top - before.top).toBeCloseTo(-20, 6);
});

test('the nearest point within reach', () => {
  const points = { x: new Float32Array([0, 0.5]), y: new Float32Array([0, 0.5]) };
  expect(nearestPoint(WHOLE, WIDTH, HEIGHT, points, 203, 148)).toBe(0);
  expect(nearestPoint(WHOLE, WIDTH, HEIGHT, points, 270, 82)).toBe(1);
  expect(nearestPoint(WHOLE, WIDTH, HEIGHT, points, 20, 20)).toBe(-1);
});
