// TensorBoard event files: TFRecord frames around Event messages in protocol buffers. The format is too small for a library.
// Sources: tensorflow/core/lib/io/record_writer.cc (frames, masked CRC32C), core/util/event.proto, core/framework/summary.proto.

/** One value of a curve. */
export interface ScalarPoint {
  tag: string;
  step: number;
  value: number;
  /** Seconds since the epoch. */
  wallSeconds: number;
}

/** The bytes of an event file: its version record and one record a point. */
export function eventFile(points: readonly ScalarPoint[], startSeconds: number): Uint8Array {
  const version = join([double(1, startSeconds), text(3, 'brain.Event:2')]);
  return join([record(version), ...points.map((point) => record(scalarEvent(point)))]);
}

/** `events.out.tfevents.SECONDS.kindred`: TensorBoard takes any name with "tfevents" in it. */
export function eventFileName(startSeconds: number): string {
  return `events.out.tfevents.${String(Math.floor(startSeconds)).padStart(10, '0')}.kindred`;
}

/** Event { wall_time = 1: double, step = 2: int64, summary = 5: Summary { value = 1: { tag = 1: string, simple_value = 2: float } } }. */
export function scalarEvent({ tag, step, value, wallSeconds }: ScalarPoint): Uint8Array {
  const scalar = join([text(1, tag), float(2, value)]);
  return join([double(1, wallSeconds), integer(2, step), bytes(5, bytes(1, scalar))]);
}

/** Length (uint64), masked CRC of the length, data, masked CRC of the data; all little endian. */
export function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16 + data.length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(out.subarray(0, 8)), true);
  out.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return out;
}

/** CRC rotated right by 15 bits, plus a constant, so that a CRC over data with CRCs in it still works. */
export function maskedCrc(data: Uint8Array): number {
  const crc = crc32c(data);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** CRC-32C (Castagnoli), reflected polynomial 0x82F63B78 (RFC 3720, appendix B.4). */
export function crc32c(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

function key(field: number, wireType: number): Uint8Array {
  return varint((field << 3) | wireType);
}

/** Seven bits a byte, lowest first. @param value whole, from 0, up to 2⁵³ */
function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    out.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return Uint8Array.from(out);
}

const integer = (field: number, value: number): Uint8Array => join([key(field, VARINT), varint(value)]);
const bytes = (field: number, data: Uint8Array): Uint8Array => join([key(field, BYTES), varint(data.length), data]);
const text = (field: number, value: string): Uint8Array => bytes(field, new TextEncoder().encode(value));

function double(field: number, value: number): Uint8Array {
  const data = new Uint8Array(8);
  new DataView(data.buffer).setFloat64(0, value, true);
  return join([key(field, FIXED64), data]);
}

function float(field: number, value: number): Uint8Array {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setFloat32(0, value, true);
  return join([key(field, FIXED32), data]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
