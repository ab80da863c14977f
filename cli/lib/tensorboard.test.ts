// Event files byte by byte: CRC-32C by its published check values, messages and frames by hand.
import { expect, test } from 'vitest';
import { crc32c, eventFile, eventFileName, maskedCrc, record, scalarEvent } from './tensorboard.ts';

const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

test('CRC-32C: check value of "123456789", and RFC 3720 B.4: 32 zeros, 32 ones, 0 to 31', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  // 0xe3069283 turned right by 15 bits is 0x2507c60d; plus 0xa282ead8.
  expect(maskedCrc(new TextEncoder().encode('123456789'))).toBe(0xc78ab0e5);
});

test('an event by hand: 09 double, 10 varint, 2a summary { 0a value { 0a tag, 15 float } }', () => {
  // 1.5 = 3ff8…; step 300 = ac 02; "loss"; 0.25 = 3e800000; lengths 4, 11, 13.
  const wanted = ['09', '000000000000f83f', '10', 'ac02', '2a', '0d', '0a', '0b', '0a', '04', '6c6f7373', '15', '0000803e'].join('');
  expect(hex(scalarEvent({ tag: 'loss', step: 300, value: 0.25, wallSeconds: 1.5 }))).toBe(wanted);
});

test('a frame: length, its CRC, data, its CRC; the file begins with its version', () => {
  const data = new TextEncoder().encode('123456789');
  const frame = record(data);
  expect(hex(frame.subarray(0, 8))).toBe('0900000000000000');
  expect(new DataView(frame.buffer).getUint32(8, true)).toBe(maskedCrc(frame.subarray(0, 8)));
  expect(hex(frame.subarray(12, 21))).toBe(hex(data));
  expect(hex(frame.subarray(21))).toBe('e5b08ac7');
  const file = eventFile([{ tag: 'loss', step: 1, value: 2, wallSeconds: 3 }], 1);
  expect(new TextDecoder().decode(file.subarray(12, 40))).toContain('brain.Event:2');
  expect(file.length).toBe(16 + 24 + 16 + (9 + 2 + 2 + 2 + 6 + 5));
  expect(eventFileName(12.9)).toBe('events.out.tfevents.0000000012.kindred');
});
